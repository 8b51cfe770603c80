"""What the watch says: never a cause, never of the service, always with figures."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

import msgspec

from opsdesk.clock import moment
from opsdesk.counts import half_up
from opsdesk.counts import words as counts
from opsdesk.text import tell_hour, tell_length
from opsdesk.watch.falls import NO_POINTS, Fall, FallKind, Telling, WatchDay
from opsdesk.watch.rule import Judgement, Verdict
from opsdesk.watch.series import WatchedSeries
from opsdesk.watch.sight import Figures, Sight

FEW = 8  # events due in 15 minutes: with fewer, a stop is not told within 20
LONG = 90  # minutes
MOST_IN_SUMMARY = 4  # falls of a day that are named
SHARES = {0.1: "a tenth", 0.2: "a fifth", 0.25: "a quarter", 1 / 3: "a third", 0.4: "two fifths", 0.5: "half"}
SHARES |= {0.6: "three fifths", 2 / 3: "two thirds", 0.75: "three quarters"}


class WatchWords(msgspec.Struct, frozen=True):
    """The words about one day: its minutes told in `zone`, its series by their labels, with the dashboard's link."""

    day: date
    zone: tzinfo
    series: tuple[WatchedSeries, ...]
    dashboard: str = ""

    def message(self, watched: WatchDay, telling: Telling) -> str:
        """Return the message of a fall, or, once all that it tells is back, that it is."""
        falls = watched.told(telling.number)
        if falls and watched.is_back(telling.number):
            return self.back(telling, falls)
        link = f" {self.dashboard}" if self.dashboard else ""
        keep = f"  To keep it: `!incident open {self.incident_title(telling, falls)} --sev 2`"
        return f"⚠ {self.fell(telling, falls)}{self._others(telling)}{link}{keep}"

    def fell(self, telling: Telling, falls: Iterable[Fall]) -> str:
        """Return what fell: "Check-ins clicked: none since 1:20pm; usually 29 in 10 minutes at this time."."""
        kinds = {fall.series: fall.kind for fall in falls}
        return " ".join(f"{one}." for key in telling.named for one in self._sentences(key, kinds.get(key), telling))

    def back(self, telling: Telling, falls: Sequence[Fall]) -> str:
        """Return that what a message tells is back: since when, with how many, and how many there were fewer."""
        named = [fall for fall in falls if fall.series in telling.named] or falls
        return "✅ " + " ".join(f"{self._back_again(fall)}." for fall in named)

    def title(self, telling: Telling, falls: Sequence[Fall]) -> str:
        """Return the fall in one line: "Check-ins clicked: none since 1:20pm"."""
        kinds = {fall.series: fall.kind for fall in falls}
        return "; ".join(self._in_short(key, kinds.get(key), telling.figures[key]) for key in telling.named)

    def incident_title(self, telling: Telling, falls: Sequence[Fall]) -> str:
        """Return what an incident about it may be called: "No check-ins", "Few check-ins clicked"."""
        if any(fall.kind is FallKind.NO_POINTS for fall in falls if fall.series in telling.named):
            return "No counts in Datadog"
        silent = all(fall.kind is FallKind.NONE for fall in falls if fall.series in telling.named)
        labels = [counts.small(label) for key in telling.named for label in self._labels(key)]
        return f"{'No' if silent else 'Few'} {' and '.join(labels)}"

    def of_the_day(self, watched: WatchDay) -> str:
        """Return what fell and came back, or is still low, for the summary; "" where all was as usual.

        Of many, what goes on is named, then what cost most.
        """
        told = told_of(watched, self.series)
        named = sorted(told, key=lambda fall: (not fall.is_open, -fall.missed))[:MOST_IN_SUMMARY]
        rest = [f"and {len(told) - len(named)} more"] if len(told) > len(named) else []
        return "; ".join([*(self._of_the_day(fall) for fall in told if fall in named), *rest])

    def low_now(self, watched: WatchDay, counter: str = "") -> list[str]:
        """Return a line for everything that is low now, or of it what concerns a counter."""
        look = f": look at {self.dashboard}" if self.dashboard else ""
        return [
            f"⚠ {self._still_low(fall)}{look}"
            for fall in told_of(watched, self.series)
            if fall.is_open and (not counter or counter in self._members(fall.series))
        ]

    def judgements(self, sight: Sight) -> list[str]:
        """Return a line for each series: how it is judged now, or why it is not."""
        return [self._judgement(one, sight.judged[one.key]) for one in sight.series]

    def _judgement(self, one: WatchedSeries, judged: Judgement) -> str:
        if not judged.verdict.is_judged:
            return f"• {one.label}: {judged.verdict.value}"
        found = f"{half_up(judged.count)} in {judged.end - judged.since} minutes, usually {half_up(judged.due)}"
        if judged.verdict is Verdict.NONE:
            return f"⚠ {one.label}: none since {self._at(judged.since)}, usually {half_up(judged.due)} in that time"
        if judged.verdict is Verdict.LOW:
            return f"⚠ {one.label}: low, {found}"
        due = judged.rate * 15
        if due < FEW:
            wait = half_up(judged.stop_shows_after) if judged.rate else 0
            after = f"a stop shows after about {wait} minutes" if judged.rate else "none is usual now"
            return f"• {one.label}: {found}; too few to judge: {half_up(due)} due in 15 minutes, {after}"
        return f"• {one.label}: as usual, {found}"

    def _sentences(self, key: str, kind: FallKind | None, telling: Telling) -> Iterator[str]:
        figures, members = telling.figures[key], self._members(key)
        if kind is FallKind.NO_POINTS:
            yield f"{self._no_point_of(key)} {self._without_points(figures)}"
        elif len(members) == 2 and all(telling.figures[one].silent for one in members):
            first, *rest = members
            yield self._sentence(self.label(first), None, telling.figures[first])
            yield from (self._counter_of_flow(one, telling.figures[one]) for one in rest)
        else:
            yield self._sentence(self.label(key), kind, figures, plural=len(members) > 1)
            if len(members) == 2 and not figures.silent:
                yield from (self._counter_of_flow(one, telling.figures[one]) for one in members)

    def _sentence(self, label: str, kind: FallKind | None, figures: Figures, *, plural: bool = False) -> str:
        usual = f"usually {half_up(figures.due)}"
        if kind is FallKind.ALL_DAY:
            return f"{label}: low all day, {half_up(figures.count)} by now, {usual}"
        if figures.silent:
            return f"{label}: none since {self._at(figures.since)}; {usual} in {_length(figures)}"
        found = f"{half_up(figures.count)} in {_length(figures, short=True)}, {usual}: about {_share(figures)}"
        return f"{label}{' are' if plural else ':'} low since about {self._about(figures.since)}: {found}"

    def _counter_of_flow(self, key: str, figures: Figures) -> str:
        """Return one of a flow's two behind the other: "Completed: none since 1:20pm (usually 18)"."""
        label, usual = self._rest_of_label(key), f"(usually {half_up(figures.due)})"
        if figures.silent:
            return f"{label}: none since {self._at(figures.since)} {usual}"
        return f"{label}: {half_up(figures.count)} in {figures.minutes} minutes {usual}"

    def _others(self, telling: Telling) -> str:
        labels = [self.label(key) for key in telling.others]
        if not labels:
            return ""
        told = " and ".join([labels[0], *map(counts.small, labels[1:])])
        return f" {told} are as usual."

    def _back_again(self, fall: Fall) -> str:
        if fall.was_late:
            return f"Datadog has {self._points_of(fall)} after all: they came late"
        if fall.kind is FallKind.NO_POINTS or fall.back is None:
            return f"Datadog has {self._points_of(fall)} again since {self._at(fall.back_since)}. {self._lasted(fall)}"
        found = f"{half_up(fall.back.count)} in {fall.back.minutes} minutes (usually {half_up(fall.back.due)})"
        return f"{self.label(fall.series)}: back since {self._at(fall.back_since)}, {found}. {self._lasted(fall)}"

    def _lasted(self, fall: Fall) -> str:
        """Return how long it lasted: "None from 1:20pm to 2:05pm: about 130 fewer than usual"."""
        until = self._at(fall.back_since)
        fewer = f": about {_rounded(fall.missed)} fewer than usual" if fall.missed >= 1 else ""
        if fall.kind in (FallKind.NONE, FallKind.NO_POINTS):
            return f"None from {self._at(fall.since)} to {until}{fewer}"
        return f"Low from about {self._about(fall.since)} to {until}{fewer}"

    def _of_the_day(self, fall: Fall) -> str:
        """Return a fall of the day for the summary: "Check-ins clicked: none from 1:20pm to 2:05pm"."""
        if fall.is_open:
            return self._still_low(fall)
        is_gap = fall.kind is FallKind.NO_POINTS or fall.was_late
        label = f"P{self._points_of(fall)[1:]}" if is_gap else self.label(fall.series)
        if fall.was_late:
            return f"{label}: late from {self._at(fall.found_at)} to {self._at(fall.back_at or 0)}"
        lasted = self._lasted(fall).replace(": about", ", about")
        return f"{label}: {lasted[:1].lower()}{lasted[1:]}"

    def _still_low(self, fall: Fall) -> str:
        if fall.kind is FallKind.NO_POINTS:
            return f"{self._no_point_of(fall.series)} {self._without_points(fall.figures)}"
        return self._sentence(self.label(fall.series), fall.kind, fall.figures)

    def _in_short(self, key: str, kind: FallKind | None, figures: Figures) -> str:
        if kind is FallKind.NO_POINTS:
            return f"{self._no_point_of(key)} since {self._at(figures.since)}"
        if kind is FallKind.ALL_DAY:
            return f"{self.label(key)}: low all day"
        since = self._at(figures.since) if figures.silent else f"about {self._about(figures.since)}"
        return f"{self.label(key)}: {'none' if figures.silent else 'low'} since {since}"

    def _no_point_of(self, key: str) -> str:
        return f"No point of {'any counter' if key == NO_POINTS else counts.small(self.label(key))} in Datadog"

    def _points_of(self, fall: Fall) -> str:
        return f"points of {'the counters' if fall.series == NO_POINTS else counts.small(self.label(fall.series))}"

    def _without_points(self, figures: Figures) -> str:
        usual = f"(usually {half_up(figures.due)} in {figures.minutes} minutes)"
        return f"since {self._at(figures.since)} {usual}: nobody checks in, or Datadog gets no data"

    def _labels(self, key: str) -> list[str]:
        """Return the labels of a set as people call it: of all, those of its flows."""
        flows = [one.label for one in self.series if 1 < len(one.members) < len(self._members(key))]
        return flows if self._is_all(key) and flows else [self.label(key)]

    def _is_all(self, key: str) -> bool:
        return len(self._members(key)) == max(len(one.members) for one in self.series) > 2

    def label(self, key: str) -> str:
        """Return what a series is called."""
        return next((one.label for one in self.series if one.key == key), key)

    def _rest_of_label(self, key: str) -> str:
        """Return a counter's label without that of its flow: "Completed"."""
        label = self.label(key)
        flow = next((one for one in self.series if len(one.members) == 2 and key in one.members), None)
        rest = label.removeprefix(flow.label).strip() if flow else label
        return rest[:1].upper() + rest[1:] if rest else label

    def _members(self, key: str) -> tuple[str, ...]:
        return next((one.members for one in self.series if one.key == key), (key,))

    def _at(self, minute: int) -> str:
        return tell_hour(self.moment(minute), self.zone)

    def _about(self, minute: int) -> str:
        """Return a minute that is not known exactly: to ten minutes."""
        return self._at(min(half_up(minute / 10) * 10, 24 * 60 - 1))

    def moment(self, minute: int) -> datetime:
        """Return a minute of the day as a moment."""
        return moment(self.day, time(*divmod(minute, 60)), self.zone)


def told_of(watched: WatchDay, series: Sequence[WatchedSeries]) -> list[Fall]:
    """Return the falls to tell of a day: those that messages name, and, of those that none tells, the largest sets."""
    members = {one.key: set(one.members) for one in series} | {NO_POINTS: {NO_POINTS}}
    named = {(one.number, key) for one in watched.tellings for key in one.named}
    told = [fall for fall in watched.falls if fall.telling and (fall.telling, fall.series) in named]
    untold = [fall for fall in watched.falls if not fall.telling]
    largest = [
        fall
        for fall in untold
        if not any(members.get(fall.series, set()) < members.get(other.series, set()) for other in untold)
    ]
    return sorted([*told, *largest], key=lambda fall: fall.since)


def _length(figures: Figures, *, short: bool = False) -> str:
    """Return how long a span is: "10 minutes at this time", where it is not long enough to have a time of its own."""
    if figures.minutes > LONG:
        return "that time" if not short else tell_length(timedelta(minutes=figures.minutes))
    return f"{figures.minutes} minutes" + ("" if short else " at this time")


def _share(figures: Figures) -> str:
    share = figures.count / figures.due if figures.due else 0
    return SHARES[min(SHARES, key=lambda one: abs(one - share))] if share >= 0.05 else "none"


def _rounded(number: float) -> int:
    """Return a number to its first two digits."""
    nearest = half_up(number)
    scale: int = 10 ** max(0, len(str(nearest)) - 2)
    return half_up(nearest / scale) * scale
