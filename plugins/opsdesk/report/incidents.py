"""The incidents of a report: how many against the weeks before, how soon taken and over, what is carried over."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from opsdesk.clock import day_bounds, day_of
from opsdesk.incidents import Incident, IncidentLog, action_words, metrics
from opsdesk.report.spans import ONE_DAY, ReportSpan
from opsdesk.summary import as_of
from opsdesk.text import tell_age, tell_length, tell_lost

BEFORE = timedelta(weeks=4)  # what a span is compared with
LONG = timedelta(days=3)  # carried over for that long
LATER = timedelta(days=31)  # after its end, what was resolved since is looked for
MOST_LISTED = 5


class CarriedOver(msgspec.Struct, frozen=True):
    """An incident that was open as a span ended, and for how long it had been then."""

    incident: Incident
    age: timedelta


class IncidentFigures(msgspec.Struct, frozen=True):
    """What a span's incidents came to, and those of the four weeks before; `share` is how long it is beside them.

    `carried` were open at its end for long, the longest first. `lost` are days that cannot be read.
    """

    span: ReportSpan
    now: metrics.Metrics
    before: metrics.Metrics
    share: float
    carried: Sequence[CarriedOver] = ()
    lost: frozenset[date] = frozenset()


def of_span(log: IncidentLog, span: ReportSpan, at: datetime) -> IncidentFigures:
    """Return what the incidents of a span came to, as far as they are known at `at`."""
    lost: set[date] = set()
    since = span.first - BEFORE
    opened = log.opened(since, span.latest, lost.add)
    start = day_bounds(span.first, log.zone)[0]
    return IncidentFigures(
        span,
        now=metrics.measure(one for one in opened if one.opened_at >= start),
        before=metrics.measure(one for one in opened if one.opened_at < start),
        share=len(span.days) * ONE_DAY / BEFORE,
        carried=_carried(log, span, at, lost),
        lost=frozenset(lost),
    )


def _carried(log: IncidentLog, span: ReportSpan, at: datetime, lost: set[date]) -> list[CarriedOver]:
    end, today = min(at, day_bounds(span.latest, log.zone)[1]), day_of(at, log.zone)
    later = log.touched(span.latest, min(today, span.latest + LATER), lost.add)
    known = {one.number: one for one in (*log.open_ones(lost.add), *later)}
    then = (as_of(one, end) for one in known.values() if not one.aside)
    found = [CarriedOver(one, end - one.started_at) for one in then if one and one.is_open]
    return sorted((one for one in found if one.age >= LONG), key=lambda one: (-one.age, one.incident.number))


def words(figures: IncidentFigures) -> list[str]:
    """Return the part of the report about incidents."""
    now, before = figures.now, figures.before
    expected = _expected(before.opened, figures.share)
    lines = [f"*Incidents* {now.opened} opened ({expected} in the four weeks before), {now.still_open} still open"]
    kinds = _kinds(
        {one.label: many for one, many in now.severities.items()},
        {one.label: many for one, many in before.severities.items()},
        figures.share,
    )
    subsystems = _kinds(_named(now.subsystems), _named(before.subsystems), figures.share)
    lines += filter(None, (kinds, subsystems))
    if now.opened:
        lines.append(f"Taken: {_lengths(now.acknowledge, now.opened, before.acknowledge)}")
        lines.append(f"Resolved: {_lengths(now.resolve, now.opened, before.resolve)}")
    lines.append(
        "(By the day they were opened, without void and merged ones; in brackets the four weeks before, for as many "
        "days. From the start until somebody had it, until it was last over.)"
    )
    return [*lines, *filter(None, [tell_lost(figures.lost, figures.span.latest)]), *_carried_words(figures)]


def _carried_words(figures: IncidentFigures) -> list[str]:
    if not figures.carried:
        return [f"*Carried over* nothing for {LONG.days} days or more"]
    lines = [
        f"• #{one.incident.number} {one.incident.shown_title} · {one.incident.severity.label} · "
        f"open {tell_age(one.age)} · owner {one.incident.owner.name if one.incident.owner else 'nobody'}"
        for one in figures.carried[:MOST_LISTED]
    ]
    head = f"*Carried over* {len(figures.carried)} for {LONG.days} days or more, as of its end"
    return [head, *lines, *_more(len(figures.carried), "`!incident list`")]


def action_lines(log: IncidentLog, at: datetime) -> list[str]:
    """Return the action items that are to be done now, those due first."""
    owed = action_words.owed(log.with_actions())
    if not owed:
        return ["*Action items* none to be done"]
    today = day_of(at, log.zone)
    late = sum(item.due < today for _, item in owed)
    lines = [action_words.due_line(incident, item, today) for incident, item in owed[:MOST_LISTED]]
    head = f"*Action items* {len(owed)} to be done now, {late or 'none'} of them late"
    return [head, *lines, *_more(len(owed), "`!incident action list`")]


def _more(many: int, command: str) -> list[str]:
    return [f"and {many - MOST_LISTED} more: {command}"] if many > MOST_LISTED else []


def _named(subsystems: Mapping[str, int]) -> dict[str, int]:
    return {name or "no subsystem": many for name, many in subsystems.items()}


def _kinds(now: Mapping[str, int], before: Mapping[str, int], share: float) -> str:
    """Return "sev 2: 3 (1.5) · sev 3: 0 (2)": each kind that there was, then or now."""
    kinds = (*now, *(kind for kind in before if kind not in now))
    return " · ".join(f"{kind}: {_against(now.get(kind, 0), before.get(kind, 0), share)}" for kind in kinds)


def _against(now: int, before: int, share: float) -> str:
    return f"{now} ({_expected(before, share)})"


def _expected(before: int, share: float) -> str:
    """Return how many the four weeks before had for as many days: "5.5", "2"."""
    return f"{before * share:.1f}".removesuffix(".0")


def _lengths(now: metrics.Lengths, of: int, before: metrics.Lengths) -> str:
    if now.median is None or now.ninetieth is None:
        return "none yet"
    median, ninetieth = tell_length(now.median), tell_length(now.ninetieth)
    was = ""
    if before.median is not None and before.ninetieth is not None:
        was = f" ({tell_length(before.median)}, {tell_length(before.ninetieth)})"
    return f"median {median}, 90th percentile {ninetieth}{was}, {now.known} of {of}"
