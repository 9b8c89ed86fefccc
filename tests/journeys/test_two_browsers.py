"""Two people, one report: same box, different boxes, one submits while the other types, who is where."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.surroundings.stack import Stack

from .steps import fill_task, log_in, wait_until_saved
from .test_barriers import barriers
from .windows import box, computer, cut_savings, open_form, state

pytestmark = [pytest.mark.browser, pytest.mark.once]

# 周新 is new at 市医保局, beside 徐海涛; here the first password counts as changed.
KNOW_EACH_OTHER = """
from tasks_app.models import User
User.objects.filter(username="xinren").update(must_change_password=False)
"""


@pytest.fixture
def first(browser: Browser) -> Iterator[BrowserContext]:
    with computer(browser) as context:
        yield context


@pytest.fixture
def second(browser: Browser) -> Iterator[BrowserContext]:
    with computer(browser) as context:
        yield context


@pytest.fixture
def two_fillers(app_server: Stack) -> tuple[str, str]:
    """Two people of one unit: 徐海涛 and 周新 of 市医保局."""
    app_server.manage("shell", "-c", KNOW_EACH_OTHER)
    return "ybj", "xinren"


def quarrel(winner: Page, loser: Page, number: int) -> None:
    """Both write into the same box; the second of them finds it taken."""
    box(winner.locator(f"#task-{number}")).fill("对方写：会商2次，形成纪要。")
    wait_until_saved(winner)
    box(loser.locator(f"#task-{number}")).fill("我写：会商4次，形成纪要。")
    expect(loser.locator(f"#task-{number} .two-texts")).to_be_visible()


def test_the_same_box(app_server: Stack, first: BrowserContext, second: BrowserContext, two_fillers):
    winner = open_form(first, app_server.url, two_fillers[0])
    loser = open_form(second, app_server.url, two_fillers[1])
    numbers = [int(card.get_attribute("id")[5:]) for card in loser.locator(".task-card").all()[:4]]
    mine, theirs, both, free = (loser.locator(f"#task-{number}") for number in numbers)

    quarrel(winner, loser, numbers[0])
    panel = mine.locator(".two-texts")
    expect(panel.locator("[data-side=theirs] h4")).to_have_text(
        re.compile(r"对方的内容：徐海涛 7月15日 \d\d:\d\d 保存")
    )
    expect(panel.locator("[data-side=mine] mark")).to_have_text(["我", "4"])
    expect(panel.locator("[data-side=theirs] mark")).to_have_text(["对方", "2"])
    expect(box(mine)).to_have_value("我写：会商4次，形成纪要。")
    assert barriers(loser) == []
    box(mine).press_sequentially("再想想")  # typing on decides nothing
    fill_task(free, "另一项", "达到序时")  # other boxes are not held up
    expect(state(free)).to_contain_text("已保存")
    loser.get_by_role("link", name=re.compile("^检查并")).click()  # leads to the question, not past it
    expect(mine.get_by_role("button", name="用我的")).to_be_focused()
    loser.keyboard.press("Enter")
    wait_until_saved(loser)

    quarrel(winner, loser, numbers[1])
    theirs.get_by_role("button", name="用对方的").click()
    wait_until_saved(loser)
    quarrel(winner, loser, numbers[2])
    both.get_by_role("button", name="合并").click()
    wait_until_saved(loser)
    winner.reload()
    kept = [box(winner.locator(f"#task-{number}")) for number in numbers[:3]]
    expect(kept[0]).to_have_value("我写：会商4次，形成纪要。再想想")
    expect(kept[1]).to_have_value("对方写：会商2次，形成纪要。")
    expect(kept[2]).to_have_value("我写：会商4次，形成纪要。\n对方写：会商2次，形成纪要。")


def test_different_boxes_never_collide_and_show_who_is_there(
    app_server: Stack, first: BrowserContext, second: BrowserContext, two_fillers
):
    one = open_form(first, app_server.url, two_fillers[0])
    other = open_form(second, app_server.url, two_fillers[1])
    cards = [card.get_attribute("id") for card in one.locator(".task-card").all()[4:7]]
    box(other.locator(f"#{cards[0]}")).press_sequentially("乙在这里写")
    box(one.locator(f"#{cards[1]}")).press_sequentially("甲在那里写")
    number = cards[0].removeprefix("task-")
    expect(one.locator(f"#{cards[0]} .presence")).to_have_text(f"周新正在填写第{number}项")
    expect(one.locator(".presence:not(:empty)")).to_have_count(1)
    for page in (one, other):
        wait_until_saved(page)
        expect(page.locator(".two-texts")).to_have_count(0)
    one.reload()
    expect(box(one.locator(f"#{cards[0]}"))).to_have_value("乙在这里写")
    expect(box(one.locator(f"#{cards[1]}"))).to_have_value("甲在那里写")


def test_a_draft_is_its_authors_alone(app_server: Stack, first: BrowserContext, two_fillers):
    page = open_form(first, app_server.url, two_fillers[0])
    form = page.url
    cut_savings(page)
    card = page.locator(".task-card").nth(8)
    box(card).fill("徐海涛没有存上的话")
    expect(state(card)).to_contain_text("已留在本机")
    page.close()
    for username, offered in ((two_fillers[1], 0), (two_fillers[0], 1)):
        first.clear_cookies()
        page = first.new_page()
        log_in(page, app_server.url, username)
        page.goto(form)
        expect(page.locator(".task-card").first).to_be_visible()
        expect(page.locator(".two-texts")).to_have_count(offered)
        page.close()


def test_a_page_never_saves_in_the_name_of_who_logged_in_after(
    app_server: Stack, first: BrowserContext, two_fillers
):
    page = open_form(first, app_server.url, two_fillers[0])
    first.clear_cookies()
    other = first.new_page()
    log_in(other, app_server.url, two_fillers[1])
    card = page.locator(".task-card").nth(9)
    box(card).fill("徐海涛写的")
    expect(state(card)).to_contain_text("本机已换人登录")
    other.goto(page.url)
    expect(box(other.locator(".task-card").nth(9))).to_have_value("")


def test_submitting_while_the_other_types(app_server: Stack, first: BrowserContext, second: BrowserContext):
    """A double click gives one receipt; the other's late words stay with the other and change nothing."""
    stale = open_form(first, app_server.url, "jyj")
    page = open_form(second, app_server.url, "jyj")
    cards = page.locator(".task-card")
    for index in range(cards.count()):
        fill_task(cards.nth(index), f"第{index + 1}项进展", "达到序时")
    page.get_by_role("link", name="检查并报送").click()
    page.get_by_role("button", name="报送市医改办").dblclick()
    receipt = page.locator(".receipt-number")
    expect(receipt).to_have_text(re.compile("-01$"))

    late = stale.locator(".task-card").first
    box(late).fill("迟到的修改")
    expect(state(late)).to_contain_text(re.compile("未保存——已留在本机。.*已报送"))
    stale.reload()
    expect(stale.locator(".task-card").first).to_contain_text("第1项进展")
    expect(stale.locator(".task-card").first).not_to_contain_text("迟到的修改")
    left = stale.locator(".left-drafts")
    expect(left).to_contain_text("迟到的修改")
    left.get_by_role("button", name="从本机清除").click()
    expect(left).to_have_count(0)
    stale.reload()
    expect(stale.locator(".task-card").first).to_be_visible()
    expect(stale.locator(".left-drafts")).to_have_count(0)
