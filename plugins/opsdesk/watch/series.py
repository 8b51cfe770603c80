"""What is watched: each counter, the two of each flow together, and all of them; minute by minute."""

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo

import msgspec

from opsdesk.counts import CountsFile, DaySeries, Series, asked
from opsdesk.datadog import Reason, Unknown
from opsdesk.watch.rule import DAY

MINUTE = 60  # seconds
NUMBERS = {2: "Both", 3: "All three", 4: "All four", 5: "All five", 6: "All six"}

Values = list[float | None]  # by minute since midnight; None where it is not known


class WatchedSeries(msgspec.Struct, frozen=True):
    """One counter, or several counted together."""

    key: str
    label: str
    members: tuple[str, ...]


def watched(file: CountsFile) -> tuple[WatchedSeries, ...]:
    """Return what is watched, from single counters to all together.

    The flows, two counters of which the second follows the first, are those that the file has percentages of.
    """
    labels = {key: counter.label for key, counter in file.counters.items()}
    singles = [WatchedSeries(key, label, (key,)) for key, label in labels.items()]
    pairs = [
        WatchedSeries(f"{one} and {other}", label, (one, other)) for label, (one, other) in asked.flows(file).items()
    ]
    whole = WatchedSeries("all", f"{NUMBERS.get(len(labels), f'All {len(labels)}')} counters", tuple(labels))
    is_more = len(labels) > 1 and all(set(flow.members) != set(labels) for flow in pairs)
    return (*singles, *pairs, *([whole] if is_more else []))


def by_minute(found: DaySeries, organisations: Mapping[str, str], zone: tzinfo) -> dict[str, Values]:
    """Return a day's counters minute by minute as clocks in `zone` show them, as far as the longest goes.

    A minute without a point is a zero where another counter of the organisation has one, and not known where none has.
    """
    lists = {key: _values(one, zone) for key, one in found.items()}
    longest = max((len(values) for values in lists.values() if values), default=0)
    padded = {key: [*values, *[None] * (longest - len(values))] for key, values in lists.items() if values is not None}
    known: dict[str, list[bool]] = {}
    for key, values in padded.items():
        of = known.setdefault(organisations[key], [False] * longest)
        known[organisations[key]] = [was or value is not None for was, value in zip(of, values, strict=True)]
    filled = {key: _with_zeros(values, known[organisations[key]]) for key, values in padded.items()}
    return {key: filled.get(key, [None] * longest) for key in found}


def together(minutes: Mapping[str, Values], members: Sequence[str]) -> Values:
    """Return what several counters have together; not known where one of them is not."""
    if len(members) == 1:
        return minutes[members[0]]
    lists = [minutes[one] for one in members]
    return [None if None in values else sum(filter(None, values)) for values in zip(*lists, strict=True)]


def is_known(minutes: Mapping[str, Values]) -> bool:
    """Return whether anything of the day is known."""
    return any(value is not None for values in minutes.values() for value in values)


def _with_zeros(values: Values, known: Sequence[bool]) -> Values:
    return [0.0 if value is None and one else value for value, one in zip(values, known, strict=True)]


def _values(found: Series | Unknown, zone: tzinfo) -> Values | None:
    """Return the minutes of a counter; None where they are not known at all, none of them without data."""
    if isinstance(found, Unknown):
        return [] if found.reason is Reason.NO_DATA else None
    if found.step != MINUTE:
        return None
    start, end = (at.astimezone(zone).utcoffset() for at in (found.start, found.start + timedelta(hours=23)))
    return list(found.values) if start == end else _by_clock(found, zone)


def _by_clock(series: Series, zone: tzinfo) -> Values:
    """Return the minutes of a day on which clocks change: an hour that comes twice is added up, one left out None."""
    values: Values = [None] * DAY
    last = 0
    for number, value in enumerate(series.values):
        local = (series.start + timedelta(minutes=number)).astimezone(zone)
        at = local.hour * 60 + local.minute
        last = max(last, at + 1)
        if value is not None:
            values[at] = (values[at] or 0.0) + value
    return values[:last]
