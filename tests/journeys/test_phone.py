"""What a phone of 390 pixels shows: a list's lines say what they are, the chart's names have their beginning."""

import pytest
from playwright.sync_api import Page

from tasks_app.models import Section
from tests.test_addresses import url_of, world

from .test_barriers import show

__all__ = ["world"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.once]
LINES = """(wanted) => [...document.querySelector(".stacked tbody").rows]
    .filter((row) => row.textContent.includes(wanted))
    .map((row) => [...row.cells].map((cell) =>
        getComputedStyle(cell, "::before").content.replace("none", "").replaceAll('"', "").replace(" ", "")
        + cell.innerText.trim().replaceAll("\\n", " ")))"""
NAMES = """() => {
    const axis = window.Chart.getChart("section-chart").scales.y;
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "12px sans-serif";
    return axis.ticks.map((tick) => [tick.label, pen.measureText(tick.label).width < axis.width]);
}"""
# {the list: (who opens it, words of one row, that row's lines)}
ROWS = {
    "people": (
        "admin",
        "jiangle-sq",
        [
            "吴志强",
            "账号：jiangle-sq",
            "单位：将乐县",
            "角色：本单位审签人",
            "联系电话：0598-8220000",
            "邮箱：jiangle-sq@example.invalid",
            "状态：✔ 在用",
        ],
    ),
    "audit": (
        "auditor",
        "已报送",
        [
            "2024-07-15 10:00:00",
            "操作人：吴志强",
            "操作：报送",
            "所涉单位：将乐县",
            "对象：填报：将乐县2024年上半年",
            "变化与说明：回执号 2024-1-350428-01 状态：待审签 → 已报送",
        ],
    ),
    "coordination": (
        "office",
        "将乐县",
        [
            "将乐县 2024年上半年",
            "请谁协调：市医改办",
            "事项与答复：1. 健全三医协同工作机制 请协调数据接口。",
            "希望答复：—",
            "状态：◇ 待答复",
            "历时：0 个工作日",
            "答复 将乐县第 1 件",
        ],
    ),
}


def on_a_phone(page: Page, client, url: str) -> Page:
    """Show a page in a window as wide as a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, client, client.get(url), url)
    return page


@pytest.mark.parametrize("name", ROWS)
def test_each_line_of_a_row_says_what_it_is(name, page, world, people, login):
    role, words, lines = ROWS[name]
    opened = on_a_phone(page, login(getattr(people, role)), url_of(name, world))
    assert opened.evaluate(LINES, words) == [lines]


def test_the_charts_names_are_cut_at_their_end(page, world, people, login):
    Section.objects.filter(position=1).update(title="一、坚持整体推进，加强医改组织领导")
    opened = on_a_phone(page, login(people.office), f"{url_of('home', world)}?period={world.period}")
    assert opened.evaluate(NAMES) == [["一、坚持整体推进，加…", True], ["二、深化医保改革", True]]
