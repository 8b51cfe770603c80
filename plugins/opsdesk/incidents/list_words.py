"""Lists of incidents in words: a line each, and how to see what a page leaves out."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import accumulate

from opsdesk import guard
from opsdesk.clock import day_of
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.lists import PAGE, ListRequest, Page, Scope, SearchResult
from opsdesk.incidents.search import searchable
from opsdesk.incidents.words import set_aside, shortened, status_words, weight
from opsdesk.text import tell_age, tell_date, tell_days, tell_length, tell_lost, tell_when

LONGEST_TITLE, AROUND = 120, 60  # characters
LONGEST_WORD = 160  # characters of an incident's last word
MOST_HANDED_OVER = 15


def listed(page: Page, at: datetime, zone: tzinfo, quiet_after: timedelta) -> str:
    """Return a page of a list: how many there are, a line each, and what to type for the next page."""
    today = day_of(at, zone)
    width = max((len(str(incident.number)) for incident in page.incidents), default=0)
    lines = [_line(incident, width, at, zone, quiet_after) for incident in page.incidents]
    more = [f"More: `{page.listing.command} {page.listing.page + 1}`"] if page.more else []
    return "\n".join([headline(page, today), *lines, *more, *missing(page, today)])


def headline(page: Page, today: date, *, paged: bool = True) -> str:
    """Return how many a list has, and which page of them it is if it is `paged`; or that it has none."""
    if page.incidents:
        return _count(page, today, paged=paged)
    return "None that can be read." if page.lost else _nothing(page.listing, today)


def missing(page: Page, today: date) -> list[str]:
    """Return the line about what cannot be read and is left out, if there is anything."""
    return [tell_lost(page.lost, today)] if page.lost else []


def found(result: SearchResult, at: datetime, zone: tzinfo) -> str:
    """Return what a search found, newest first, each with the place that has a word of it, and how many more."""
    words = " ".join(result.words)[:LONGEST_TITLE]
    lost = [tell_lost(result.lost, day_of(at, zone))] if result.lost else []
    if not result.finished:
        return "\n".join([_so_far(result, words), *(_hit(one, result.words, at, zone) for one in result.incidents)])
    if not result.incidents:
        readable = " that can be read" if lost else ""
        nothing = f"No title or timeline{readable} has {words} in it. Try fewer words, or a part of one."
        return "\n".join([nothing, *lost])
    hits = [_hit(incident, result.words, at, zone) for incident in result.incidents]
    many = len(hits) + result.hidden
    left_out = f"; the newest {len(hits)} are here, one more word finds others" if result.hidden else ""
    return "\n".join([f"{many:,} with {words}{left_out}", *hits, *lost])


def _so_far(result: SearchResult, words: str) -> str:
    many = len(result.incidents) + result.hidden
    told = f"{many:,} with {words} so far" if many else f"Nothing with {words} so far"
    return f"{told}; searching older incidents…"


def handed_over(incidents: Sequence[Incident], at: datetime, zone: tzinfo) -> list[str]:
    """Return a line for each of the first open incidents, as whoever comes on call reads them, and how many more."""
    lines = [_handed_over(incident, at, zone) for incident in incidents[:MOST_HANDED_OVER]]
    more = len(incidents) - MOST_HANDED_OVER
    return [*lines, *([f"and {more} more: `!incident list`"] if more > 0 else [])]


def open_on(incidents: Sequence[Incident] | None, at: datetime, subsystem: str) -> list[str]:
    """Return lines about what is open on a subsystem, for its card; `incidents` is None where they cannot be read."""
    if incidents is None:
        return ["Open incidents unknown: they cannot be read just now."]
    here = [incident for incident in incidents if incident.subsystem == subsystem]
    lines = [f"Open: #{i.number} {i.shown_title[:100]} · {i.severity.label} · {tell_age(i.age(at))}" for i in here[:3]]
    more = [f"{len(here) - 3} more open: `!incident list {subsystem}`"] if len(here) > 3 else []
    return [*lines, *more]


def _handed_over(one: Incident, at: datetime, zone: tzinfo) -> str:
    owner = f", owner {one.owner.name}" if one.owner else ", no owner"
    head = f"#{one.number} {one.shown_title}: *{one.status}* ({one.severity.label}, {tell_age(one.age(at))} old{owner}"
    word = guard.plain(shortened(one.last_word, LONGEST_WORD))
    return f"{head}, last news {tell_when(one.written_at, at, zone)})" + (f". {word}" if word else "")


def _count(page: Page, today: date, *, paged: bool) -> str:
    """Return the heading: "2 open", "17 open on vista, page 2 of 2", "today: 3 opened or changed"."""
    listing = page.listing
    where = f" on {listing.subsystem}" if listing.subsystem else ""
    pages = -(-page.total // PAGE) if page.total else 0
    several = paged and (page.more or listing.page > 1)
    number = f", page {listing.page}" + (f" of {pages}" if pages else "") if several else ""
    if listing.scope is Scope.OPEN:
        return f"{page.total} open{where}{number}"
    if listing.scope is Scope.MINE:
        return f"{page.total} of {_whose(listing)} open{where}{number}"
    if listing.days:
        return f"{_days(listing, today)}: {page.total} opened or changed{where}{number}"
    kind = "resolved" if listing.scope is Scope.RESOLVED else "all"
    return f"{kind}{where}, newest first{number}"


def _whose(listing: ListRequest) -> str:
    return f"{listing.owner.removeprefix('@')}'s" if listing.owner else "yours"


def _days(listing: ListRequest, today: date) -> str:
    """Return "today", "Nov 19" or, of several days, "week (Nov 23 to Nov 27, 2026)"."""
    first, last = listing.days or (today, today)
    return tell_date(first, today) if first == last else f"{listing.named} ({tell_days(first, last)})"


def _nothing(listing: ListRequest, today: date) -> str:
    where = f" on {listing.subsystem}" if listing.subsystem else ""
    if listing.scope is Scope.OPEN:
        return f"Nothing is open{where}. `!incident list resolved{where.replace(' on', '')}` shows what was."
    if listing.scope is Scope.MINE:
        return f"Nothing of {_whose(listing)} is open{where}. `!incident list` shows what is."
    if listing.days:
        return f"Nothing was opened or changed{where} {_days(listing, today)}."
    return f"There is nothing {'resolved ' if listing.scope is Scope.RESOLVED else ''}yet{where}."


def _line(incident: Incident, width: int, at: datetime, zone: tzinfo, quiet_after: timedelta) -> str:
    named, *facts = parts(incident, at, zone, quiet_after)
    return " · ".join([f"{f'#{incident.number}'.ljust(width + 1)} {named}", *facts])


def parts(incident: Incident, at: datetime, zone: tzinfo, quiet_after: timedelta) -> list[str]:
    """Return what a line of a list tells: the title, how bad, on what, how it stands, whose it is, how long."""
    owner = f"owner {incident.owner.name}" if incident.owner else "no owner"
    if incident.is_open:
        facts = [*status_words(incident), owner, _going(incident, at, zone, quiet_after)]
    else:
        facts = [_over(incident, at, zone)]
    return [_title(incident), *weight(incident), *facts]


def _going(incident: Incident, at: datetime, zone: tzinfo, quiet_after: timedelta) -> str:
    """Return how long it has been open, and since when nobody has written anything where that is too long."""
    age, quiet = tell_age(incident.age(at)), incident.quiet_for(at)
    if quiet < quiet_after:
        return age
    return f"open {age}, last update {tell_when(incident.written_at, at, zone)} ⚠ quiet for {tell_age(quiet)}"


def _over(incident: Incident, at: datetime, zone: tzinfo) -> str:
    if incident.aside:
        return set_aside(incident, at, zone)
    end = incident.resolved_at or at
    return f"resolved {tell_when(end, at, zone)} after {tell_length(incident.age(at))}"


def _hit(incident: Incident, words: tuple[str, ...], at: datetime, zone: tzinfo) -> str:
    state = str(incident.status) if incident.is_open else _over(incident, at, zone)
    line = f"#{incident.number} {_title(incident)} · {state}"
    texts = (around for entry in incident.standing if (around := _around(entry.text, words)))
    return "\n".join([line, *(f"      {text}" for text in [next(texts, "")] if text)])


def _around(text: str, words: tuple[str, ...]) -> str:
    """Return the part of `text` around the first of `words` in it; "" where it has none of them."""
    line = " ".join(text.split())
    places = _places(line, words)
    if not places:
        return ""
    start, end = max(0, min(places) - AROUND), min(places) + 2 * AROUND
    return ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")


def _places(line: str, words: tuple[str, ...]) -> list[int]:
    """Return where `line` first has each of `words` that it has. Made searchable, one character may become several."""
    characters = [searchable(character) for character in line]
    ends, text = list(accumulate(map(len, characters))), "".join(characters)
    return [bisect_right(ends, place) for word in words if (place := text.find(searchable(word))) >= 0]


def _title(incident: Incident) -> str:
    title = incident.shown_title
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
