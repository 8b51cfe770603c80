"""A day of the watch on a stage: simulated counters, looked at minute by minute, and what is said of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from opsdesk.watch import falls, naming, rule
from opsdesk.watch.falls import WatchDay
from opsdesk.watch.series import Values, WatchedSeries, together
from opsdesk.watch.sight import Sight, see
from opsdesk.watch.words import WatchWords
from tests.oncall.stage import EASTERN
from tests.watch.simulated import Day, at, clock

MONDAY = date(2026, 11, 23)
KEYS = ("check-ins-clicked", "check-ins-completed", "pre-check-ins-clicked", "pre-check-ins-completed")
LABELS = ("Check-ins clicked", "Check-ins completed", "Pre-check-ins clicked", "Pre-check-ins completed")
WATCHED = (
    *(WatchedSeries(key, label, (key,)) for key, label in zip(KEYS, LABELS, strict=True)),
    WatchedSeries("check-ins", "Check-ins", KEYS[:2]),
    WatchedSeries("pre-check-ins", "Pre-check-ins", KEYS[2:]),
    WatchedSeries("all", "All four counters", KEYS),
)
WORDS = WatchWords(MONDAY, EASTERN, WATCHED)


class Evening:
    """The minutes of a simulated day, of which the latest three have not come."""

    def __init__(self, past: Sequence[Day], today: Day) -> None:
        minutes = [_by_key(day) for day in past]
        self.usual = {one.key: rule.usual_of([together(day, one.members) for day in minutes]) for one in WATCHED}
        self.today = _by_key(today)
        self.day = WatchDay()
        self.said: list[str] = []

    def sight(self, now: int, today: Mapping[str, Values] | None = None, unanswered: Sequence[str] = ()) -> Sight:
        whole = today or self.today
        come = {key: [*values[: now - rule.SETTLE], *[None] * rule.SETTLE] for key, values in whole.items()}
        return see(WATCHED, self.usual, come, now, unanswered)

    def look(
        self,
        now: int,
        *,
        telling: bool = True,
        share: float = 1,
        today: Mapping[str, Values] | None = None,
        unanswered: Sequence[str] = (),
    ) -> None:
        """A minute: what is found, and said; with `today`, that is what has come, but for what was `unanswered`."""
        sight = self.sight(now, today, unanswered)
        before, self.day = self.day, falls.step(self.day, sight)
        if telling:
            self.day = naming.with_telling(falls.as_shift_begins(self.day, sight, under=50, share=share), sight)
        for one in self.day.tellings:
            text = WORDS.message(self.day, one)
            was = [WORDS.message(before, old) for old in before.tellings if old.number == one.number]
            if [text] != was:
                self.said.append(f"{clock(now)} {'' if was else 'new '}{text}")

    def run(self, minutes: Iterable[int]) -> list[str]:
        """What is said in these minutes; tellings are for the shift."""
        for now in minutes:
            self.look(now, telling=at("1:00pm") <= now < at("7:57pm"))
        return self.said


def _by_key(day: Day) -> dict[str, Values]:
    return {key: list(minutes) for key, minutes in zip(KEYS, day, strict=True)}
