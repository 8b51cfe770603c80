"""Incident metrics in words."""

from datetime import date

from opsdesk.metrics import Lengths, Metrics
from opsdesk.moments import tell_days, tell_length


def measured(metrics: Metrics, first: date, last: date) -> str:
    """How many incidents were opened on these days, of which kinds, and how soon they were taken and over."""
    days = tell_days(first, last)
    if not metrics.opened:
        return f"No incidents were opened, {days}."
    severities = [f"sev {severity}: {many}" for severity, many in metrics.severities.items()]
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
