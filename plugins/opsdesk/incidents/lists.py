"""Lists of incidents: which are asked for, and a page of them at a time."""

import enum
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice

import msgspec

from opsdesk.chat import Command, Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog
from opsdesk.patterns import regex
from opsdesk.store import Lost
from opsdesk.text import DAY, plain, read_days

SPAN = r"(?:last|this)\s+(?:week|month)|week|month"
WHOSE = regex(r"['’]?s\Z")
ON = regex(r"(?<!\S)(?:on|of|for|by)(?:\s+|\Z)", re.IGNORECASE)
AROUND = 200  # resolved incidents beyond a page that are looked at, newest first, for those resolved last
YEAR, AT_ONCE = 366, 31  # days back that others are looked for, which were opened earlier; and most of them at a time
PAGE = 15  # incidents: with the longest titles they stay within one message


class Scope(enum.Enum):
    """Which incidents a list is of."""

    OPEN = "open"
    DAYS = "days"
    RESOLVED = "resolved"
    ALL = "all"
    MINE = "mine"


COUNTED = (Scope.OPEN, Scope.DAYS, Scope.MINE)  # to count the others, all of history would be read


class ListRequest(msgspec.Struct, frozen=True):
    """The list that was asked for: of the days from the first to the last of `days`, or of any.

    `subsystem` is a key or "" for any. `by` is whose they are where that is asked, and `owner` their name unless it is
    who asks. `named` is what the days were called.
    """

    scope: Scope = Scope.OPEN
    days: tuple[date, date] | None = None
    named: str = ""
    subsystem: str = ""
    page: int = 1
    by: str = ""  # the id of a person
    owner: str = ""

    @property
    def command(self) -> str:
        """Return what to type for it, without the page."""
        scope = {Scope.OPEN: "", Scope.DAYS: self.named}.get(self.scope, self.owner or self.scope.value)
        return " ".join(filter(None, ("!incident list", scope, self.subsystem)))


class Page(msgspec.Struct, frozen=True):
    """One page of a list. `total` is None where counting would read all of history; `lost` days are left out."""

    listing: ListRequest
    incidents: tuple[Incident, ...]
    more: bool
    total: int | None
    lost: frozenset[date] = frozenset()


def read_listing(
    command: Command, zone: tzinfo, subsystem: Callable[[str], str], open_ones: Callable[[], Iterable[Incident]] = tuple
) -> ListRequest:
    """Return the list in "", "today", "mine", "bob", "vista", "all 2", in any order.

    Whose they are may be named where somebody owns one of the `open_ones`. Raises a UserError for anything else.
    """
    rest, span = _taken(SPAN, command.text)
    rest, day = _taken(DAY, rest) if not span else (rest, "")
    rest, page = _taken(r"(?:page\s+)?\d{1,6}", rest)
    rest, scope = _taken(r"open|resolved|closed|all|mine", rest)
    scope = "resolved" if scope.casefold() == "closed" else scope
    if scope and (day or span):
        raise UserError("A day's list has all of that day. Type `!incident list today`, or `!incident list resolved`.")
    owner, rest = _owner(rest, open_ones, subsystem) if rest.strip() and not (scope or day or span) else (None, rest)
    days = read_days(span or day, day_of(command.at, zone)) if day or span else None
    return ListRequest(
        scope=Scope.MINE if owner else Scope.DAYS if days else Scope(scope.lower()) if scope else Scope.OPEN,
        days=days,
        named=span.casefold() or (str(days[0]) if days else ""),
        subsystem=_subsystem(ON.sub("", rest.strip()), subsystem),
        page=int(re.sub(r"\D", "", page) or 1) or 1,
        by=(owner or command.by).id,
        owner=owner.name if owner and owner.id != command.by.id else "",
    )


def turn_to(log: IncidentLog, listing: ListRequest, today: date) -> Page:
    """Return the page that was asked for; raise a UserError where the list ends before it."""
    lost: set[date] = set()
    start = (listing.page - 1) * PAGE
    total, found = _from(start, log, listing, today, lost.add)
    if start and not found:
        raise UserError(f"There is no page {listing.page} of that. Type `{listing.command}` for the first.")
    return Page(listing, tuple(found[:PAGE]), len(found) > PAGE, total, frozenset(lost))


class SearchResult(msgspec.Struct, frozen=True):
    """What a search found: the newest that fit an answer, and how many more there are. `lost` days are left out.

    Unless `finished`, older ones are still searched.
    """

    words: tuple[str, ...]
    incidents: tuple[Incident, ...]
    hidden: int
    lost: frozenset[date] = frozenset()
    finished: bool = True


def _taken(pattern: str, text: str) -> tuple[str, str]:
    """Return `text` without the first word that matches `pattern`, and that word."""
    found = re.search(rf"(?<!\S)(?:{pattern})(?!\S)", text, re.IGNORECASE)
    return (text[: found.start()] + text[found.end() :], found[0]) if found else (text, "")


def _from(
    start: int, log: IncidentLog, listing: ListRequest, today: date, lost: Lost
) -> tuple[int | None, Sequence[Incident]]:
    """Return how many the list has in all, if that is counted, and those from `start` on, one more than a page."""
    end = start + PAGE + 1
    if listing.scope is Scope.RESOLVED:
        return None, _last_resolved(end, log, listing, today, lost)[start:]
    if listing.scope not in COUNTED:
        return None, log.some(islice(log.history(subsystem=listing.subsystem, lost=lost), start, end), lost)
    ones = [one for one in _in_scope(log, listing, lost) if listing.subsystem in ("", one.subsystem)]
    return len(ones), ones[start:end]


def _last_resolved(many: int, log: IncidentLog, listing: ListRequest, today: date, lost: Lost) -> Sequence[Incident]:
    """Return so many of those that were resolved last, the very last first.

    Where there are more than are looked at, those opened before them are found by the days they were resolved on.
    """
    numbers = list(islice(log.history(resolved=True, subsystem=listing.subsystem, lost=lost), many + AROUND))
    found = {one.number: one for one in log.some(numbers, lost)}
    for first, last in _spans_before(today) if len(numbers) == many + AROUND else ():
        ones = (one for one in log.touched(first, last, lost) if listing.subsystem in ("", one.subsystem))
        found |= {one.number: one for one in ones if one.resolution}
        if sum(day_of(_over(one), log.zone) >= first for one in found.values()) >= many:
            break
    return sorted(found.values(), key=_over, reverse=True)[:many]


def _spans_before(today: date) -> Iterator[tuple[date, date]]:
    """Yield the first and last days of spans that go back from today for a year, each longer than the one before."""
    days, back = 1, 0
    while back < YEAR:
        last = today - timedelta(days=back)
        yield last - timedelta(days=days - 1), last
        back, days = back + days, min(2 * days, AT_ONCE)


def _over(incident: Incident) -> datetime:
    return incident.resolved_at or incident.written_at


def _in_scope(log: IncidentLog, listing: ListRequest, lost: Lost) -> Iterable[Incident]:
    if listing.days:
        return log.touched(*listing.days, lost)
    if listing.scope is Scope.MINE:
        return (one for one in log.open_ones(lost) if one.owner and one.owner.id == listing.by)
    return log.open_ones(lost)


def _owner(
    text: str, open_ones: Callable[[], Iterable[Incident]], subsystem: Callable[[str], str]
) -> tuple[Person | None, str]:
    """Return whoever owns an incident and is named in a text, and the text without the name."""
    words = text.split()
    owners = {one.owner.id: one.owner for one in open_ones() if one.owner}
    known = _by_name(owners.values(), subsystem)
    longest = max((len(person.name.split()) for person in owners.values()), default=0)
    for many in range(min(longest, len(words)), 0, -1):
        for at in range(len(words) - many + 1):
            name = " ".join(words[at : at + many])
            if person := known.get(plain(name)) or known.get(plain(WHOSE.sub("", name))):
                return person, " ".join((*words[:at], *words[at + many :]))
    return None, text


def _by_name(people: Collection[Person], subsystem: Callable[[str], str]) -> Mapping[str, Person]:
    """Return people by name, by id, and by a first name that is nobody else's of them, nor a subsystem's."""
    firsts = [(person.name.partition(" ")[0], person) for person in people]
    many = Counter(plain(first) for first, _ in firsts)
    known = {plain(one): person for one, person in firsts if many[plain(one)] == 1 and not _is_known(one, subsystem)}
    known |= {plain(name): person for person in people for name in (person.name, person.id)}
    return {name: person for name, person in known.items() if name}


def _is_known(text: str, subsystem: Callable[[str], str]) -> bool:
    try:
        return bool(subsystem(text))
    except UserError:
        return False


def _subsystem(text: str, known: Callable[[str], str]) -> str:
    try:
        return known(text) if text else ""
    except UserError as unknown:
        raise UserError(f"{unknown} Other lists: mine, today, yesterday, week, resolved, all.") from None
