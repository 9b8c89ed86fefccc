"""Every journey by keyboard alone; reviewing is in test_review.py."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tasks_app.clock import SHANGHAI
from tests.surroundings.stack import Seeded, Stack

from .desks import PREPARED, Room
from .keyboard import Keyboard
from .steps import wait_until_saved
from .test_import import awkward_table
from .test_offline import fill_in_offline

pytestmark = [pytest.mark.browser, pytest.mark.once]

Sit = Callable[[str], Keyboard]


@pytest.fixture(scope="module")
def room(browser: Browser, seeded: Seeded, running_program: Stack) -> Iterator[Room]:
    """The computers, after what the journeys need was prepared; all of them share one program's data."""
    seeded.renew(running_program)
    room = Room(browser, running_program.url, running_program.ask(PREPARED))
    yield room
    for keys in room.desks.values():
        keys.page.context.close()


@pytest.fixture
def sit(room: Room) -> Iterator[Sit]:
    """`sit("tyj")` is that person's keyboard, at the first page; a script's complaint fails the test."""
    yield room.sit
    assert room.errors == []


def said(keys: Keyboard, words: str | re.Pattern[str]) -> None:
    """Wait until the page says `words`."""
    expect(keys.page.locator("main")).to_contain_text(words)


def boxes(page: Page, name: str = "工作进展") -> list[str]:
    """Return what stands in all boxes of that name."""
    return [box.input_value() for box in page.locator(".task-card").get_by_label(name).all()]


def test_filling_in_and_submitting(sit: Sit):
    keys = sit("jrjg")
    keys.follow("开始填报")
    keys.walk_to(re.compile("^工作进展"))
    keys.type("只用键盘填写。")
    keys.walk_to("已完成")
    keys.press("ArrowRight")  # to the next state
    keys.follow("检查并报送")
    keys.follow("报送市医改办")
    expect(keys.page.locator(".receipt-number")).to_have_text(re.compile("-01$"))
    keys = sit("jrjg")
    keys.follow("查看")
    said(keys, "只用键盘填写。")
    expect(keys.page.locator(".task-card .lamp").first).to_contain_text("达到序时")


def test_signing_off(sit: Sit):
    """The signer gives it back, the filler mends it and asks again, the signer submits."""
    signer = sit("tyj-sq")
    signer.follow("去审签")
    signer.walk_to("退回填报员的理由")
    signer.type("请补充人数")
    signer.follow("退回修改")
    said(signer, "已退回填报员修改")

    filler = sit("tyj")
    filler.follow("继续填报")
    said(filler, "请补充人数")
    filler.walk_to(re.compile("^工作进展"))
    filler.retype("已培训120人。")
    filler.follow("检查并提交审签")  # at once: the page saves before it leaves
    filler.follow("提交审签")
    said(filler, "已提交审签")

    signer = sit("tyj-sq")
    signer.follow("去审签")
    said(signer, "已培训120人。")
    signer.follow("审签并报送")
    expect(signer.page.locator(".receipt-number")).to_have_text(re.compile("-01$"))


def test_carrying_forward_and_nothing_new(sit: Sit):
    keys = sit("bb")
    keys.follow("开始填报")
    focus = keys.swap("沿用上期文字")
    assert focus.name.startswith("工作进展")  # the old words stand there, to be changed
    keys.press("Control+End")
    keys.type("本期新核定5名。")
    wait_until_saved(keys.page)
    assert boxes(keys.page)[0] == "上年核定编制30名。本期新核定5名。"
    said(keys, "沿用上期文字，已修改")

    keys.walk_to(re.compile("^工作进展"))  # of the second task
    keys.walk_to("本期无新进展")
    keys.press("Space")
    keys.walk_to("原因")
    keys.type("等待省里细则")
    keys.walk_to("已完成")
    keys.press("ArrowRight")  # to the next state
    wait_until_saved(keys.page)
    keys.page.reload()
    second = keys.page.locator(".task-card").nth(1)
    expect(second.get_by_label("本期无新进展")).to_be_checked()
    expect(second.get_by_label("原因")).to_have_value("等待省里细则")


CHOICES = {3: ("用我的", "我写的。"), 14: ("用对方的", "对方写的。"), 19: ("合并", "我写的。\n对方写的。")}


def test_two_wrote_into_the_same_boxes(sit: Sit):
    mine, theirs = sit("rsj"), sit("rsj2")
    for keys in (mine, theirs):
        keys.follow("开始填报")
    for keys, words in ((theirs, "对方写的。"), (mine, "我写的。")):
        for task in CHOICES:
            keys.follow(re.compile(rf"：{task}\."), key="Shift+Tab")  # in the list of the tasks, above
            keys.walk_to(re.compile("^工作进展"))
            keys.type(words)
        expect(keys.page.locator("#page-state")).to_have_text(re.compile("全部内容已保存|等您选择"))
    expect(mine.page.locator(".two-texts")).to_have_count(3)
    mine.follow(re.compile(r"：3\."), key="Shift+Tab")
    for task, (choice, kept) in CHOICES.items():
        mine.walk_to(choice)
        mine.press("Enter")
        assert mine.focus().name.startswith("工作进展")
        expect(mine.page.locator(f"#task-{task}").get_by_label("工作进展")).to_have_value(kept)
    wait_until_saved(mine.page)


def test_more_time(sit: Sit):
    filler = sit("mzj")
    filler.follow("开始填报")
    filler.follow("申请延期")
    filler.walk_to("申请理由")
    filler.type("系统改造，数据要到月底")
    filler.walk_to("目前工作进度")
    filler.type("已完成大半")
    filler.walk_to(re.compile("申请延至"))
    filler.type_day(date(2024, 8, 1))
    filler.follow("提交申请")
    said(filler, "等待市医改办批复")

    office = sit("yigaiban")
    office.follow_menu("审阅", "延期申请")
    office.walk_to("批复意见")
    office.type("同意")
    office.follow("准予延期")
    said(office, "至 2024-08-01")


def test_a_matter_to_be_coordinated(sit: Sit):
    filler = sit("mzj")
    filler.follow("开始填报")
    assert filler.swap("提出需协调事项").name == "需要协调什么"
    filler.type("请协调数据接口")
    filler.swap("提出")
    said(filler, "请协调数据接口")

    office = sit("yigaiban")
    office.follow_menu("督办", "协调事项")
    office.follow(re.compile("^答复市民政局"))
    office.walk_to("答复")
    office.type("已请市大数据中心开通")
    office.follow("答复", key="Tab")
    said(office, "已答复")

    filler = sit("mzj")
    filler.follow_menu("往来")
    filler.follow(re.compile("^查看市民政局"))
    filler.follow("办结")
    said(filler, "已办结")


def test_a_good_practice(sit: Sit):
    filler = sit("scjgj")
    filler.follow("继续填报")
    filler.follow("推荐为经验做法")
    filler.walk_to("标题")
    filler.type("部门会商")
    filler.follow("推荐给市医改办")
    said(filler, "部门会商")

    office = sit("yigaiban")
    office.follow_menu("汇报", "经验做法")
    office.follow(re.compile("^处理部门会商"))
    office.walk_to("标题")
    office.press("End")
    office.type("机制")
    office.follow("保存并推广到各单位")
    filler = sit("scjgj")
    filler.follow_menu("任务与做法", "经验做法")
    filler.follow("部门会商机制")
    said(filler, "已印发实施细则。")


def test_evidence(sit: Sit):
    keys = sit("fgw")
    keys.follow("开始填报")
    keys.walk_to("佐证材料（可不附）")
    keys.press("Enter")
    keys.walk_to(re.compile("^选择文件"))
    paper = {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 %%EOF"}
    keys.page.locator("input[type=file]:focus").set_input_files(paper)
    assert keys.swap("上传").name == "佐证材料（1个文件）"
    said(keys, "纪要.pdf")
    assert keys.swap("移除纪要.pdf").name == "佐证材料（可不附）"
    expect(keys.page.locator(".file-list")).to_have_count(0)


def test_the_form_filled_in_without_network(sit: Sit):
    keys = sit("hszh")
    keys.follow("开始填报")
    keys.walk_to("下载离线表")
    with keys.page.expect_download() as started:
        keys.press("Enter")
    file = fill_in_offline(started.value.path(), G5="离线写的。", K5="离线写的预计。")
    keys.walk_to(re.compile("^工作进展"))
    keys.type("网上写的。")
    wait_until_saved(keys.page)
    keys.follow("上传离线表", key="Shift+Tab")
    keys.walk_to("填好的离线表")
    keys.page.locator("input[type=file]:focus").set_input_files(file)
    keys.follow("上传并核对")
    keys.follow("需要您选择1处")
    keys.walk_to("用文件的")
    keys.press("Space", "ArrowDown", "ArrowDown")
    assert keys.focus().name == "合并两边"
    keys.press("Tab")
    keys.retype("两边合起来的话。")
    keys.follow("确认写入")
    said(keys, "写入 2 处")
    assert boxes(keys.page) == ["两边合起来的话。"]
    assert boxes(keys.page, "预计至期末") == ["离线写的预计。"]


def test_naming_a_stand_in(sit: Sit):
    keys = sit("jiangle-sq")
    keys.follow("本单位")
    keys.follow_menu("替岗")
    keys.walk_to("替哪个岗位")
    keys.choose("审签人")
    keys.walk_to("替岗人")
    keys.choose("林晓燕")
    keys.walk_to("自")
    keys.type_day(date(2024, 7, 16))
    keys.walk_to(re.compile("^至"))
    keys.type_day(date(2024, 7, 18))
    keys.follow("指定")
    said(keys, "2024-07-16 至 2024-07-18")
    keys.follow("取消林晓燕的替岗")
    expect(keys.page.locator("main").get_by_text("没有替岗。")).to_be_visible()


def test_entering_for_a_unit_that_is_cut_off(sit: Sit):
    first = sit("yigaiban")
    first.follow_menu("审阅", "代填")
    first.walk_to("代哪个单位填报")
    first.choose("市委组织部")
    first.walk_to("代填原因")
    first.type("该单位网络中断，电话口述")
    first.follow("开始代填")
    first.walk_to(re.compile("^工作进展"))
    first.type("已举办培训班2期。")
    first.walk_to("已完成")
    first.press("Space")
    first.follow("检查并提交复核")
    first.follow("提交复核")

    second = sit("yigaiban2")
    second.follow_menu("审阅", "代填")
    second.follow(re.compile("^市委组织部"))
    second.follow("复核并报送")
    expect(second.page.locator(".receipt-number")).to_be_visible()
    said(second, "电话口述")


def test_importing_a_table(sit: Sit, tmp_path: Path):
    """Name a column, name a unit, mend a row, confirm, and take it back."""
    keys = sit("admin")
    keys.follow("分解表")
    keys.follow("导入")
    keys.walk_to(re.compile("文件"))
    keys.page.locator("input[type=file]:focus").set_input_files(str(awkward_table(tmp_path)))
    keys.follow("上传并预览")
    said(keys, "不认识列名“落实科室”")
    keys.walk_to(re.compile("“落实科室”不认识"))
    keys.choose("备注")
    keys.follow("按此重新读取")
    keys.walk_to(re.compile("^“市大数据中心”是"))
    keys.choose("新建单位")
    keys.follow("保存")
    keys.follow("修改这一行（第5行）")
    keys.walk_to("主要目标要求")
    keys.retype("完善预算管理和集中采购")
    keys.follow("保存")
    said(keys, "已修改")
    keys.follow("确认导入")
    said(keys, "已导入")
    keys.follow("查看或撤销")
    keys.follow("撤销这次导入")
    said(keys, "已撤销")


def test_opening_again_what_was_accepted(sit: Sit):
    keys = sit("yigaiban")
    keys.follow_menu("审阅")
    keys.follow("查看市文旅局2024年上半年")
    keys.press("e")
    assert keys.focus().name == "重新打开的理由（单位可见）"
    keys.type("请更正人数")
    keys.follow("重新打开")
    said(keys, "请更正人数")
    filler = sit("wlj")
    filler.follow("继续填报")
    said(filler, "请更正人数")


def test_looking_back(sit: Sit):
    keys = sit("yigaiban")
    keys.follow_menu("进展")
    keys.walk_to("截至")
    keys.type_moment(datetime(2024, 7, 15, 8, 30, tzinfo=SHANGHAI))
    keys.follow("查看")
    said(keys, "以下为截至 2024年7月15日 08:30 的情况，不是现在的。")
    said(keys, "那时本期尚未开放")
    keys.follow("回到现在")
    said(keys, "三元区")
