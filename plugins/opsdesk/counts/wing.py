"""Joins the parts of the counts: Datadog, the team's file, and the numbers typed by hand."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from opsdesk.chat import ConsoleChat
from opsdesk.clock import day_of
from opsdesk.counts import asked, words
from opsdesk.counts.file import CountsFile, follow
from opsdesk.counts.live import LiveCounts
from opsdesk.counts.source import CountSource
from opsdesk.datadog import Datadog, QueryPool, standing
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.settings import TeamFile

if TYPE_CHECKING:
    from opsdesk.counts.answers import CountAnswers


# Gives the lines that the watch adds to today's counts at a moment, of one counter if it is named.
Watch = Callable[[datetime, str], Sequence[str]]


class CountDesk(msgspec.Struct, frozen=True):
    """The counts: where they come from, and the answers about them."""

    file: TeamFile[CountsFile]
    queries: QueryPool
    source: CountSource
    live: LiveCounts
    pictures: Path
    watch: Watch

    @property
    def answers(self) -> "CountAnswers":
        """Return what answers `!stats`."""
        # Boards, dashboards and pictures come with it: imported when first asked for, the desk starts sooner.
        from opsdesk.counts.answers import CountAnswers

        return CountAnswers(self.source, self.queries, self.pictures, self.watch)

    def names(self, typed: str, at: datetime) -> bool:
        """Return whether `typed` is the name of counters or a board, and at most a day beside it."""
        file = self.file()
        try:
            return bool(asked.find_board(typed, file) or asked.find_asked(typed, file, day_of(at, self.source.zone)))
        except UserError:  # a counter, beside a day that there is none of: the answer says so
            return True

    def datadog(self, at: datetime) -> list[str]:
        """Return how Datadog stands, a line for each organisation that the counts are of or that has a key."""
        datadog, file = self.queries.datadog, self.file()
        if not datadog.named:
            return ["Datadog: not configured"]
        counters, boards = file.counters.values(), file.boards.values()
        asked = [*(one.organisation for one in counters), *(one.organisation for one in boards)]
        return [
            standing(one, datadog.missing(one), datadog.heard(one), at, self.source.zone)
            for one in sorted({*asked, *datadog.named})
        ]

    def so_far(self, at: datetime) -> list[str]:
        """Return the lines of today's counts up to `at`, how they compare, and what the watch says of them."""
        told = words.report(*self.source.compared(day_of(at, self.source.zone), at)).splitlines()
        return [*told, *self.watch(at, "")]


def build(
    ground: Ground,
    *,
    holiday: Callable[[date], str],
    changed: Sequence[Callable[[], None]],
    watch: Watch,
) -> CountDesk:
    """Return the counts, with examples at the console where there is no key: never where people work by them.

    `holiday` names the day off that a day is ("" for none); each of `changed` is called once numbers typed by hand
    are kept; `watch` gives the lines that the watch adds to today's counts.
    """
    settings = ground.settings
    file = follow(settings.data_dir / "counts.toml", ground.complain, ground.kept)
    queries = QueryPool(Datadog(settings.environment))
    source = CountSource(
        file,
        queries,
        ground.store,
        settings.zone,
        holiday=holiday,
        quiet=settings.file.quiet_day,
        samples=isinstance(ground.chat, ConsoleChat),
        changed=changed,
    )
    live = LiveCounts(file, queries, settings.zone)
    return CountDesk(file, queries, source, live, settings.state_dir / "charts", watch)
