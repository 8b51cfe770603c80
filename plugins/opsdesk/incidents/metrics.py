"""How the team does with its incidents: how many, how soon somebody takes one, how soon it is over."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import msgspec

from opsdesk.incidents.incident import Incident
from opsdesk.incidents.severity import Severity
from opsdesk.text import tell_days, tell_length


class Lengths(msgspec.Struct, frozen=True):
    """A number of lengths: how many are known, their median, and what nine in ten do not exceed (None of none)."""

    known: int
    median: timedelta | None
    ninetieth: timedelta | None


class Metrics(msgspec.Struct, frozen=True):
    """The figures of some incidents. `subsystems` has "" for those without one."""

    opened: int
    still_open: int
    severities: Mapping[Severity, int]
    subsystems: Mapping[str, int]
    acknowledge: Lengths
    resolve: Lengths


def measure(incidents: Iterable[Incident]) -> Metrics:
    """Return the metrics of these incidents, all read off their timelines; most frequent subsystems first.

    Those that were voided, or merged into another, do not count.
    """
    ones = [one for one in incidents if not one.aside]
    return Metrics(
        opened=len(ones),
        still_open=sum(one.is_open for one in ones),
        severities=dict(sorted(Counter(one.severity for one in ones).items())),
        subsystems=dict(Counter(one.subsystem for one in ones).most_common()),
        acknowledge=lengths(one.time_to_acknowledge for one in ones),
        resolve=lengths(one.time_to_resolve for one in ones),
    )


def lengths(some: Iterable[timedelta | None]) -> Lengths:
    """Return the known lengths summed up. The 90th percentile is one of them (nearest rank): of few, the longest."""
    known = sorted(length for length in some if length is not None)
    many = len(known)
    if not known:
        return Lengths(0, None, None)
    median = (known[(many - 1) // 2] + known[many // 2]) / 2
    return Lengths(many, median, known[math.ceil(0.9 * many) - 1])


def measured(metrics: Metrics, first: date, last: date) -> str:
    """Return how many incidents were opened on these days, of which kinds, and how soon they were taken and over."""
    days = tell_days(first, last)
    if not metrics.opened:
        return f"No incidents were opened, {days}."
    severities = [f"{severity.label}: {many}" for severity, many in metrics.severities.items()]
    subsystems = [f"{subsystem or 'no subsystem'}: {many}" for subsystem, many in metrics.subsystems.items()]
    return "\n".join(
        [
            f"{days}: {metrics.opened} opened, {metrics.still_open} of them still open",
            " · ".join(severities),
            " · ".join(subsystems),
            f"Time to acknowledge: {_lengths(metrics.acknowledge, metrics.opened)}",
            f"Time to resolve: {_lengths(metrics.resolve, metrics.opened)}",
        ]
    )


def _lengths(lengths: Lengths, of: int) -> str:
    if lengths.median is None or lengths.ninetieth is None:
        return "none yet"
    median, ninetieth = tell_length(lengths.median), tell_length(lengths.ninetieth)
    return f"median {median}, 90th percentile {ninetieth} ({lengths.known} of {of})"
