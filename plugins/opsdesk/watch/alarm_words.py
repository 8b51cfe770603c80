"""What is said of values that crossed a threshold."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from opsdesk.text import tell_time
from opsdesk.watch.alarms import Alarm, AlarmStanding, worst_of

MOST_LISTED, MOST_NAMED, MOST_IN_SUMMARY = 10, 3, 5
SIGNS = {AlarmStanding.ALERT: "🔴", AlarmStanding.WARNING: "🟡", AlarmStanding.SILENT: "⚪"}


def message(alarm: Alarm, zone: tzinfo) -> str:
    """Return the message of an alarm as it stands: what crossed, or that it is well again."""
    return over(alarm, zone) if alarm.over_at else begun(alarm, zone)


def begun(alarm: Alarm, zone: tzinfo) -> str:
    """Return what crossed: "🔴 Error traces, vista-api · POST /rpc: 5 in 10 minutes (told from more than 3)"."""
    found = alarm.found
    limit = f" ({found.limit})" if found.limit else ""
    since = f", since {tell_time(alarm.found_at, zone)}" if alarm.told_at and alarm.told_at != alarm.found_at else ""
    times = f" {_times(alarm)}." if alarm.times > 1 else ""
    more = f" · {found.more}" if found.more else ""
    link = f" {found.link}" if found.link else ""
    return f"{SIGNS[found.standing]} {found.title}: {found.figure}{limit}{since}{more}{link}{times}"


def over(alarm: Alarm, zone: tzinfo) -> str:
    """Return that a value is well again, since when, and how bad it was."""
    well, last = alarm.well_since or alarm.over_at or alarm.found_at, alarm.last
    now = f": {last.figure}" if last and last.figure else ""
    was = f"From {tell_time(alarm.found_at, zone)} to {tell_time(well, zone)}, at worst {alarm.worst.figure}"
    times = f", {_times(alarm)}" if alarm.times > 1 else ""
    return f"✅ {alarm.found.title}: well again since {tell_time(well, zone)}{now}. {was}{times}."


def together(alarms: Sequence[Alarm], zone: tzinfo) -> str:
    """Return one message for many alarms that began at once: those that go on first, a line each."""
    still = [alarm for alarm in alarms if alarm.is_open]
    order = [*still, *(alarm for alarm in alarms if not alarm.is_open)]
    sign = SIGNS[worst_of(alarms)] if still else "✅"
    head = f"{sign} {title_together(alarms)}" + ("" if still else ": all are well again")
    more = len(order) - MOST_LISTED
    rest = [f"and {more} more: `!watch`"] if more > 0 else []
    return "\n".join([head, *(message(alarm, zone) for alarm in order[:MOST_LISTED]), *rest])


def title_together(alarms: Sequence[Alarm]) -> str:
    """Return many alarms in a line: "12 values crossed at once: Puma backlog (cw-stats), …"."""
    named = ", ".join(alarm.found.title for alarm in alarms[:MOST_NAMED])
    return f"{len(alarms)} values crossed at once: {named}, …"


def day(alarms: Iterable[Alarm], zone: tzinfo) -> str:
    """Return the alarms of a day for the summary, the worst of them named; "" without any.

    Those that were told, and those that go on: the last minutes of a shift are left to the summary.
    """
    told = sorted((one for one in alarms if one.told_at or one.is_open), key=lambda one: -one.found.standing.rank)
    named = sorted(told[:MOST_IN_SUMMARY], key=lambda one: one.found_at)
    rest = [f"and {len(told) - len(named)} more: `!alerts`"] if len(told) > len(named) else []
    return "; ".join([*(_line(one, zone) for one in named), *rest])


def _line(alarm: Alarm, zone: tzinfo) -> str:
    """Return an alarm of the day: "Puma backlog (cw-stats): from 1:21pm to 1:41pm, at worst 12 at 1:20pm"."""
    since, well = tell_time(alarm.found_at, zone), alarm.well_since or alarm.over_at
    when = f"from {since} to {tell_time(well, zone)}" if alarm.over_at and well else f"since {since}"
    if alarm.worst.standing is AlarmStanding.SILENT:
        return f"{alarm.found.title}: silent {when}"
    return f"{alarm.found.title}: {when}, at worst {alarm.worst.figure}"


def _times(alarm: Alarm) -> str:
    return f"it came and went {alarm.times} times"
