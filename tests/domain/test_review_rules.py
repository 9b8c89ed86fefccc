"""What the review goes by: likeness of wording, marks of what changed, fingerprints that fit."""

import pytest

from tasks_app.domain.reporting.content import EntryContent
from tasks_app.domain.review.rules.alike import alike_groups
from tasks_app.domain.review.rules.content import statements
from tasks_app.domain.review.rules.receipts import fits

pytestmark = pytest.mark.once

OLD = {"task": 1, "status": "behind", "progress": "已培训 12 期。", "forecast": "", "remarks": ""}
TEXT = "上半年完成医防融合培训 3 期，县域医共体公共卫生管理中心挂牌运行，下一步推进信息系统对接。"
OTHER = "已召开三医联动会商会议两次，修订绩效考核办法，药品集中采购按期报量。"


def said(entry, before=None):
    now, then = (EntryContent.from_json(each) if each else None for each in (entry, before))
    return {statement.label: statement.pieces for statement in statements(now, then)}


def test_entries_of_an_older_program_say_what_they_hold():
    assert said(OLD) == {"状态": (("same", "未达序时"),), "工作进展": (("same", "已培训 12 期。"),)}


def test_everything_a_unit_can_say_is_told():
    entry = {
        **OLD,
        "no_news": True,
        "no_news_reason": "等待省级文件",
        "status_note": "措施②不由本县承担",
        "measures": [
            {
                "measure": 5,
                "mark": "①",
                "text": "",
                "state": "done",
                "state_label": "已完成",
                "done_on": "2024-06-30",
            },
            {"measure": 6, "mark": "②", "text": "", "state": "", "state_label": "", "done_on": ""},
        ],
        "indicators": [
            {"indicator": 7, "name": "会商次数", "words": "0次", "as_of": "2024-06-30", "source": "台账"},
            {"indicator": 8, "name": "培训期数", "words": "", "as_of": "", "source": ""},
        ],
        "answers": [{"key": "k", "question": "为何下降？", "answer": "口径调整"}],
        "evidence_number": "明医改〔2024〕8号",
        "attachments": [{"attachment": 1, "name": "纪要.pdf"}],
    }
    assert {label: pieces[0][1] for label, pieces in said(entry).items()} == {
        "状态": "未达序时",
        "状态说明": "措施②不由本县承担",
        "本期无新进展": "等待省级文件",
        "工作进展": "已培训 12 期。",
        "措施①": "已完成（2024-06-30）",
        "会商次数": "0次（截至2024-06-30，来源：台账）",  # nothing is not zero: 培训期数 is not there
        "为何下降？": "口径调整",
        "佐证材料文号": "明医改〔2024〕8号",
        "佐证材料": "纪要.pdf",
    }


def test_what_changed_is_marked_and_a_number_is_one_piece():
    new = {**OLD, "progress": "已培训 15 期。", "remarks": "附名单"}
    marks = said(new, OLD)
    assert marks["工作进展"] == (("same", "已培训 "), ("gone", "12"), ("new", "15"), ("same", " 期。"))
    assert marks["备注"] == (("new", "附名单"),)
    assert marks["状态"] == (("same", "未达序时"),)


def test_a_text_written_anew_stands_whole_after_the_old_one():
    marks = said({**OLD, "progress": OTHER}, {**OLD, "progress": TEXT})
    assert marks["工作进展"] == (("gone", TEXT), ("new", OTHER))


def test_what_is_gone_is_shown_as_gone():
    assert said(None, OLD)["工作进展"] == (("gone", "已培训 12 期。"),)


def test_texts_alike_in_wording_stand_together_and_first():
    copied = TEXT.replace("3 期", "5 期").replace("挂牌", "挂牌并")
    assert alike_groups({1: OTHER, 2: TEXT, 3: "尚未启动。", 4: copied}) == [[2, 4], [1], [3]]


def test_whoever_is_like_one_of_a_group_belongs_to_it():
    first = "甲乙丙丁戊己庚辛壬癸子丑寅卯"
    middle = "丙丁戊己庚辛壬癸子丑寅卯辰巳午"
    last = "戊己庚辛壬癸子丑寅卯辰巳午未申"
    assert alike_groups({1: first, 2: last, 3: middle}) == [[1, 2, 3]]


def test_what_says_nothing_is_like_nothing():
    assert alike_groups({1: "", 2: "", 3: "无"}) == [[1], [2], [3]]
    assert alike_groups({}) == []


def test_a_fingerprint_fits_by_its_beginning_however_it_is_typed():
    stored = "ab12cd34ef56" + "0" * 52
    assert fits("AB12 CD34 EF56", stored)
    assert fits(stored, stored)
    assert not fits("ab12", stored)  # too little to say anything
    assert not fits("ab12cd35", stored)
    assert not fits("", stored)
