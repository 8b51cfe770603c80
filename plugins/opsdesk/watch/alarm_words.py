"""What is said of values that crossed a threshold."""

from datetime import tzinfo

from opsdesk.text import tell_time
from opsdesk.watch.alarms import Alarm, Standing

SIGNS = {Standing.ALERT: "🔴", Standing.WARNING: "🟡", Standing.SILENT: "⚪"}


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


def _times(alarm: Alarm) -> str:
    return f"it came and went {alarm.times} times"
