"""The team's own thresholds on a dashboard: a widget's conditional formats, or the lines on a graph."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from opsdesk.patterns import regex

RED, YELLOW = regex(r"red"), regex(r"yellow|orange")
UP, DOWN = (">", ">="), ("<", "<=")
LINE = regex(r"\s*y\s*=\s*(-?\d+(?:\.\d+)?)\s*")


class Thresholds(msgspec.Struct, frozen=True):
    """From where on a panel is flagged; downwards with `below`."""

    warn: float | None = None
    alert: float | None = None
    below: bool = False


def of_formats(formats: Iterable[Mapping[str, Any]]) -> Thresholds:
    """Return what red and yellow begin with: red is an alert. Those that look the other way from red are left out."""
    found = [one for raw in formats if (one := _format(raw))]
    red, yellow = ([one for one in found if one[0] is colour] for colour in (RED, YELLOW))
    if not found:
        return Thresholds()
    below = (red or yellow)[0][1]
    return _joined([one[2] for one in yellow if one[1] is below], [one[2] for one in red if one[1] is below], below)


def of_markers(markers: Iterable[Mapping[str, Any]]) -> Thresholds:
    """Return the lines of a graph that are drawn as an error or a warning."""
    lines = list(_lines(markers))
    alerts, warnings = ([value for kind, value in lines if kind == wanted] for wanted in ("error", "warning"))
    return _joined(warnings, alerts, below=False)


def _joined(warnings: list[float], alerts: list[float], below: bool) -> Thresholds:
    first = max if below else min
    warn, alert = (first(values) if values else None for values in (warnings, alerts))
    if warn is not None and alert is not None and (warn <= alert if below else warn >= alert):
        warn = None
    return Thresholds(warn, alert, below and (warn is not None or alert is not None))


def _format(raw: Mapping[str, Any]) -> tuple[re.Pattern[str], bool, float] | None:
    """Return a format's colour, whether it looks downwards, and from where on; None for one that flags nothing."""
    comparator, value, palette = raw.get("comparator"), raw.get("value"), raw.get("palette")
    if comparator not in (*UP, *DOWN) or not isinstance(palette, str) or isinstance(value, bool):
        return None
    if not isinstance(value, int | float):
        return None
    colour = next((one for one in (RED, YELLOW) if one.search(palette)), None)
    return (colour, comparator in DOWN, float(value)) if colour else None


def _lines(markers: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    for raw in markers:
        value, kind = raw.get("value"), raw.get("display_type")
        if isinstance(value, str) and isinstance(kind, str) and (found := LINE.fullmatch(value)):
            yield kind.partition(" ")[0], float(found[1])
