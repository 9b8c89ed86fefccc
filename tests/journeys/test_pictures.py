"""The two pictures of the README; `make pictures` keeps them in docs/img, otherwise they are only taken."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.surroundings.stack import ROOT, Stack

from .steps import log_in

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.soak]

# A period half way: most units have filed, some lag, one county is in the middle of it.
HALF_WAY = """
from tasks_app import clock
from tasks_app.choices import Role
from tasks_app.domain.reporting import actions
from tasks_app.models import Report, User

STATUSES = ["on_track", "done", "on_track", "behind", "on_track", "not_started", "done"]
WORDS = "上半年完成医防融合培训 {} 期、{} 人次，县域医共体公共卫生管理中心挂牌运行；下一步推进信息系统对接。"
for number, report in enumerate(Report.objects.filter(period__kind="first_half").order_by("unit__position")):
    filler = User.objects.filter(unit=report.unit, role=Role.FILLER).first()
    part = 7 if report.unit.name == "三元区" else 99
    for entry in report.entries.order_by("task__number")[:part]:
        behind = (number * 5 + entry.task.number * 3) % 11
        status = STATUSES[behind] if behind < len(STATUSES) else "on_track"
        words = {"progress": WORDS.format(behind + 2, 40 + behind * 13), "forecast": "", "status": status,
                 "remarks": ""}
        if status in ("behind", "not_started"):
            words |= {"cause": "staff", "outlook": "hard"}
        actions.save_entry(report.pk, entry.pk, values=words, version=0, by=filler, at=clock.now())
    signer = User.objects.filter(unit=report.unit, role=Role.SIGNER).first()
    if report.unit.name in ("三元区", "清流县", "市体育局"):
        continue
    if signer:
        actions.request_signature(report.pk, by=filler, at=clock.now())
    actions.submit_report(report.pk, by=signer or filler, at=clock.now())
"""


def test_pictures(app_server: Stack, page: Page, tmp_path: Path):
    app_server.manage("shell", "-c", HALF_WAY)
    folder = ROOT / "docs" / "img" if os.environ.get("KEEP_PICTURES") else tmp_path
    folder.mkdir(exist_ok=True)
    log_in(page, app_server.url, "sanyuan")
    expect(page.locator("main")).to_contain_text("已填 7 项")
    page.get_by_role("link", name="继续填报").click()
    page.goto(f"{page.url}#task-4")
    page.screenshot(path=folder / "form.png")
    page.context.clear_cookies()
    log_in(page, app_server.url, "yigaiban")
    page.get_by_role("link", name="进展", exact=True).click()
    expect(page.locator("table")).to_contain_text("三元区")
    page.screenshot(path=folder / "matrix.png")
    assert all((folder / name).stat().st_size > 50_000 for name in ("form.png", "matrix.png"))
