"""Error traces in words: noisiest first, each with how often and its latest example."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from opsdesk.datadog import Span, Unknown, missing
from opsdesk.text import tell_length, tell_time, tell_zone
from opsdesk.traces.groups import TraceGroup, Traces, name

MOST_LISTED = 10
MOST_BELOW_AN_ALERT = 3
GUIDE = "`!links error-traces`"


def listing(found: Traces | Unknown, searched: str, back: timedelta, at: datetime, zone: tzinfo) -> str:
    """Return the answer to `!traces`."""
    if isinstance(found, Unknown):
        return f"Error traces {missing(found, at)}. {GUIDE} leads to them."
    about = f' with "{searched}"' if searched else ""
    if not found.groups:
        return f"It is quiet: no error trace{about} in the last {tell_length(back)}. {GUIDE}"
    head = f"Error traces{about}, {_span(found, zone)} {tell_zone(found.end, zone)}: {_counted(found.groups)}"
    lines = [f"• {one.key}: {one.count}{_latest(found, one, zone)}" for one in found.groups[:MOST_LISTED]]
    more = len(found.groups) - len(lines)
    rest = [f"and {more} more with {sum(one.count for one in found.groups[MOST_LISTED:])}"] if more else []
    return "\n".join([head, *lines, *rest, f"Datadog keeps a part of all traces: there are at least so many. {GUIDE}"])


def below_an_alert(found: Traces | Unknown, at: datetime, zone: tzinfo) -> str:
    """Return the traces of an alert's minutes in one line, the noisiest first."""
    if isinstance(found, Unknown):
        return f"Error traces {missing(found, at)}"
    if not found.groups:
        return f"Error traces {_span(found, zone)}: none"
    told = [f"{one.key}: {one.count}{_kind(one.latest)}" for one in found.groups[:MOST_BELOW_AN_ALERT]]
    more = len(found.groups) - len(told)
    return f"Error traces {_span(found, zone)}: {'; '.join(told)}{f'; and {more} more' if more else ''}"


def example(group: TraceGroup, found: Traces, zone: tzinfo) -> str:
    """Return "Net::ReadTimeout, 500, latest 3:41pm · <address>" of a group's latest, as much of it as is known."""
    if group.latest is None:
        return ""
    facts = _facts(group.latest) + ([f"latest {tell_time(group.latest.at, zone)}"] if group.latest.at else [])
    return " · ".join(filter(None, (", ".join(facts), found.link(group.latest))))


def _counted(groups: Sequence[TraceGroup]) -> str:
    many = sum(one.count for one in groups)
    return f"{many} in {len(groups)} groups" if len(groups) > 1 else str(many)


def _span(found: Traces, zone: tzinfo) -> str:
    return f"{tell_time(found.start, zone)} to {tell_time(found.end, zone)}"


def _latest(found: Traces, one: TraceGroup, zone: tzinfo) -> str:
    told = example(one, found, zone)
    return f" · {told}" if told else ""


def _kind(span: Span | None) -> str:
    facts = _facts(span) if span else []
    return f" ({', '.join(facts)})" if facts else ""


def _facts(span: Span) -> list[str]:
    return [name(fact) for fact in (span.error, span.status) if fact]
