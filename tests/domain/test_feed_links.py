"""The link of a unit's calendar: made by its own people, replaced, ended, never guessed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks_app.choices import AuditAction
from tasks_app.domain.feeds import actions
from tasks_app.domain.feeds.queries import feed_behind, feed_of
from tasks_app.domain.feeds.rules import link_token, read_token
from tasks_app.domain.moves import Refused
from tasks_app.models import AuditEvent, CalendarFeed


@pytest.fixture
def feed(people, at) -> CalendarFeed:
    return actions.make_feed(by=people.other_filler, at=at)


def test_the_link_opens_the_feed_until_it_is_replaced(feed, people, at):
    token = link_token(feed)
    assert feed_behind(token) == feed
    assert actions.make_feed(by=people.other_filler, at=at) == feed
    newer = actions.replace_link(feed.version, by=people.other_filler, at=at)
    assert feed_behind(token) is None
    assert feed_behind(link_token(newer)) == feed


def test_a_link_that_was_ended_never_opens_anything_again(feed, people, at):
    tokens = [link_token(feed)]
    for _ in range(3):
        actions.stop_feed(feed_of(feed.unit).version, by=people.other_filler, at=at)
        assert [feed_behind(token) for token in tokens] == [None] * len(tokens)
        tokens.append(link_token(actions.make_feed(by=people.other_filler, at=at)))
        tokens.append(
            link_token(actions.replace_link(feed_of(feed.unit).version, by=people.other_filler, at=at))
        )
    assert len(set(tokens)) == 7
    assert [token for token in tokens if feed_behind(token)] == tokens[-1:]


def test_a_unit_out_of_use_has_no_calendar(feed):
    feed.unit.is_active = False
    feed.unit.save()
    assert feed_behind(link_token(feed)) is None
    feed.unit.is_active = True
    feed.unit.save()
    assert feed_behind(link_token(feed)) == feed


def test_a_wrong_signature_is_refused_before_the_database_is_asked(feed, django_assert_num_queries):
    token = link_token(feed)
    value, _, signature = token.rpartition(".")
    unit, version = value.split(".")
    with django_assert_num_queries(0):
        for forged in (
            value,
            f"{value}.",
            f"{unit}.{int(version) + 1}.{signature}",
            f"{int(unit) + 1}.{version}.{signature}",
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            token.swapcase(),
        ):
            assert feed_behind(forged) is None


@pytest.mark.once
@given(st.text(max_size=60))
def test_what_was_never_signed_is_read_as_nothing(token):
    assert read_token(token) is None


def test_of_two_who_replace_the_link_the_second_is_told(feed, people, at):
    seen = feed.version
    actions.replace_link(seen, by=people.other_filler, at=at)
    for step in (actions.replace_link, actions.stop_feed):
        with pytest.raises(Refused, match="已由本单位其他人员更换"):
            step(seen, by=people.other_filler, at=at)
    actions.stop_feed(feed_of(feed.unit).version, by=people.other_filler, at=at)
    with pytest.raises(Refused, match="已经停用"):
        actions.replace_link(seen, by=people.other_filler, at=at)


def test_only_the_units_own_people_make_a_link(people, at):
    for person in (people.office, people.leader, people.admin, people.auditor):
        with pytest.raises(Refused):
            actions.make_feed(by=person, at=at)
    assert not CalendarFeed.objects.exists()


def test_every_step_is_in_the_trail_and_the_link_is_not(feed, people, at):
    newer = actions.replace_link(feed.version, by=people.other_filler, at=at + timedelta(minutes=1))
    actions.stop_feed(newer.version, by=people.other_filler, at=at + timedelta(minutes=2))
    trail = AuditEvent.objects.filter(action=AuditAction.FEED).order_by("pk")
    assert list(trail.values_list("note", "unit__name", "actor_name")) == [
        ("生成订阅链接（第1号）", "三元区", "郑小红"),
        ("更换订阅链接，原链接失效（第2号）", "三元区", "郑小红"),
        ("停用日历订阅，原链接失效（第2号）", "三元区", "郑小红"),
    ]
