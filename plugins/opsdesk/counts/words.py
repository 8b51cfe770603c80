"""Counts in words: the lines, the window, how they compare, what is missing and why."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from opsdesk.clock import day_bounds, day_of
from opsdesk.counts.baselines import Comparability, Compared, Comparison
from opsdesk.counts.counts import CounterLine, Counts, Entered, KnownCount, Value, half_up, percentage
from opsdesk.datadog import Unknown, missing, reason
from opsdesk.text import tell_days, tell_hour, tell_list, tell_stamp, tell_zone

WEEK, MOST_NAMED = timedelta(days=7), 5
UNDRAWN = "There is nothing to draw"
SAMPLE = "sample counts: no Datadog keys configured"


def report(counts: Counts, compared: Comparison) -> str:
    """Return the answer to `!stats yesterday`: the window, the lines, how they compare."""
    return "\n".join(filter(None, (_told(counts), comparison(counts, compared))))


def week(counts: Counts, compared: Comparison) -> str:
    """Return the answer to `!stats week`: the lines of the week so far, and how they compare with past weeks."""
    against = "" if _is_silent(counts, compared) else _against(counts, compared, "weeks")
    return "\n".join(filter(None, (week_heading(counts), _known_lines(counts), against, *flags(counts, compared))))


def past_week(counts: Counts, compared: Comparison) -> str:
    """Return the answer to `!stats last week`: the lines of a week that is over, and how they compare."""
    against = "" if _is_silent(counts, compared) else _against(counts, compared, "weeks")
    first, last = day_of(counts.start, counts.zone), counts.day
    heading = f"{counts.title}, last week: {tell_days(first, last)}{_marked(counts)}"
    return "\n".join(filter(None, (heading, _known_lines(counts), against, *flags(counts, compared))))


def so_far(counts: Counts, compared: Comparison, week: Counts, week_compared: Comparison) -> str:
    """Return the answer to `!stats today`: window, lines, how they compare, and, except on Mondays, the week so far."""
    is_new = week.start == counts.start or counts.sample
    so_far = "" if is_new else _beside_all(f"The week so far{_with(week_compared.holiday)}: ", week_compared)
    against = "" if _is_silent(counts, compared) else _against(counts, compared)
    return "\n".join(filter(None, (_told(counts), against, so_far)))


def some(counts: Counts, compared: Comparison, counters: Sequence[str]) -> str:
    """Return the answer to `!stats check-ins clicked`: the lines and the comparison of some of the counters."""
    lines = [line(counts, one) for one in counts.lines if {one.counter, one.of} & {*counters}]
    only = replace(compared, each=tuple(one for one in compared.each if one.counter in counters))
    return "\n".join(filter(None, (heading(counts), *lines, comparison(counts, only))))


def counter_lines(counts: Counts) -> str:
    """Return the lines that data/counts.toml lists: "Completed check-ins % : 63.5%", then "Check-ins clicked: 1765"."""
    return "\n".join(line(counts, one) for one in counts.lines)


def line(counts: Counts, told: CounterLine) -> str:
    """Return one line: the number, marked if it was typed by hand, or the reason why there is none."""
    value = counts.values[told.counter]
    if not told.of:
        return f"{told.label}: {number(counts, told.counter)}"
    return f"{told.label} % : {_percentage(value, counts.values[told.of], counts)}"


def window_words(counts: Counts) -> str:
    """Return from when to when a day's counts go: "midnight to 3:42pm ET"."""
    until = f" to {tell_hour(counts.end, counts.zone)}" if counts.end > counts.start else ""
    return f"midnight{until} {tell_zone(counts.end, counts.zone)}"


def heading(counts: Counts) -> str:
    """Return the heading of a day's counts: "Check-in counts, midnight to 3:42pm ET, Monday November 23"."""
    return f"{counts.title}, {window_words(counts)}, {_day(counts.day, counts)}{_marked(counts)}"


def week_heading(week: Counts) -> str:
    """Return the heading of a week's counts: "Check-in counts, this week: Monday to now (3:42pm ET)"."""
    return f"{week.title}, this week: Monday to now ({_until(week)}){_marked(week)}"


def days_heading(days: Sequence[Counts]) -> str:
    """Return the heading of a chart of several days: "Check-in counts, Tuesday November 17 to Monday November 23"."""
    first, last = days[0], days[-1]
    so_far = (
        f", today until {_until(last)}" if last.start < last.end and day_of(last.end, last.zone) == last.day else ""
    )
    return f"{last.title}, {_day(first.day, last)} to {_day(last.day, last)}{so_far}{_marked(last)}"


def several(counts: Counts) -> list[str]:
    """Return the lines of the counts of several days, below a heading, or why there are none."""
    return [f"*Counts*{_marked(counts)}", *_known_lines(counts).splitlines()]


def unavailable(counts: Counts) -> str:
    """Return why no number is known, in one phrase: "Datadog did not answer (timeout)"; "" where one is."""
    if counts.known:
        return ""
    return counts.trouble or "; ".join(dict.fromkeys(reason(one, counts.at) for one in counts.unknown))


def undrawn(counts: Counts) -> str:
    """Return the answer where there is nothing to draw."""
    return f"{UNDRAWN}: {unavailable(counts)}."


def comparison(counts: Counts, compared: Comparison) -> str:
    """Return how the counts compare: one line for all, then one for each that stands out; "" for samples.

    What stands out today is for the watch to say, which knows what an ordinary day may look like.
    """
    if _is_silent(counts, compared):
        return ""
    return "\n".join((_against(counts, compared), *(() if _is_today(counts) else flags(counts, compared))))


def flags(counts: Counts, compared: Comparison) -> list[str]:
    """Return a line for each counter that stands out, with the dashboard's link."""
    look = f": look at {counts.dashboard}" if counts.dashboard else ""
    return [f"⚠ {_flag(one)}{look}" for one in compared.flagged]


def small(label: str) -> str:
    """Return the label as it is written within a sentence: "check-ins clicked"."""
    return label[:1].lower() + label[1:]


def _day(day: date, counts: Counts) -> str:
    year = f" {day.year}" if day.year != day_of(counts.at, counts.zone).year else ""
    return f"{day:%A %B} {day.day}{year}"


def _told(counts: Counts) -> str:
    return f"{heading(counts)}\n{_known_lines(counts)}"


def _known_lines(counts: Counts) -> str:
    return counter_lines(counts) if counts.known else f"Counts unavailable: {unavailable(counts).removesuffix('.')}."


def _until(counts: Counts) -> str:
    return f"{tell_hour(counts.end, counts.zone)} {tell_zone(counts.end, counts.zone)}"


def _marked(counts: Counts) -> str:
    return f" ({SAMPLE})" if counts.sample else ""


def number(counts: Counts, counter: str) -> str:
    """Return the counter's number, marked if it was typed by hand, or the reason why there is none."""
    value = counts.values[counter]
    if isinstance(value, Unknown):
        return missing(value, counts.at)
    return str(value.number) + _without(value, counts) + _by_hand(counts, value.entered)


def _percentage(part: Value, whole: Value, counts: Counts) -> str:
    for value in (whole, part):
        if isinstance(value, Unknown):
            return missing(value, counts.at)
    assert isinstance(part, KnownCount)
    assert isinstance(whole, KnownCount)
    if part.lacks != whole.lacks:
        return f"unavailable: no data of one of the two for {_days(sorted({*part.lacks} ^ {*whole.lacks}), counts)}"
    tenths = percentage(part.number, whole.number, tenths=True)
    if tenths is None:
        return "n/a"
    sign = "-" if tenths < 0 else ""
    told = f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}%"
    return told + _without(part, counts) + _by_hand(counts, part.entered or whole.entered)


def _without(value: KnownCount, counts: Counts) -> str:
    """Return what the number of several days lacks: " (no data for Wednesday)"; "" if nothing."""
    return f" (no data for {_days(value.lacks, counts)})" if value.lacks else ""


def _days(days: Sequence[date], counts: Counts) -> str:
    """Return days of those counted: of a week by their names, of more by their dates, a few of them."""
    if counts.day - day_of(counts.start, counts.zone) < WEEK:
        return _weekdays(days)
    more = len(days) - MOST_NAMED
    rest = [f"{more} more day{'s' if more > 1 else ''}"] if more > 0 else []
    return tell_list([*(f"{one:%b} {one.day}" for one in days[:MOST_NAMED]), *rest])


def _weekdays(days: Sequence[date]) -> str:
    return tell_list([f"{one:%A}" for one in days])


def _by_hand(counts: Counts, entered: Entered | None) -> str:
    return f" (entered by {entered.by} {tell_stamp(entered.at, counts.at, counts.zone)})" if entered else ""


def _against(counts: Counts, compared: Comparison, spans: str = "") -> str:
    """Return each counter beside its median of past same weekdays, or of past `spans`, or why there is none."""
    is_today = _is_today(counts)
    what = compared.holiday or (compared.quiet.told if compared.quiet else "")
    holiday = f" ({'today is' if is_today else 'it was'} {what})" if what else ""
    if spans:
        holiday = _with(what)
    if is_today and not spans:
        told = _usual(f"Usual for a {counts.day:%A} by now{holiday}: ", f"{counts.day:%A}s", compared)
    else:
        told = _beside_all(f"Against the last {compared.days} {spans or _which(counts)}{holiday}: ", compared)
    if not told:
        why = f": {reason(compared.trouble, counts.at)}" if compared.trouble else ""
        return f"Fewer than two past {spans or f'{counts.day:%A}s'} are known to compare with{why}."
    return told


def _with(holidays: str) -> str:
    """Return that days off are among those that are counted: they have less than the days that they are beside."""
    return f" (with {holidays})" if holidays else ""


def _usual(before: str, days: str, compared: Comparison) -> str:
    """Return what is usual by now of each counter, and how far it is from that; "" where nothing is known."""
    usual = [f"{small(one.label)} {half_up(one.median)}{_away(one)}" for one in compared.each if one.median is not None]
    return f"{before}{' · '.join(usual)}, from {compared.days} {days}" if usual else ""


def _away(one: Compared) -> str:
    if not isinstance(one.value, KnownCount):
        return " (not known today)"
    return "" if one.percent is None else f" ({one.percent:+d}%)" if one.percent else " (the same)"


def _is_today(counts: Counts) -> bool:
    return counts.day == day_of(counts.at, counts.zone)


def _is_silent(counts: Counts, compared: Comparison) -> bool:
    """Return whether there is nothing to compare and nothing to say about that."""
    medians = any(one.median is not None for one in compared.each)
    return counts.sample or not compared.each or not (counts.known or medians)


def _beside_all(before: str, compared: Comparison) -> str:
    """Return each counter beside its median, after the text `before`; "" where no counter has one.

    One that lacks a day has none: it says so instead.
    """
    if all(one.median is None for one in compared.each):
        return ""
    return before + " · ".join(_beside(one) for one in compared.each if one.median is not None or _lacks(one))


def _lacks(one: Compared) -> bool:
    return isinstance(one.value, KnownCount) and bool(one.value.lacks)


def _which(counts: Counts) -> str:
    weekday = f"{counts.day:%A}s"
    if counts.end >= day_bounds(counts.day, counts.zone)[1]:
        return weekday
    return f"{weekday} by {tell_hour(counts.end, counts.zone)}"


def _beside(one: Compared) -> str:
    number = one.value.number if isinstance(one.value, KnownCount) else "?"
    if isinstance(one.value, KnownCount) and one.value.lacks:
        return f"{small(one.label)} {number} (no data for {_weekdays(one.value.lacks)})"
    away = one.percent
    sign = "" if away is None else f", {away:+d}%" if away else ", the same"
    return f"{small(one.label)} {number} (median {half_up(one.median or 0)}{sign})"


def _flag(one: Compared) -> str:
    usual = half_up(one.median or 0)
    if one.verdict is Comparability.MISSING:
        return f"{one.label}: no data, where the median is {usual}"
    if one.verdict is Comparability.ZERO:
        return f"{one.label} 0, where the median is {usual}"
    number = one.value.number if isinstance(one.value, KnownCount) else "?"
    way = "under" if one.verdict is Comparability.UNDER else "over"
    return f"{one.label} {number} is {abs(one.percent or 0)}% {way} the median of {usual}"
