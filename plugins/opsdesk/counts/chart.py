"""Charts of counts. The only module that imports matplotlib, and only for the first picture.

Figures are made without pyplot, which keeps them all in memory and belongs to the main thread.
The colours are two of Okabe and Ito's, distinguishable with any kind of colour vision.
"""

import io
import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from textwrap import fill
from typing import TYPE_CHECKING

import msgspec

from opsdesk.clock import day_bounds, moment
from opsdesk.counts.baselines import same_time
from opsdesk.counts.counts import Counts, KnownCount, half_up, percentage
from opsdesk.counts.days import DaySeries
from opsdesk.counts.series import Series
from opsdesk.counts.words import number, window_words
from opsdesk.datadog import Unknown
from opsdesk.text import tell_hour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WHOLE, PART, QUIET, INK = "#0072B2", "#D55E00", "#5F5F5F", "#222222"
OFF = "#E8E8E8"
PALE = {WHOLE: "#7FB8D8", PART: "#F0B48F"}
SIZE, DOTS = 6.0, 200  # inches, and dots for each: 1200 pixels, which a preview shows as 360
FITTING = 60  # small letters in a line
SMALL, LARGE = 12, 14.5  # points: 10 and 12 pixels high in the preview
BY_HAND, SAMPLE = "*", "sample counts: no Datadog keys"
GRID = timedelta(minutes=5)
WIDE = 10  # days, up to which every bar has its rate written above

_drawing = threading.Lock()


class Pair(msgspec.Struct, frozen=True):
    """Two counters that belong together: `part` of `whole`. `part` is "" where a counter stands alone."""

    whole: str
    part: str = ""

    @property
    def coloured(self) -> list[tuple[str, str]]:
        """Return its counters, each with its colour."""
        return [(counter, colour) for counter, colour in ((self.whole, WHOLE), (self.part, PART)) if counter]


def pairs(counts: Counts) -> list[Pair]:
    """Return the counters as the percentages pair them, then those without a percentage."""
    found = [Pair(line.of, line.counter) for line in counts.lines if line.of]
    paired = {counter for pair in found for counter in (pair.whole, pair.part)}
    return found + [Pair(counter) for counter in counts.values if counter not in paired]


def draw_day(counts: Counts, series: DaySeries, past: Sequence[DaySeries]) -> bytes:
    """Return a PNG of how a day's counts grew, each over the band of the `past` days."""
    shown = pairs(counts)

    def panels(figure: "Figure") -> None:
        for axes, pair in zip(_column(figure, len(shown)), shown, strict=True):
            _day_panel(axes, counts, pair, series, past)

    title = f"{counts.title}, {counts.day:%A %B} {counts.day.day}\n{window_words(counts)}"
    below = f"shaded: lowest to highest of the last {len(past)} {counts.day:%A}s; dashed: median"
    return _drawn(title, below if past else SAMPLE * counts.sample, panels)


def draw_days(days: Sequence[Counts], holiday: Callable[[date], str] = lambda day: "") -> bytes:
    """Return a PNG of the counts of several days, oldest first: bars, and the percentage completed.

    `holiday` names the day off that a day is, "" for others: those are shaded.
    """
    last = days[-1]
    shown = pairs(last)
    rates = [pair for pair in shown if pair.part] if len(days) > WIDE else []

    def panels(figure: "Figure") -> None:
        column = _column(figure, len(shown) + bool(rates))
        for axes, pair in zip(column, shown, strict=False):
            _bar_panel(axes, days, pair, rated=not rates)
            _shade(axes, days, holiday)
        if rates:
            _rate_panel(column[-1], days, rates)

    title = f"{last.title}, {_short(days[0].day)} to {_short(last.day)}\nthe last one {window_words(last)}"
    off = "grey: holiday" if any(holiday(one.day) for one in days) else ""
    return _drawn(title, "; ".join(filter(None, (_notes(days, rated=not rates), off))), panels)


def _column(figure: "Figure", many: int) -> "list[Axes]":
    """Return panels below one another that share one horizontal axis."""
    return list(figure.subplots(many, 1, sharex=True, squeeze=False)[:, 0])


def _drawn(title: str, below: str, panels: "Callable[[Figure], None]") -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _drawing:  # all figures share their fonts
        figure = Figure(figsize=(SIZE, SIZE), dpi=DOTS, layout="constrained", facecolor="white")
        panels(figure)
        figure.suptitle(title, fontsize=LARGE, color=INK, fontweight="bold")
        figure.supxlabel(fill(below, FITTING), fontsize=SMALL, color=QUIET)
        picture = io.BytesIO()
        FigureCanvasAgg(figure).print_png(picture)  # type: ignore[no-untyped-call]  # matplotlib declares it so
        return picture.getvalue()


def _day_panel(axes: "Axes", counts: Counts, pair: Pair, series: DaySeries, past: Sequence[DaySeries]) -> None:
    start, end = day_bounds(counts.day, counts.zone)
    times = _times(start, end)
    for counter, colour in pair.coloured:
        before = [one[counter] for one in past if counter in one]
        known = [one for one in before if isinstance(one, Series)]
        curves = [_curve(one, [same_time(at, counts, one.start) for at in times]) for one in known]
        _band(axes, _hours(times, start), curves, colour)
        _line(axes, counts, counter, series.get(counter), colour)
    _clock_axis(axes, counts)
    _finish(axes, headroom=1.25)
    # What grows from nothing leaves the corner free.
    axes.legend(loc="upper left", fontsize=SMALL, frameon=False, borderaxespad=0, handlelength=1, labelcolor=INK)


def _band(axes: "Axes", hours: Sequence[float], curves: Sequence[Sequence[float]], colour: str) -> None:
    """Shade from the lowest to the highest of the past days, and draw their median."""
    from statistics import median  # not at the start: it takes a millisecond to load

    if curves:
        at_once = list(zip(*curves, strict=True))
        lowest, highest = [min(one) for one in at_once], [max(one) for one in at_once]
        axes.fill_between(hours, lowest, highest, color=colour, alpha=0.17, linewidth=0)
        axes.plot(hours, [median(one) for one in at_once], color=colour, linewidth=1.3, dashes=(4, 3))


def _line(axes: "Axes", counts: Counts, counter: str, series: Series | Unknown | None, colour: str) -> None:
    """Draw how the counter grew up to the last known moment; where Datadog failed, say so in the legend."""
    label = counts.labels[counter]
    if not isinstance(series, Series):
        axes.plot([], [], color=colour, linewidth=3, label=f"{label}: {number(counts, counter)}")
        return
    times = [*_times(counts.start, counts.end), counts.end]
    hours, values = _hours(times, counts.start), _curve(series, times)
    axes.plot(hours, values, color=colour, linewidth=3, label=f"{label} {half_up(values[-1])}")
    axes.plot(hours[-1:], values[-1:], "o", color=colour, markersize=6)


def _clock_axis(axes: "Axes", counts: Counts) -> None:
    start, end = day_bounds(counts.day, counts.zone)
    marks = [*(moment(counts.day, time(hour), counts.zone) for hour in range(0, 24, 4)), end]
    axes.set_xticks(_hours(marks, start), [tell_hour(mark, counts.zone) for mark in marks])
    axes.set_xlim(0, _hours([end], start)[0])


def _bar_panel(axes: "Axes", days: Sequence[Counts], pair: Pair, *, rated: bool) -> None:
    for (counter, colour), width in zip(pair.coloured, (0.88, 0.64), strict=False):
        heights = [_number(one, counter) or 0 for one in days]
        bars = axes.bar(range(len(days)), heights, width, color=colour, label=days[-1].labels[counter])
        if _is_partial(days[-1]):
            bars[-1].set_facecolor(PALE[colour])
        if rated and counter == pair.part:
            numbers = [
                "" if _number(one, counter) is None else f"{height:,}"
                for one, height in zip(days, heights, strict=True)
            ]
            written = axes.bar_label(bars, numbers, label_type="center", color="white", fontsize=SMALL - 2)
            written[-1].set_color(INK if _is_partial(days[-1]) else "white")
    for at, one in enumerate(days):
        top = at, _number(one, pair.whole) or 0
        words = above(one, pair, rated=rated)
        axes.annotate(words, top, (0, 3), textcoords="offset points", ha="center", fontsize=SMALL - 1, color=INK)
    _day_axis(axes, days)
    _finish(axes, headroom=1.45 if rated else 1.15)
    _legend_above(axes)


def _shade(axes: "Axes", days: Sequence[Counts], holiday: Callable[[date], str]) -> None:
    for at, one in enumerate(days):
        if holiday(one.day):
            axes.axvspan(at - 0.5, at + 0.5, color=OFF, linewidth=0, zorder=0)


def above(counts: Counts, pair: Pair, *, rated: bool) -> str:
    """Return the text above a day's bar: its number and the percentage if `rated`, and a mark for numbers that are
    not Datadog's.
    """
    whole, part = _number(counts, pair.whole), _number(counts, pair.part) if pair.part else None
    if whole is None or (pair.part and part is None):
        return "?"
    percent = percentage(part, whole) if part is not None else None
    by_hand = BY_HAND if any(_is_by_hand(counts, counter) for counter, _ in pair.coloured) else ""
    lines = [f"{whole:,}", *([f"{percent}%"] if percent is not None else [])] if rated else [""]
    return "\n".join(lines) + by_hand


def _rate_panel(axes: "Axes", days: Sequence[Counts], rated: Sequence[Pair]) -> None:
    for pair, colour, mark in zip(rated, (INK, QUIET), ("o", "s"), strict=False):
        rates = [_rate(one, pair) for one in days]
        label = next(line.label for line in days[-1].lines if line.of == pair.whole and line.counter == pair.part)
        axes.plot(range(len(days)), rates, marker=mark, markersize=4, linewidth=1.8, color=colour, label=f"{label} %")
    _day_axis(axes, days)
    _finish(axes, headroom=1.1)
    axes.set_ylim(0, 105)
    axes.set_yticks([0, 50, 100], ["0%", "50%", "100%"])
    _legend_above(axes)


def _rate(counts: Counts, pair: Pair) -> float:
    """Return the percentage completed; NaN where there is none, which leaves a gap in the line."""
    whole, part = _number(counts, pair.whole), _number(counts, pair.part)
    return part / whole * 100 if part is not None and whole else float("nan")


def _day_axis(axes: "Axes", days: Sequence[Counts]) -> None:
    if len(days) <= WIDE:
        axes.set_xticks(range(len(days)), [f"{one.day:%a}\n{one.day.day}" for one in days])
    else:
        mondays = [at for at, one in enumerate(days) if one.day.weekday() == 0]
        axes.set_xticks(mondays, [f"Mon\n{_short(days[at].day)}" for at in mondays])
    axes.set_xlim(-0.6, len(days) - 0.4)


def _finish(axes: "Axes", headroom: float) -> None:
    """Scale the panel from zero with some headroom, and remove what is not needed."""
    axes.set_ylim(0, max(1, axes.dataLim.y1) * headroom)
    axes.tick_params(labelsize=SMALL, colors=INK, length=3)
    axes.grid(axis="y", color="#E3E3E3", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.locator_params(axis="y", nbins=4)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _legend_above(axes: "Axes") -> None:
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=2,
        columnspacing=1,
        fontsize=SMALL,
        frameon=False,
        borderaxespad=0,
        handlelength=1,
        labelcolor=INK,
    )


def _times(start: datetime, end: datetime) -> list[datetime]:
    return [start + GRID * step for step in range((end - start) // GRID + 1)]


def _hours(times: Sequence[datetime], start: datetime) -> list[float]:
    return [(at - start) / timedelta(hours=1) for at in times]


def _curve(series: Series, times: Sequence[datetime]) -> list[float]:
    return [series.total(at) for at in times]


def _number(counts: Counts, counter: str) -> int | None:
    value = counts.values[counter]
    return value.number if isinstance(value, KnownCount) else None


def _notes(days: Sequence[Counts], *, rated: bool) -> str:
    notes = ["above: completed of clicked"] if rated else []
    if days[-1].sample:
        notes.append(SAMPLE)
    if _is_partial(days[-1]):
        notes.append("paler: so far")
    if any(isinstance(value, Unknown) for one in days for value in one.values.values()):
        notes.append("?: not known")
    if any(_is_by_hand(one, counter) for one in days for counter in one.values):
        notes.append(f"{BY_HAND}: by hand")
    return "; ".join(notes)


def _is_by_hand(counts: Counts, counter: str) -> bool:
    value = counts.values[counter]
    return isinstance(value, KnownCount) and value.entered is not None


def _is_partial(counts: Counts) -> bool:
    return counts.end < day_bounds(counts.day, counts.zone)[1]


def _short(day: date) -> str:
    return f"{day:%b} {day.day}"
