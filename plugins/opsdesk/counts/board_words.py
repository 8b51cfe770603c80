"""Boards and query checks in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from opsdesk.counts.boards import BoardReading, QueryCheck
from opsdesk.counts.expressions import Operation, signs
from opsdesk.counts.file import CountsFile
from opsdesk.counts.readings import PanelReading, Point
from opsdesk.counts.standing import Level, level, threshold
from opsdesk.datadog import Unknown, missing, reason_in_full
from opsdesk.text import tell_age, tell_hour, tell_time, tell_zone

MARKS = {
    Level.ALERT: "🔴",
    Level.WARN: "🟡",
    Level.RISING: "🟡",
    Level.EDGE: "🟢",
    Level.FINE: "🟢",
    Level.UNKNOWN: "⚪",
}


def listing(file: CountsFile) -> str:
    """Return what can be asked for."""
    boards = [f"• `!stats {key}` {board.title}" for key, board in file.boards.items()]
    none = "No further boards yet: data/counts.toml has examples, `!stats discover <dashboard>` finds their queries."
    return "\n".join(
        (
            "• `!stats yesterday`, `!stats 2026-11-20`, `!stats week`; one: `!stats check-ins clicked`",
            "• `!stats chart`, `!stats chart week`, `!stats chart month`",
            *(boards or [none]),
            "• `!stats record check-ins clicked 1765` while Datadog is out of reach (`none` instead takes it back)",
            "• `!stats check` tries each query",
        )
    )


def board(shown: BoardReading, zone: tzinfo) -> str:
    """Return a board as text: each panel with its value, its highest of the hour and its threshold, and the link."""
    until = f"{tell_hour(shown.end, zone)} {tell_zone(shown.end, zone)}"
    panels = (f"{MARKS[level(one)]} {one.panel.label}: {told(one, zone)}" for one in shown.panels)
    look = (f"Look at {shown.board.dashboard}",) if shown.board.dashboard else ()
    return "\n".join((f"{shown.board.title}, the hour to {until}", *panels, *look))


def checked(tried: Sequence[QueryCheck], at: datetime, zone: tzinfo) -> str:
    """Return the answer to `!stats check`: a line for each query."""
    lines = (f"• {one.label} ({one.organisation}): {_checked(one, at, zone)}" for one in tried)
    return "\n".join(("Each query asked once, for the last 24 hours", *lines))


def told(one: PanelReading, zone: tzinfo) -> str:
    """Return what a panel shows, what it was highest in the hour, and its threshold: "5 in the hour (warn from 5)"."""
    limit, is_gauge = limit_of(one), not one.summed and not isinstance(one.shown, Unknown)
    highest = _highest(one.highest, zone) if is_gauge and one.highest and one.highest.value != one.shown else ""
    return f"{figure(one, zone)}{highest}" + (f" ({limit})" if limit else "")


def figure(one: PanelReading, zone: tzinfo) -> str:
    """Return what a panel shows: "5 in the hour", "1240 at 3:41pm", "silent since 3:12pm"."""
    if one.is_silent:
        return f"silent since {tell_time(one.latest.at, zone)}" if one.latest else "no data"
    if isinstance(one.shown, Unknown):
        return missing(one.shown, one.end)
    where = f" ({one.scope})" if one.scope else ""
    if one.summed:
        return f"{_plain(one.shown)} {'over' if _is_ratio(one) else 'in'} the hour{where}"
    return f"{_plain(one.shown)} {f'at {tell_time(one.latest.at, zone)}' if one.latest else 'now'}{where}"


def limit_of(one: PanelReading) -> str:
    """Return what a panel has crossed: "alert from 10", "rising: 342, usually 120"; "" for nothing."""
    reached = level(one)
    limit = threshold(one.panel, reached)
    if limit is not None:
        return f"{reached.value} {'at' if one.panel.below else 'from'} {_plain(limit)}{' and below' * one.panel.below}"
    if reached is Level.RISING and one.rise:
        return f"rising: {_plain(one.rise.recent)} in 10 minutes, usually {_plain(one.rise.usual)} in the hours before"
    return ""


def _is_ratio(one: PanelReading) -> bool:
    """Return whether a panel of counts shows something else than how many there were."""
    node = one.panel.reckoning.node
    return isinstance(node, Operation) and any(sign in "*/" for sign in signs(node))


def _highest(highest: Point, zone: tzinfo) -> str:
    return f", highest {_plain(highest.value)} at {tell_time(highest.at, zone)}"


def _checked(one: QueryCheck, at: datetime, zone: tzinfo) -> str:
    if one.found is not None:
        return f"ok, {one.found} found in the last hour"
    told = (
        reason_in_full(one.trouble, at) if one.trouble else f"ok, {one.points} point" + ("s" if one.points != 1 else "")
    )
    if one.last:
        told += f", the last one {tell_age(max(timedelta(), at - one.last))} ago"
    return told + (f", {one.left} queries left" if one.left is not None else "")


def _plain(number: float) -> str:
    """Format a number without decimals if it is whole, else with two, or to two digits if it is small."""
    if float(number).is_integer():
        return f"{number:.0f}"
    return f"{number:.2f}" if abs(number) >= 0.1 else f"{number:.2g}"
