"""Joins the parts of the watch: the counters looked at, its pauses, its messages."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import msgspec

from opsdesk.chat import Command
from opsdesk.counts import CountDesk
from opsdesk.ground import Ground
from opsdesk.oncall import Calendar
from opsdesk.posts import PostScheduler
from opsdesk.watch import answers, notices
from opsdesk.watch.counters import CounterWatch
from opsdesk.watch.hours import WatchHours
from opsdesk.watch.pauses import Pauses
from opsdesk.watch.tellings import Raise, Tellings


class WatchDesk(msgspec.Struct, frozen=True):
    """The watch: what it sees, what it told, and what people ask of it."""

    counters: CounterWatch
    pauses: Pauses
    tellings: Tellings

    def tick(self, at: datetime) -> None:
        """Begin a look if it is time, and hand what was told to the alerts."""
        self.counters.tick(at)
        self.tellings.tick(at)

    def lines(self, at: datetime, counter: str = "") -> list[str]:
        """Return what is to be said wherever today's counts are told, of one of them if it is named."""
        return answers.lines(self.counters, self.pauses, at, counter)

    def summary_line(self, day: date) -> str:
        """Return what fell on a day and came back or did not; "" where all was as usual."""
        return self.counters.words(day).today(self.counters.day(day))

    def shown(self, command: Command) -> str:
        """Return the answer to `!watch`."""
        return answers.shown(self.counters, self.pauses, command.at)

    def paused(self, command: Command) -> str:
        """Return the answer to `!watch off until 3pm a load test`, with the pause stored."""
        return answers.paused(self.pauses.begin(command.text, command.by, command.at), self.counters.zone)

    def resumed(self, command: Command) -> str:
        """Return the answer to `!watch on`, with the pause ended."""
        return answers.resumed(self.pauses.end(command.at), command.at, self.counters.zone)


def build(
    ground: Ground, counts: CountDesk, calendar: Callable[[], Calendar], posts: PostScheduler, raised: Raise
) -> WatchDesk:
    """Return the watch on the working days of `calendar`; `raised` takes what it told as alerts."""
    pauses = Pauses(ground.store, ground.zone)
    hours = WatchHours(calendar, pauses, ground.zone)
    counters = CounterWatch(ground, counts, hours, changed=posts.look_again)
    sources = (partial(notices.of_counters, counters),)
    return WatchDesk(counters, pauses, Tellings(ground, sources, pauses, posts, raised))
