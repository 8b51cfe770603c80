"""What an opening is answered with besides its card: which subsystem its title names, and what was like it before."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import chain, islice
from typing import TypeVar

from msgspec.structs import replace

from opsdesk import clock, guard
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.past import LATEST, PastIncidents, Resolved
from opsdesk.incidents.rules import Change
from opsdesk.incidents.unfinished import in_order
from opsdesk.text import tell_date, words

SHARED = 2  # words that two titles must have in common to be about the same
SHORTEST = 3  # letters of a word that says anything
SAID_BY_ALL = frozenset({"the", "and", "for", "with", "from", "are", "was", "not", "slow", "down", "error", "errors"})
MOST_ALIKE = 2  # past ones that are told
SATURATED, LENGTH_COUNTS = 1.5, 0.75  # k1 and b of BM25, as usual
LONGEST = 120  # characters of what ended a past one


T = TypeVar("T", Incident, Resolved)


def on_by_title(change: Change, subsystem_of: Callable[[str], str | None]) -> Change:
    """Return an opening on the subsystem that its title is about; the very same where it names one itself, or none."""
    found = None if change.subsystem else subsystem_of(change.title or "")
    return replace(change, subsystem=found) if found else change


def guess_line(incident: Incident) -> str:
    """Return that the subsystem was taken from the title, and how to change it."""
    return f"On {incident.subsystem} by its title: `!incident update {incident.number} --on ...` changes it."


def alike_lines(log: IncidentLog, past: PastIncidents, incident: Incident, at: datetime) -> list[str]:
    """Return a line for an open incident that is like this one, and for the latest resolved ones with what ended them.

    Of both the latest are looked through.
    """
    others = (one for one in log.newest_open() if one.number != incident.number)
    beside = islice((one for one in others if one.subsystem == incident.subsystem), LATEST)
    open_ones = like(incident, in_order(beside))[:1]
    resolved = like(incident, past.resolved(incident.number))[:MOST_ALIKE]
    return [*map(_still_open, open_ones), *(_ended(one, at, log.zone) for one in resolved)]


def like(incident: Incident, others: Sequence[T]) -> list[T]:
    """Return those whose titles share enough words with the incident's, the likest first: rare words weigh more."""
    title = _telling(incident.title)
    enough = min(SHARED, len(title))
    titles = [_telling(one.title) for one in others]
    shared = [title & theirs for theirs in titles]
    alike = [at for at, words_of_both in enumerate(shared) if enough and len(words_of_both) >= enough]
    if not alike:
        return []
    many, average = Counter(chain.from_iterable(shared)), sum(map(len, titles)) / len(titles)
    rarity = {word: math.log((len(titles) + 1) / count) for word, count in many.items()}
    weights = {at: _weight([rarity[word] for word in shared[at]], len(titles[at]) / average) for at in alike}
    return [others[at] for at in sorted(alike, key=lambda at: -weights[at])]


def _weight(rarities: Sequence[float], length: float) -> float:
    """Return how like a title is by the rarity of the words it shares, each of which it has but once, and its length
    in terms of the average, by BM25 (Robertson and Walker, 1994).
    """
    longer = 1 - LENGTH_COUNTS + LENGTH_COUNTS * length
    return math.fsum(rarities) * (SATURATED + 1) / (1 + SATURATED * longer)


@lru_cache(maxsize=3 * LATEST)  # of the latest open ones, the latest resolved ones, and some new ones
def _telling(title: str) -> frozenset[str]:
    return frozenset(word for word in words(title) if len(word) >= SHORTEST and word not in SAID_BY_ALL)


def _still_open(one: Incident) -> str:
    where = f" on {one.subsystem}" if one.subsystem else ""
    return f"#{one.number} {one.shown_title} is open{where}: add to it with `!incident update {one.number} ...`"


def _ended(one: Resolved, at: datetime, zone: tzinfo) -> str:
    day = tell_date(clock.day_of(one.opened_at, zone), clock.day_of(at, zone))
    ended = guard.plain(" ".join(one.last_word.split()))
    told = f": {ended[:LONGEST]}{'…' if len(ended) > LONGEST else ''}" if ended else ""
    return f"Like #{one.number} {guard.plain(one.title)} ({day}){told}"
