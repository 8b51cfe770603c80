"""What the day's post says of the counts: numbers as soon as they are there, and never less than before."""

from concurrent.futures import Future
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from opsdesk.counts.counts import CounterLine, Counts, Entered, KnownCount
from opsdesk.datadog.answers import Reason, Unknown
from opsdesk.posts.post import PostLine, PostRecord
from opsdesk.summary.counts import SummaryCounts
from tests.posts.stage import DAY, EIGHT, MINUTE, SECOND

ZONE = ZoneInfo("America/New_York")
ALICES = KnownCount(1700, Entered(1700, "Alice", EIGHT - MINUTE))
NOT_YET = "Counts unavailable: Datadog has not answered yet. Trying until 8:30pm."


class Asked:
    """A Datadog that says `value`, at once, or where it is `silent`, when it is told to `answer`; one counts part."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("opsdesk.summary.counts.Workers", lambda most, name: self)
        self.value, self.silent, self.times = KnownCount(1765), False, 0
        self.waiting = []
        times = (EIGHT, EIGHT + 10 * MINUTE, EIGHT + 30 * MINUTE)
        self.part = SummaryCounts(self.counts, lambda day: times, ZONE, patience=0)
        self.record, self.looked, self.changes = PostRecord("summary"), EIGHT - 60 * MINUTE, 0

    def do(self, job):
        self.times += 1
        future = Future()
        self.waiting.append((future, job))
        if not self.silent:
            self.answer()
        return future

    def answer(self) -> None:
        while self.waiting:
            future, job = self.waiting.pop()
            future.set_result(job())

    def counts(self, day: date, until: datetime, at: datetime) -> Counts:
        lines = (CounterLine("Check-ins clicked", "clicked"),)
        start, values = EIGHT - 1200 * MINUTE, {"clicked": self.value}
        return Counts("Counts", day, start, until, at, ZONE, values, {"clicked": "Check-ins clicked"}, lines)

    def look(self, at: datetime) -> str:
        """The counts as the post has them after a look at `at`, where one is due."""
        if not self.record.lines or self.part.stale(DAY, self.record, at, self.looked):
            self.compose(at)
        return self.record.lines[0].text.splitlines()[-1]

    def compose(self, at: datetime) -> None:
        lines = tuple(self.part.lines(DAY, min(at, EIGHT), at, self.record))
        self.changes += lines != self.record.lines
        self.record, self.looked = replace_lines(self.record, lines), at


def replace_lines(record: PostRecord, lines: tuple[PostLine, ...]) -> PostRecord:
    return PostRecord(record.key, record.entries, lines)


@pytest.fixture
def asked(monkeypatch) -> Asked:
    return Asked(monkeypatch)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (ALICES, "Check-ins clicked: 1700 (entered by Alice 7:59pm)"),
        (
            Unknown(Reason.TIMEOUT),
            "Counts unavailable: Datadog did not answer (timeout). Trying until 8:30pm.",
        ),
    ],
)
def test_what_the_post_says_of_the_counts_does_not_give_way_to_silence(asked, value, told):
    asked.value, asked.silent = value, True
    assert asked.look(EIGHT) == NOT_YET
    asked.answer()
    for second in range(2, 1_700, 2):
        assert asked.look(EIGHT + second * SECOND) == told
        if second % 40 == 0:
            asked.answer()
    assert asked.changes == 2


def test_numbers_typed_by_hand_do_not_give_way_to_a_reason_why_there_are_none(asked):
    asked.value = ALICES
    asked.look(EIGHT)
    asked.value = Unknown(Reason.FAILED)
    assert asked.look(EIGHT + MINUTE) == "Check-ins clicked: 1700 (entered by Alice 7:59pm)"


def test_numbers_read_again_at_ten_past_eight_may_arrive_later(asked):
    asked.look(EIGHT)
    asked.value, asked.silent = KnownCount(1790), True
    assert asked.look(EIGHT + 10 * MINUTE) == "Check-ins clicked: 1765"
    asked.answer()
    assert asked.look(EIGHT + 10 * MINUTE + 4 * SECOND) == "Check-ins clicked: 1790"


def test_numbers_that_could_not_be_read_again_are_asked_for_until_half_past_eight(asked):
    asked.look(EIGHT)
    asked.value = Unknown(Reason.FAILED)
    assert asked.look(EIGHT + 10 * MINUTE) == "Check-ins clicked: 1765"
    asked.value = KnownCount(1790)
    assert asked.look(EIGHT + 11 * MINUTE) == "Check-ins clicked: 1790"
    times = asked.times
    asked.look(EIGHT + 20 * MINUTE)
    assert asked.times == times


def test_numbers_that_arrive_after_half_past_eight_to_a_question_of_then_are_told(asked):
    asked.value = Unknown(Reason.TIMEOUT)
    asked.look(EIGHT)
    asked.look(EIGHT + 30 * MINUTE)
    asked.value, asked.silent = ALICES, True
    asked.compose(EIGHT + 40 * MINUTE)
    asked.answer()
    assert asked.look(EIGHT + 41 * MINUTE) == "Check-ins clicked: 1700 (entered by Alice 7:59pm)"


def test_a_post_sent_by_hand_does_not_follow_the_numbers_until_it_is_due(asked):
    for minute in range(300):
        asked.look(EIGHT - 300 * MINUTE + minute * MINUTE)
    assert asked.times == 1
