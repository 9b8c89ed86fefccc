"""The steps of a 约谈 as people make them, each with good words that a test may change."""

from datetime import date, datetime, timedelta
from typing import Any

from tasks_app.domain.interviews import actions
from tasks_app.domain.interviews.rules import Demand
from tasks_app.models import Interview, Matter
from tests.cast import People, Plan

PEOPLE = {"interviewee": "将乐县副县长 张明", "interviewer": "市医改办主任 李华"}
ABOUT = {"title": "基金预算未编制", "grounds": "6 月底前应完成，至今未启动。"}
DEMANDS = [Demand("成立专班", date(2024, 7, 31)), Demand("编制预算", date(2024, 8, 15))]


class Desk:
    """A proposal about 将乐县 and what is done with it: `desk.notify()`, `desk.answer(item)` …"""

    def __init__(self, people: People, plan: Plan, at: datetime) -> None:
        self.people, self.at = people, at
        self.proposed = actions.propose(people.filler.unit, plan=plan, **ABOUT, by=people.office, at=at)

    def edit(self, **changed: Any) -> Interview:
        return actions.edit_proposal(self.proposed.pk, **self._office(ABOUT | {"title": "改过"}, changed))

    def notify(self, **changed: Any) -> Interview:
        given = PEOPLE | {"planned_at": self.at + timedelta(days=2), "place": "市政府 3 号会议室"}
        return actions.notify(self.proposed.pk, **self._office(given, changed))

    def record(self, **changed: Any) -> Interview:
        given = PEOPLE | {"held_on": self.at.date(), "record": "指出问题，作了表态。"}
        return actions.record_interview(self.proposed.pk, **self._office(given, changed))

    def demand(self, **changed: Any) -> list[Matter]:
        return actions.demand_corrections(self.proposed.pk, **self._office({"demands": DEMANDS}, changed))

    def answer(self, item: Matter, **changed: Any) -> Matter:
        given = {"text": "专班已成立。", "by": self.people.filler}
        return actions.answer_correction(item.pk, **self._office(given, changed))

    def verify(self, item: Matter, **changed: Any) -> Matter:
        return actions.verify_correction(item.pk, **self._office({}, changed))

    def refuse(self, item: Matter, **changed: Any) -> Matter:
        given = {"reason": "无印证材料", "due_on": date(2024, 8, 9)}
        return actions.refuse_correction(item.pk, **self._office(given, changed))

    def close(self, **changed: Any) -> Interview:
        return actions.close(self.proposed.pk, **self._office({"reason": "情况已说明"}, changed))

    def withdraw(self, **changed: Any) -> Interview:
        return actions.withdraw(self.proposed.pk, **self._office({"reason": "单位已整改"}, changed))

    def bring_to(self, state: str) -> None:
        """Lead the proposal to `state`, a key of test_interviews.TABLE."""
        if state == "proposed":
            return
        self.notify()
        if state == "withdrawn":
            self.withdraw()
        if state in ("notified", "withdrawn"):
            return
        self.record()
        if state == "closed":
            self.close()
        if state.startswith("correcting"):
            self.demand()
        for item in Matter.objects.corrections():
            if state != "correcting":
                self.answer(item)
            if state == "correcting, verified":
                self.verify(item)

    def _office(self, given: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
        return {"by": self.people.office, "at": self.at} | given | changed
