"""The stage itself: the cast is there, the clock stands, an undefined template variable is an error."""

from datetime import timedelta

import pytest
from django.template import engines
from django.template.base import Origin, Template
from django.template.context import Context
from django.urls import reverse

from tasks_app import clock
from tests import cast
from tests.dealing import HERE, MOVES
from tests.undefined_variables import OURS, UndefinedVariable


def render(source: str, **values: object) -> str:
    engine = engines["django"].engine
    template = Template(source, origin=Origin(str(OURS / "example.html")), engine=engine)
    return template.render(Context(values))


def test_an_undefined_variable_is_an_error():
    with pytest.raises(UndefinedVariable, match=r"nobody\.name"):
        render("{{ nobody.name }}")


@pytest.mark.parametrize(
    "source",
    [
        "{% if nobody %}wrong{% endif %}",
        "{{ nobody|default:'' }}",
        "{{ nobody|default:empty }}",
        "{% for one in nobody %}wrong{% endfor %}",
    ],
)
def test_asking_whether_a_variable_is_there_is_no_error(source):
    assert render(source, empty="") == ""


def test_the_clock_stands_where_it_was_put(set_clock, at):
    set_clock(at)
    assert clock.now() == at
    set_clock(at + timedelta(days=3))
    assert clock.now() == at + timedelta(days=3)


def test_the_cast_and_the_small_plan(people, plan, period, units):
    assert len(units) == 27
    assert plan.tasks.count() == 3
    assert sum(task.assignments.count() for task in plan.tasks.all()) == 9
    assert people.filler.unit.name == "将乐县"
    assert people.filler.check_password(cast.PASSWORD)


def test_log_in_opens_a_browser_of_that_person(people, login, at):
    client = login(people.office)
    assert client.get(reverse("health")).status_code == 200
    assert clock.now() == at
    assert client.session["_auth_user_id"] == str(people.office.pk)


def test_moves_that_are_tried_on_one_database_have_pages_that_are_tried_on_the_other():
    for folder in ("domain", "views"):
        assert {path.name for path in (HERE / folder).glob("test_*.py")} >= MOVES
