"""What waits beside the reports: the right figures for the right people, in a fixed number of statements."""

from datetime import timedelta

from tasks_app.choices import Role
from tasks_app.domain import desk
from tasks_app.domain.calendar.queries import working_calendar
from tasks_app.domain.extensions.actions import ask_extension
from tasks_app.domain.matters.actions import answer, ask
from tasks_app.domain.practices.actions import put_forward
from tasks_app.domain.stand_ins.actions import name_stand_in


def figures(user, at):
    return {
        waiting.label: (waiting.number, waiting.late, waiting.days)
        for waiting in desk.waiting_for(user, at, working_calendar())
    }


def test_an_empty_desk_shows_nothing(signed_report, people, at):
    for part in ("filler", "office", "leader", "admin", "auditor"):
        assert desk.waiting_for(getattr(people, part), at, working_calendar()) == []


def test_each_sees_what_waits_for_them(signed_report, people, units, at, django_assert_num_queries):
    entry = signed_report.entries.first().pk
    asking = {"due_on": at.date() + timedelta(days=1), "by": people.filler, "at": at}
    ask(signed_report.pk, entry, text="接口", addressee=None, **asking)
    item = ask(signed_report.pk, entry, text="账号", addressee=units["市卫健委"], **asking)
    ask_extension(
        signed_report.pk,
        reason="核数",
        situation="过半",
        wanted_on=at.date().replace(day=30),
        by=people.filler,
        at=at,
    )
    put_forward(signed_report.pk, entry, title="专班", text="会商", by=people.filler, at=at)
    name_stand_in(
        signed_report.unit, people.office, Role.FILLER, since=at.date(), until=at.date() + timedelta(days=30),
        by=people.admin, at=at,
    )  # fmt: skip
    later = at + timedelta(days=2)
    with django_assert_num_queries(2):
        assert figures(people.office, later) == {
            "延期申请待批复": (1, 0, 2),
            "协调事项待答复": (2, 2, 2),
            "经验做法待处理": (1, 0, 2),
            "正在替岗": (1, 0, 2),
        }
    assert figures(people.office, at + timedelta(days=10))["延期申请待批复"] == (1, 1, 8)
    assert figures(people.bureau_filler, later) == {"协调事项请本单位答复": (1, 1, 2)}
    assert figures(people.signer, later) == {"本单位提出的事项待答复": (2, 2, 2)}
    answer(item.pk, text="可以", by=people.bureau_filler, at=later)
    assert figures(people.filler, later) == {
        "本单位提出的事项已有答复": (1, 0, None),
        "本单位提出的事项待答复": (1, 1, 2),
    }
    assert figures(people.bureau_filler, later) == {}
    assert figures(people.leader, later) == {}
