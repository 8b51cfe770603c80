"""Nobody floods the desk, and nobody who types as fast as people do is ever slowed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.chat import MessageRef
from opsdesk.slack import rates
from opsdesk.slack.rates import EndedFlood, FloodDecision, RateLimiter

HANDLE, REFUSE, IGNORE = FloodDecision.HANDLE, FloodDecision.REFUSE, FloodDecision.IGNORE
BEGUN = datetime(2026, 11, 23, 18, tzinfo=UTC)
TWO_SECONDS = timedelta(seconds=2)


class Typing:
    """People who type, at moments of one clock."""

    def __init__(self):
        self.at, self.typed = BEGUN, 0
        self.limiter = RateLimiter(lambda: self.at)

    def type(self, by="U01ALICE", command="!incident list", room="C01"):
        self.typed += 1
        return self.limiter.decide(str(self.typed), by, command, MessageRef(room, str(self.typed)), self.at)

    def many(self, number, by="U01ALICE", every=0.0, room="C01"):
        """What is decided of so many commands, one every so many seconds."""
        decided = []
        for _ in range(number):
            decided.append(self.type(by, room=room))
            self.at += timedelta(seconds=every)
        return decided


@pytest.fixture
def typing():
    return Typing()


def test_twenty_commands_in_ten_seconds_and_sixty_in_a_minute_are_all_done(typing):
    assert set(typing.many(20)) == {HANDLE}
    typing.at += timedelta(seconds=10)
    assert set(typing.many(40, every=0.5)) == {HANDLE}
    typing.at = BEGUN + timedelta(minutes=1)
    assert set(typing.many(20)) == {HANDLE}


def test_beyond_that_one_is_refused_and_then_nothing_is_said(typing):
    assert typing.many(30)[-1] is HANDLE
    assert typing.many(470) == [REFUSE] + [IGNORE] * 469


def test_more_than_ninety_in_a_minute_are_too_many(typing):
    decided = typing.many(92, every=0.6)
    assert decided == [HANDLE] * 90 + [REFUSE, IGNORE]


def test_another_person_is_heard_meanwhile(typing):
    typing.many(500)
    assert typing.type("U02BOB") is HANDLE


def test_a_room_has_ten_times_as_many(typing):
    decided = [typing.many(1, by=f"U{number % 50}")[0] for number in range(400)]
    assert decided == [HANDLE] * 300 + [REFUSE] + [IGNORE] * 99
    assert typing.type(by="U1", room="C02") is HANDLE


def test_what_one_person_is_refused_does_not_fill_the_room(typing):
    typing.many(5_000)
    assert [typing.many(1, by=f"U{number}")[0] for number in range(180)] == [HANDLE] * 180


def test_it_is_over_a_pause_later_and_what_was_not_done_is_named_once(typing):
    typing.many(30)
    for number in range(12):
        typing.type(command=f"!incident open {number}\nwith more")
    assert typing.limiter.ended() == []
    typing.at += timedelta(seconds=9)
    assert typing.limiter.ended() == []
    typing.at += timedelta(seconds=1)
    named = tuple(f"!incident open {number} with more" for number in range(10))
    assert typing.limiter.ended() == [EndedFlood(MessageRef("C01", "31"), named, 12)]
    assert typing.limiter.ended() == []
    assert typing.type() is HANDLE


def test_a_flood_that_begins_again_is_refused_again(typing):
    typing.many(35)
    typing.at += timedelta(minutes=2)
    assert len(typing.limiter.ended()) == 1
    assert typing.many(32)[-2:] == [REFUSE, IGNORE]


def test_who_goes_on_is_not_heard_until_a_pause(typing):
    assert IGNORE in typing.many(200, every=0.3)
    assert typing.many(100, every=0.3) == [IGNORE] * 100


def test_what_was_typed_slowly_and_comes_at_once_is_done(typing):
    late = BEGUN + timedelta(minutes=5)
    decided = [
        typing.limiter.decide(str(number), "U01", "!incident list", MessageRef("C01"), BEGUN + number * TWO_SECONDS)
        for number in range(150)
    ]
    typing.at = late
    assert set(decided) == {HANDLE}


def test_what_is_delivered_twice_counts_once(typing):
    message = MessageRef("C01", "1")
    decided = [typing.limiter.decide(str(number // 2), "U01", "!help", message, BEGUN) for number in range(64)]
    assert decided == [HANDLE] * 60 + [REFUSE] + [IGNORE] * 3


def test_memory_is_bounded_whoever_types(typing, monkeypatch):
    monkeypatch.setattr(rates, "MOST_KEPT", 50)
    monkeypatch.setattr(rates, "MOST_DECIDED", 50)
    for number in range(500):
        typing.type(f"U{number}", room=f"C{number}")
    assert len(typing.limiter._people) == len(typing.limiter._rooms) == len(typing.limiter._handled) == 50


@given(st.lists(st.floats(0.0, 20.0), min_size=1, max_size=200))
def test_whoever_keeps_the_rate_is_never_refused(pauses):
    typing, moments = Typing(), []
    for pause in pauses:
        typing.at += timedelta(seconds=pause)
        moments.append(typing.at)
        kept = all(sum(typing.at - one < rate.within for one in moments) <= rate.most for rate in rates.OF_A_PERSON)
        if not kept:
            return
        assert typing.type() is HANDLE
