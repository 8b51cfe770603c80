"""Lists of incidents: which are asked for, and a page of them at a time."""

import enum
import re
from collections.abc import Callable, Iterable
from datetime import date, tzinfo
from itertools import islice

import msgspec

from opsdesk.chat import Command
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog
from opsdesk.store import Lost
from opsdesk.text import DAY, read_day
from opsdesk.text import options as typed

PAGE = 15  # incidents: with the longest titles they stay within one message
MOST_FOUND = 8  # the same, each with a piece of its timeline


class Scope(enum.Enum):
    """Which incidents a list is of."""

    OPEN = "open"
    DAY = "day"
    RESOLVED = "resolved"
    ALL = "all"
    MINE = "mine"


COUNTED = (Scope.OPEN, Scope.DAY, Scope.MINE)  # to count the others, all of history would be read


class Listing(msgspec.Struct, frozen=True):
    """The list that was asked for: `day` is that of a day's list, `subsystem` a key or "" for any, `by` who asks."""

    scope: Scope = Scope.OPEN
    day: date | None = None
    subsystem: str = ""
    page: int = 1
    by: str = ""  # the id of a person

    @property
    def command(self) -> str:
        """Return what to type for it, without the page."""
        scope = {Scope.OPEN: "", Scope.DAY: str(self.day)}.get(self.scope, self.scope.value)
        return " ".join(filter(None, ("!incident list", scope, self.subsystem)))


class Page(msgspec.Struct, frozen=True):
    """One page of a list. `total` is None where counting would read all of history; `lost` days are left out."""

    listing: Listing
    incidents: tuple[Incident, ...]
    more: bool
    total: int | None
    lost: frozenset[date] = frozenset()


def read_listing(command: Command, zone: tzinfo, subsystem: Callable[[str], str]) -> Listing:
    """Return the list in "", "today", "mine", "vista", "all 2", in any order; raise a UserError for anything else."""
    rest, day = _taken(DAY, command.text)
    rest, page = _taken(r"(?:page\s+)?\d{1,6}", rest)
    rest, scope = _taken(r"open|resolved|all|mine", rest)
    if scope and day:
        raise UserError("A day's list has all of that day. Type `!incident list today`, or `!incident list resolved`.")
    return Listing(
        scope=Scope.DAY if day else Scope(scope.lower()) if scope else Scope.OPEN,
        day=read_day(day, day_of(command.at, zone)) if day else None,
        subsystem=_subsystem(rest.strip(), subsystem),
        page=int(re.sub(r"\D", "", page) or 1) or 1,
        by=command.by.id,
    )


def turn_to(log: IncidentLog, listing: Listing) -> Page:
    """Return the page that was asked for; raise a UserError where the list ends before it."""
    lost: set[date] = set()
    ones = (one for one in _in_scope(log, listing, lost.add) if listing.subsystem in ("", one.subsystem))
    counted = list(ones) if listing.scope in COUNTED else None
    start = (listing.page - 1) * PAGE
    found = tuple(islice(ones if counted is None else counted, start, start + PAGE + 1))
    if start and not found:
        raise UserError(f"There is no page {listing.page} of that. Type `{listing.command}` for the first.")
    return Page(listing, found[:PAGE], len(found) > PAGE, None if counted is None else len(counted), frozenset(lost))


class SearchResult(msgspec.Struct, frozen=True):
    """What a search found: the newest that fit an answer, and how many more there are. `lost` days are left out."""

    words: tuple[str, ...]
    incidents: tuple[Incident, ...]
    hidden: int
    lost: frozenset[date] = frozenset()


def search(log: IncidentLog, text: str) -> SearchResult:
    """Return the incidents with every word of `text` in title or timeline, of all history.

    What stands in quotes is looked for as it stands. Raises a UserError without a word to look for.
    """
    words = tuple(typed.words(text))
    if not words:
        raise UserError("What shall I look for? Type `!incident search RPC socket`.")
    lost: set[date] = set()
    found = log.search(words, lost.add)
    shown, hidden = tuple(islice(found, MOST_FOUND)), sum(1 for _ in found)
    return SearchResult(words, shown, hidden, frozenset(lost))


def _taken(pattern: str, text: str) -> tuple[str, str]:
    """Return `text` without the first word that matches `pattern`, and that word."""
    found = re.search(rf"(?<!\S)(?:{pattern})(?!\S)", text, re.IGNORECASE)
    return (text[: found.start()] + text[found.end() :], found[0]) if found else (text, "")


def _in_scope(log: IncidentLog, listing: Listing, lost: Lost) -> Iterable[Incident]:
    if listing.scope is Scope.OPEN:
        return log.open_ones(lost)
    if listing.scope is Scope.MINE:
        return (one for one in log.open_ones(lost) if one.owner and one.owner.id == listing.by)
    if listing.day:
        return log.touched(listing.day, listing.day, lost)
    if listing.scope is Scope.RESOLVED:
        return (one for one in log.newest_first(lost) if not one.is_open)
    return log.newest_first(lost)


def _subsystem(text: str, known: Callable[[str], str]) -> str:
    try:
        return known(text) if text else ""
    except UserError as unknown:
        raise UserError(f"{unknown} Other lists: mine, today, yesterday, resolved, all.") from None
