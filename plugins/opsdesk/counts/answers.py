"""The answers to `!stats`: text, or a picture."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from opsdesk import files
from opsdesk.chat import Command, Reply
from opsdesk.clock import day_of
from opsdesk.counts import board_words, dashboards, discovered, words
from opsdesk.counts import chart as pictures
from opsdesk.counts import entries as entry_words
from opsdesk.counts.asked import BOARD, CounterQuery, find_asked, find_board, find_counter, flows
from opsdesk.counts.baselines import summed
from opsdesk.counts.boards import BoardReader
from opsdesk.counts.entries import TypedCounts, read_entries, read_sure, refuse_doubtful
from opsdesk.counts.file import CountsFile, usable
from opsdesk.counts.source import CountSource
from opsdesk.datadog import QueryPool, Unknown
from opsdesk.errors import UserError, near, quoted
from opsdesk.text import Misspelt, is_day, last_week, numbered, plain, read_day, read_days

MOST_DAYS = 31  # told or drawn together
DRAWN_DAYS = {"week": 7, "month": 30}  # up to today
PAST_DAYS = ("last week", "last month")
PICTURES = 20  # that are kept: the others were uploaded long ago


class Picture(msgspec.Struct, frozen=True):
    """Counts drawn: what is shown, up to which day, under which title; without a `png` the title says why not."""

    kind: str
    day: date
    title: str
    png: bytes = b""


class CountAnswers(msgspec.Struct, frozen=True):
    """Answers from `source` and `queries`. Pictures are written to the folder `pictures`, where the latest ones are
    kept.
    """

    source: CountSource
    queries: QueryPool
    pictures: Path
    watch: Callable[[datetime, str], Sequence[str]] = lambda at, counter: ()

    @property
    def boards(self) -> BoardReader:
        """Return what reads boards."""
        return BoardReader(self.queries)

    @property
    def zone(self) -> tzinfo:
        """Return the zone of all days and times."""
        return self.source.zone

    def show(self, command: Command) -> str:
        """Return the answer to `!stats ...`: the counts of a day, a week or one counter, or a board.

        Alone it is today's, and what else can be asked for.
        """
        file, asked = usable(self.source.file()), command.text.strip()
        today = day_of(command.at, self.zone)
        if not asked:
            return f"{self._so_far(command.at)}\n\n{board_words.listing(file)}"
        if asked.casefold() in ("week", "this week"):
            return words.week(*self.source.week(today, command.at))
        if asked.casefold() == "last week":
            return words.past_week(*self.source.week(last_week(today)[1], command.at))
        if (key := find_board(asked, file)) is not None:
            return board_words.board(self.boards.read(file, file.boards[key], command.at), self.zone)
        if (named := find_asked(asked, file, today)) is not None:
            return self._some(named, command.at)
        day = _past_day(asked, today, file)
        if day == today:
            return self._so_far(command.at)
        return words.report(*self.source.compared(day, command.at))

    def _so_far(self, at: datetime) -> str:
        """Return today's counts, and what the watch says of them."""
        return "\n".join([words.so_far(*self.source.so_far(at)), *self.watch(at, "")])

    def _some(self, asked: CounterQuery, at: datetime) -> str:
        """Return some of the counters on a day, and what the watch says of them today."""
        told = words.some(*self.source.compared(_begun(asked.day, day_of(at, self.zone)), at), asked.counters)
        watched = [line for one in asked.counters for line in self.watch(at, one)]
        is_today = asked.day == day_of(at, self.zone)
        return "\n".join([told, *(dict.fromkeys(watched) if is_today else ())])

    def chart(self, command: Command) -> Reply:
        """Return the answer to `!stats chart ...`: a picture, or text that says why there is none."""
        drawn = self.picture(command.text, command.at)
        path = self._kept(drawn, command.at) if drawn.png else None
        return Reply(drawn.title, file=path, title=drawn.title if path else "")

    def picture(self, text: str, at: datetime) -> Picture:
        """Return the picture of "today", "week", "last week", "month" or another day.

        Raises a UserError for anything else.
        """
        file, asked = usable(self.source.file()), text.strip().casefold() or "today"
        today = day_of(at, self.zone)
        if days := _drawn_together(asked, today):
            return self._drawn_days(days, asked.replace(" ", "-"), at)
        if find_counter(asked, file) is not None:
            raise UserError("One counter alone cannot be drawn: `!stats chart today`.")
        if not is_day(asked):
            raise UserError("Type `!stats chart`, `!stats chart week`, `!stats chart month`, or a day behind it.")
        return self._drawn_day(_past_day(asked, today, file), at)

    def several(self, days: Sequence[date], at: datetime) -> list[str]:
        """Return the lines of the counts of these days together, oldest first; MOST_DAYS at most."""
        if len(days) > MOST_DAYS:
            return [f"*Counts* are told of {MOST_DAYS} days at most: `!report 2026-11`"]
        return words.several(summed(self.source.each_day(days, at)))

    def drawn(self, days: Sequence[date], at: datetime) -> Path | None:
        """Return a picture of the counts of these days, oldest first; None where there is nothing to draw."""
        if len(days) > MOST_DAYS:
            return None
        whole = len(days) > 1
        drawn = self._drawn_days(days, f"{days[0]}-to", at) if whole else self._drawn_day(days[0], at)
        return self._kept(drawn, at) if drawn.png else None

    def record(self, command: Command) -> str:
        """Return the answer to `!stats record ...`, with the numbers stored or removed."""
        file, today = usable(self.source.file()), day_of(command.at, self.zone)
        text, sure = read_sure(command.text)
        day, numbers = read_entries(text, file, today)
        answered = self.source.answered(day, command.at) if any(one is not None for one in numbers.values()) else {}
        doubt = partial(refuse_doubtful, numbers=numbers, answered=answered, file=file, typed=text)
        self.source.record(day, numbers, command.by.name, command.at, refuse=None if sure else doubt)
        return entry_words.recorded(TypedCounts(day, numbers, answered), file, today)

    def check(self, command: Command) -> str:
        """Return the answer to `!stats check`: how each query fared."""
        file = usable(self.source.file())
        return board_words.checked(self.boards.check(file, command.at), command.at, self.zone)

    def discover(self, command: Command) -> str:
        """Return the answer to `!stats discover ...`: the queries of a dashboard, and the TOML to paste."""
        file = usable(self.source.file())
        typed, page = numbered(command.text)
        organisation, name = dashboards.named(typed)
        found = self._definitions(file, organisation, name, command.at)
        for key, definition in found.items():
            if not isinstance(definition, Unknown):
                dashboard = dashboards.read(definition)
                proposals = dashboards.propose(dashboard, file)
                address = f"https://{key}.{file.site}/dashboard/{name}"
                return discovered.discovered(dashboard, key, address, proposals, file, page, f"!stats discover {name}")
        missing = {key: one for key, one in found.items() if isinstance(one, Unknown)}
        return discovered.undiscovered(missing, command.at)

    def _definitions(
        self, file: CountsFile, organisation: str, name: str, at: datetime
    ) -> Mapping[str, Mapping[str, Any] | Unknown]:
        """Ask whoever may have the dashboard: an id does not say whose it is, and a host only if it is a known one."""
        datadog = self.queries.datadog
        wanted = _whose(organisation, datadog.configured, _organisations(file))
        ask = {key: partial(datadog.dashboard, key, file.site, name, at) for key in wanted}
        return self.queries.gather({key: self.queries.do(key, job) for key, job in ask.items()})

    def _drawn_day(self, day: date, at: datetime) -> Picture:
        counts, series, past = self.source.shape(day, at)
        if not counts.known:
            return Picture("day", day, words.undrawn(counts))
        return Picture("day", day, words.heading(counts), pictures.draw_day(counts, series, past))

    def _drawn_days(self, wanted: Sequence[date], name: str, at: datetime) -> Picture:
        days = self.source.each_day(wanted, at)
        if not any(one.known for one in days):
            return Picture(name, wanted[-1], words.undrawn(days[-1]))
        return Picture(name, wanted[-1], words.days_heading(days), pictures.draw_days(days, self.source.holiday))

    def _kept(self, drawn: Picture, at: datetime) -> Path:
        """Write the picture to a file named after what it shows and when, so that nobody is handed somebody else's."""
        name = f"{drawn.kind}-{drawn.day}-as-of-{at.astimezone(self.zone):%Y-%m-%d-%H%M%S}.png"
        path = files.hand_out(self.pictures, name, drawn.png)
        files.keep_latest(self.pictures, PICTURES)
        return path


def _drawn_together(asked: str, today: date) -> Sequence[date]:
    """Return the days of "week" or "month", up to today, or of "last week"; none for anything else."""
    if asked in DRAWN_DAYS:
        return [today - timedelta(days=back) for back in range(DRAWN_DAYS[asked] - 1, -1, -1)]
    first, last = read_days(asked, today) if asked in PAST_DAYS else (today, today - timedelta(days=1))
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _whose(named: str, configured: Sequence[str], known: Sequence[str]) -> Sequence[str]:
    """Return the organisations to ask: the one `named` by a host if it has keys, else all that have keys as well."""
    if named in configured:
        return (named,)
    return [*filter(None, [named]), *(one for one in configured or known if one != named)]


def _organisations(file: CountsFile) -> list[str]:
    """Return the organisations of the counters and boards, each once."""
    counters = [counter.organisation for counter in file.counters.values()]
    return list(dict.fromkeys([*counters, *(board.organisation for board in file.boards.values())]))


def _past_day(asked: str, today: date, file: CountsFile) -> date:
    """Return the day that was typed. Raise a UserError if it has not begun or is not a day."""
    if asked.casefold() == "month":
        raise UserError("Months are drawn: `!stats chart month`.")
    if (named := BOARD.sub("", asked).strip()) != asked.strip():
        boards = ", ".join(f"`!stats {key}`" for key in file.boards)
        raise UserError(f"There is no board called {quoted(named)}. {boards or 'There are none yet.'}")
    if not is_day(asked):
        known = {
            plain(one): one
            for one in (*file.boards, *flows(file), *(counter.label for counter in file.counters.values()))
        }
        likely = near(plain(asked), known, 1)
        wrong, lists = f"There are no counts called {quoted(asked)}.", "`!stats` lists what there is."
        if likely:
            raise Misspelt(wrong, asked, known[likely[0]], also=lists)
        raise UserError(f"{wrong} A day is typed as today, yesterday or 2026-11-20. {lists}")
    return _begun(read_day(asked, today), today)


def _begun(day: date, today: date) -> date:
    if day > today:
        raise UserError(f"{day:%A, %B} {day.day} has not begun: there is nothing to count yet.")
    return day
