"""Boards, query checks and discovered dashboards in words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from opsdesk.counts.boards import BoardReading, Level, PanelReading, Point, QueryCheck
from opsdesk.counts.dashboards import Dashboard, Proposal, Widget, as_setting
from opsdesk.counts.file import Counter, CountsFile
from opsdesk.datadog import Unknown, missing, reason, reason_in_full
from opsdesk.text import part, tell_age, tell_hour, tell_time, tell_zone

MARKS = {Level.ALERT: "🔴", Level.WARN: "🟡", Level.FINE: "🟢", Level.UNKNOWN: "⚪"}


def listing(file: CountsFile) -> str:
    """Return the answer to `!stats`: what can be asked for."""
    counters = ", ".join(counter.label for counter in file.counters.values())
    boards = [f"• `!stats {key}` {board.title}" for key, board in file.boards.items()]
    none = "No further boards yet: data/counts.toml has examples, `!stats discover <dashboard>` finds their queries."
    return "\n".join(
        (
            f"{file.title}: {counters}",
            "• `!stats today`, `!stats yesterday`, `!stats 2026-11-20`, `!stats week`; one: `!stats check-ins clicked`",
            "• `!stats chart`, `!stats chart week`, `!stats chart month`",
            *(boards or [none]),
            "• `!stats record check-ins clicked 1765` while Datadog is out of reach (`none` instead takes it back)",
            "• `!stats check` tries each query",
        )
    )


def board(shown: BoardReading, zone: tzinfo) -> str:
    """Return a board as text: each panel with its value, its highest of the hour and its threshold, and the link."""
    until = f"{tell_hour(shown.end, zone)} {tell_zone(shown.end, zone)}"
    panels = (f"{MARKS[one.level]} {_panel(one, shown.end, zone)}" for one in shown.panels)
    look = (f"Look at {shown.board.dashboard}",) if shown.board.dashboard else ()
    return "\n".join((f"{shown.board.title}, the hour to {until}", *panels, *look))


def checked(tried: Sequence[QueryCheck], at: datetime, zone: tzinfo) -> str:
    """Return the answer to `!stats check`: a line for each query."""
    lines = (f"• {one.label} ({one.organisation}): {_checked(one, at, zone)}" for one in tried)
    return "\n".join(("Each query asked once, for the last 24 hours", *lines))


def discovered(
    dashboard: Dashboard, organisation: str, proposals: Sequence[Proposal], file: CountsFile, page: int, command: str
) -> str:
    """Return page `page` of a dashboard: what fits which counter, the TOML to paste, each widget with its queries."""
    blocks = [
        f"{dashboard.title or 'The dashboard'} ({organisation}): {len(dashboard.widgets)} widgets",
        *(_proposal(one, file) for one in proposals),
        _toml(proposals, organisation, file),
        *_widgets(dashboard),
    ]
    return part([block for block in blocks if block], page, command)


def undiscovered(missing: Mapping[str, Unknown], at: datetime) -> str:
    """Return why no dashboard can be shown: a line for each organisation that was asked."""
    return "\n".join(f"Organisation {key}: {reason(one, at)}" for key, one in missing.items())


def _panel(one: PanelReading, at: datetime, zone: tzinfo) -> str:
    if isinstance(one.shown, Unknown):
        return f"{one.panel.label}: {missing(one.shown, at)}"
    told = f"{one.panel.label}: {_plain(one.shown)}"
    if one.summed:
        told += " in the hour"
    elif one.latest and one.highest:
        told += f" at {tell_time(one.latest.at, zone)}{_highest(one.highest, zone)}"
    return told + _threshold(one)


def _highest(highest: Point, zone: tzinfo) -> str:
    return f", highest {_plain(highest.value)} at {tell_time(highest.at, zone)}"


def _threshold(one: PanelReading) -> str:
    limit = one.panel.alert if one.level is Level.ALERT else one.panel.warn
    return f" ({one.level.value} from {_plain(limit)})" if one.level in (Level.ALERT, Level.WARN) and limit else ""


def _checked(one: QueryCheck, at: datetime, zone: tzinfo) -> str:
    told = (
        reason_in_full(one.trouble, at) if one.trouble else f"ok, {one.points} point" + ("s" if one.points != 1 else "")
    )
    if one.last:
        told += f", the last one {tell_age(max(timedelta(), at - one.last))} ago"
    return told + (f", {one.left} queries left" if one.left is not None else "")


def _proposal(proposal: Proposal, file: CountsFile) -> str:
    label = file.counters[proposal.counter].label
    if proposal.query:
        same = as_setting(proposal.query, file.settings) == file.counters[proposal.counter].query
        return f"• {label}: " + ("as configured" if same else f'fits "{proposal.fitting[0].name}"')
    if proposal.fitting:
        several = ", ".join(f'"{widget.name}"' for widget in proposal.fitting)
        return f"• {label}: several fit, choose one: {several}"
    return f"• {label}: nothing fits"


def _toml(proposals: Sequence[Proposal], organisation: str, file: CountsFile) -> str:
    tables = [
        _table(one.counter, file.counters[one.counter], organisation, as_setting(one.query, file.settings))
        for one in proposals
        if one.query
    ]
    return "To paste into data/counts.toml:\n```\n" + "\n\n".join(tables) + "\n```" if tables else ""


def _table(key: str, counter: Counter, organisation: str, query: str) -> str:
    """Return the counter's table with another query. A JSON string is a valid TOML string."""
    texts = {"label": counter.label, "organisation": organisation, "query": query}
    lines = [f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in texts.items()]
    sample = [f"sample = {counter.sample}"] if counter.sample is not None else []
    return "\n".join((f"[counters.{key}]", *lines, *sample))


def _widgets(dashboard: Dashboard) -> Iterator[str]:
    yield from (_widget(one) for one in dashboard.widgets if one.queries)
    unread = [f"{one.name} ({one.kind})" for one in dashboard.widgets if one.unread]
    if unread:
        yield f"Not read: {', '.join(unread)}"


def _widget(one: Widget) -> str:
    queries = (f"   {query.source}: `{query.text.replace('`', chr(39))}`" for query in one.queries)
    return "\n".join((f"• {one.name} ({one.kind})", *queries))


def _plain(number: float) -> str:
    """Format a number without decimals if it is whole, else with two."""
    return f"{number:.0f}" if float(number).is_integer() else f"{number:.2f}"
