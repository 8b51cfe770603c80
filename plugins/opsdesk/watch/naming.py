"""Which message tells a fall: the smallest sets that explain it are named, and none of it twice."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from opsdesk.watch.falls import NO_POINTS, TOGETHER, Fall, FallKind, Telling, WatchDay
from opsdesk.watch.series import WatchedSeries
from opsdesk.watch.sight import Figures, Sight


def with_telling(day: WatchDay, sight: Sight) -> WatchDay:
    """Return the day with a message for what fell and is told by none: a new one, or that of the last few minutes."""
    untold = [fall for fall in day.open_falls if not fall.telling]
    if not untold:
        return day
    members = {one.key: frozenset(one.members) for one in sight.series} | {NO_POINTS: frozenset({NO_POINTS})}
    active = [one for one in day.tellings if not day.is_back(one.number)]
    recent = next((one for one in active if sight.now - one.at <= TOGETHER), None)
    spoken = {key: one.number for one in active if one is not recent for key in one.named if key in members}
    news = [fall for fall in untold if not any(_is_nested(members[fall.series], members[one]) for one in spoken)]
    number = recent.number if recent else len(day.tellings) + 1
    falls = [_attached(fall, untold, news, spoken, members, number) for fall in day.falls]
    if not news:
        return replace(day, falls=tuple(falls))
    named = smallest([fall for fall in falls if fall.telling == number], sight, members)
    telling = Telling(
        number=number,
        at=recent.at if recent else sight.now,
        named=named,
        figures=_figures(named, falls, sight),
        others=_others(named, sight, members),
    )
    tellings = [one for one in day.tellings if one.number != number]
    return replace(day, falls=tuple(falls), tellings=tuple(sorted([*tellings, telling], key=lambda one: one.number)))


def smallest(fallen: Sequence[Fall], sight: Sight, members: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Return the sets to name for those that fell, from the smallest up.

    A larger one is named instead of smaller ones within it if the rest of it does not have what is due either, or if
    it has been low all day: what is due follows the level of the day.
    """
    named: list[str] = []
    all_day = {fall.series for fall in fallen if fall.kind is FallKind.ALL_DAY}
    for key in sorted({fall.series: None for fall in fallen}, key=lambda one: len(members[one])):
        within = [one for one in named if members[one] < members[key]]
        rest = members[key].difference(*(members[one] for one in within))
        if within and rest and key not in all_day and all(_is_usual(one, sight) for one in _singles(rest, sight)):
            continue
        named = [*(one for one in named if one not in within), key]
    order = [NO_POINTS, *(one.key for one in sight.series)]
    return tuple(sorted(named, key=order.index))


def _is_usual(key: str, sight: Sight) -> bool:
    return sight.figures(key).is_usual


def _singles(rest: frozenset[str], sight: Sight) -> list[str]:
    """Return the keys of what is left of a set: a flow as a whole where all of it is, else its counters."""
    flows = [one for one in sight.series if 1 < len(one.members) < _most(sight.series)]
    whole = [one for one in flows if rest.issuperset(one.members)]
    left = rest.difference(*(one.members for one in whole))
    order = [one.key for one in sight.series]
    first = {one.key: order.index(one.members[0]) for one in sight.series}
    return sorted([*(one.key for one in whole), *left], key=first.__getitem__)


def _most(series: Sequence[WatchedSeries]) -> int:
    return max(len(one.members) for one in series)


def _is_nested(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether one of two sets is within the other: if either is named, the other is not named again."""
    return one <= other or other <= one


def _attached(
    fall: Fall,
    untold: Sequence[Fall],
    news: Sequence[Fall],
    spoken: Mapping[str, int],
    members: Mapping[str, frozenset[str]],
    number: int,
) -> Fall:
    """Return the fall with the number of the message that tells it."""
    if fall not in untold:
        return fall
    if fall in news:
        return replace(fall, telling=number)
    theirs = (spoken[one] for one in spoken if _is_nested(members[fall.series], members[one]))
    return replace(fall, telling=next(theirs))


def _figures(named: Iterable[str], falls: Sequence[Fall], sight: Sight) -> dict[str, Figures]:
    """Return the figures to tell of each named set: those that it fell with, and now of its counters."""
    fell = {fall.series: _as_of_now(fall, sight) for fall in falls if fall.is_open}
    found: dict[str, Figures] = {}
    for key in named:
        found[key] = fell[key] if key in fell else sight.figures(key)
        for one in sight.series:
            if one.key == key:
                found |= {counter: sight.figures(counter) for counter in one.members if counter != key}
    return found


def _as_of_now(fall: Fall, sight: Sight) -> Figures:
    """Return what a fall was found with; of one that was found some while ago, all that it has come to since."""
    if fall.kind is FallKind.NO_POINTS or sight.now - fall.found_at <= TOGETHER:
        return fall.figures
    return replace(sight.window(fall.series, fall.since, fall.figures.level), silent=fall.figures.silent)


def _others(named: Sequence[str], sight: Sight, members: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Return the sets, as large as they go, that are not named and have what is due."""
    spoken = frozenset[str]().union(*(members[one] for one in named))
    if NO_POINTS in named:
        return ()
    counters = frozenset(key for one in sight.series for key in one.members)
    return tuple(key for key in _singles(counters - spoken, sight) if _is_usual(key, sight))
