"""Joins the parts of the watch: the counters looked at, its pauses, its messages."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import msgspec

from opsdesk.chat import Command
from opsdesk.counts import CountDesk
from opsdesk.errors import do_each
from opsdesk.ground import Ground
from opsdesk.oncall import Calendar
from opsdesk.posts import PostScheduler
from opsdesk.traces import TraceDesk
from opsdesk.watch import alarm_words, answers, messages
from opsdesk.watch.counters import CounterWatch
from opsdesk.watch.hours import WatchHours
from opsdesk.watch.panels import PanelWatch
from opsdesk.watch.pauses import Pauses
from opsdesk.watch.spent import SpentNotices
from opsdesk.watch.tellings import Raise, Tellings
from opsdesk.watch.traces import TraceWatch


class WatchDesk(msgspec.Struct, frozen=True):
    """The watch: what it sees, what it told, and what people ask of it."""

    counters: CounterWatch
    panels: PanelWatch
    traces: TraceWatch
    pauses: Pauses
    tellings: Tellings
    spent: SpentNotices

    def tick(self, at: datetime) -> None:
        """Begin the looks that it is time for, and hand what was told to the alerts."""
        parts = (self.counters, self.panels, self.traces, self.spent, self.tellings)
        do_each(*(partial(part.tick, at) for part in parts))

    def lines(self, at: datetime, counter: str = "") -> list[str]:
        """Return what is to be said wherever today's counts are told, of one of them if it is named."""
        return answers.lines(self.counters, self.pauses, at, counter)

    def summary_line(self, day: date) -> str:
        """Return what fell or crossed on a day, and whether it is over; "" where all was as usual."""
        fallen = self.counters.words(day).of_the_day(self.counters.day(day))
        crossed = [alarm for alarms in (self.panels.alarms, self.traces.alarms) for alarm in alarms.day(day).alarms]
        return "; ".join(filter(None, (fallen, alarm_words.day(crossed, self.counters.zone))))

    def shown(self, command: Command) -> str:
        """Return the answer to `!watch`. Raise a UserError for words behind it, which may be meant to turn it off."""
        answers.refuse_words(command.text)
        told = answers.shown(self.counters, self.pauses, command.at)
        return "\n".join(filter(None, (told, *self.panels.lines(command.at), self.traces.line(command.at))))

    def paused(self, command: Command) -> str:
        """Return the answer to `!watch off until 3pm a load test`, with the pause stored."""
        return answers.paused(self.pauses.begin(command.text, command.by, command.at), self.counters.zone)

    def resumed(self, command: Command) -> str:
        """Return the answer to `!watch on`, with the pause ended."""
        return answers.resumed(self.pauses.end(command.at), command.at, self.counters.zone)


def build(
    ground: Ground,
    counts: CountDesk,
    traces: TraceDesk,
    calendar: Callable[[], Calendar],
    posts: PostScheduler,
    raised: Raise,
) -> WatchDesk:
    """Return the watch on the working days of `calendar`; `raised` takes what it told as alerts."""
    pauses = Pauses(ground.store, ground.zone)
    hours = WatchHours(calendar, pauses, ground.zone)
    counters = CounterWatch(ground, counts, hours, changed=posts.look_again)
    errors = TraceWatch(ground, traces, hours, changed=posts.look_again)
    boards = PanelWatch(ground, counts, hours, changed=posts.look_again)
    sources = partial(messages.of_counters, counters), boards.alarms.messages, errors.alarms.messages
    tellings = Tellings(ground, sources, pauses, posts, raised)
    spent = SpentNotices(counts.queries.datadog.budget, ground.trouble)
    return WatchDesk(counters, boards, errors, pauses, tellings, spent)
