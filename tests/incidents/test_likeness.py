"""What an opening tells of incidents that are like it."""

import pytest

from opsdesk.incidents import likeness
from opsdesk.incidents.past import PastIncidents
from tests.incidents.stage import Shift


def test_titles_are_alike_by_the_words_they_share_the_rare_ones_first(day: Shift) -> None:
    titles = ("RPC timeouts", "RPC timeouts at site 688", "Socket trouble at lunch", "Claims rejected")
    first, likest, *_ = (ones := [day.open(title) for title in titles])
    assert likeness.like(day.open("RPC timeouts at site 688 again"), ones) == [likest, first]
    assert likeness.like(day.open("Rejected logins"), ones) == []


def test_a_title_of_one_word_is_like_one_that_has_it(day: Shift) -> None:
    ones = [day.open("Claims rejected"), day.open("Reminders late")]
    assert likeness.like(day.open("Claims"), ones) == ones[:1]


def test_past_incidents_are_read_once_and_anew_when_they_are_changed(
    day: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = day.open("RPC timeouts"), day.open("RPC timeouts at two sites")
    day.do("resolve", first.number, "restarted")
    past, some, read = PastIncidents(day.log), day.log.some, list[list[int]]()
    monkeypatch.setattr(day.log, "some", lambda numbers, lost: some(read.append(list(numbers)) or read[-1], lost))
    assert [(one.number, one.last_word) for one in past.resolved(second.number)] == [(first.number, "restarted")]
    past.resolved(second.number)
    past.follow(day.do("resolve", second.number, "again"))
    third = day.open("RPC timeouts, once more")
    assert [one.number for one in past.resolved(third.number)] == [second.number, first.number]
    assert read == [[first.number], [second.number]]
