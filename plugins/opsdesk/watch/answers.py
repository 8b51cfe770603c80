"""The answers to `!watch`, and what the watch adds wherever today's counts are told."""

from datetime import datetime, tzinfo

from opsdesk.clock import day_of
from opsdesk.datadog import Unknown, reason
from opsdesk.errors import UserError, quoted
from opsdesk.text import tell_hour, tell_time, tell_zone
from opsdesk.watch.counters import CounterWatch, Looked
from opsdesk.watch.pauses import Pause, Pauses
from opsdesk.watch.sight import Sight


def lines(counters: CounterWatch, pauses: Pauses, at: datetime, counter: str = "") -> list[str]:
    """Return a line for everything that is low now, that the watch is off, and that it does not see."""
    day = day_of(at, counters.zone)
    found = counters.words(day).low_now(counters.day(day), counter)
    pause, last = pauses.at(at), counters.last
    if pause:
        found.append(_off(pause, counters.zone))
    if last and isinstance(last.sight, Unknown) and _is_watching(counters, at):
        found.append(f"The watch sees nothing: {reason(last.sight, at)}.")
    return found


def shown(counters: CounterWatch, pauses: Pauses, at: datetime) -> str:
    """Return how each series is judged now, or why it is not."""
    if not counters.is_able:
        return "The watch has nothing to look at: no Datadog keys are configured. `!stats check` says which."
    head = _head(counters, pauses, at)
    looked = counters.seen(at)
    if isinstance(looked.sight, Unknown):
        return f"{head}\nIt sees nothing: {reason(looked.sight, at)}."
    day = day_of(at, counters.zone)
    told = [*counters.words(day).judgements(looked.sight), *_still_low(counters, looked)]
    return "\n".join([head, f"As of {_as_of(looked, counters.zone)}:", *told])


def refuse_words(typed: str) -> None:
    """Raise a UserError where words were typed that `!watch` would not look at."""
    if typed.strip():
        raise UserError(
            f"I do not know {quoted(typed.strip())} of the watch. `!watch` shows how each count is judged, "
            "`!watch off until 3pm a load test` turns it off, `!watch on` on again."
        )


def paused(pause: Pause, zone: tzinfo) -> str:
    """Return that the watch is off."""
    until = f"{tell_hour(pause.until, zone)} {tell_zone(pause.until, zone)}"
    return f"The watch tells nothing until {until}: {pause.reason}. `!watch on` ends that."


def resumed(pause: Pause, at: datetime, zone: tzinfo) -> str:
    """Return that the watch is on again."""
    return f"The watch is on again. It was off since {tell_time(pause.at, zone)} ({pause.by}: {pause.reason})."


def _off(pause: Pause, zone: tzinfo) -> str:
    return f"The watch is off until {tell_hour(pause.until, zone)} ({pause.by}: {pause.reason})."


def _head(counters: CounterWatch, pauses: Pauses, at: datetime) -> str:
    pause, hours = pauses.at(at), counters.hours.of(day_of(at, counters.zone))
    if pause:
        return _off(pause, counters.zone)
    if not hours:
        return "Nobody is on shift today: nothing is told unasked."
    start, end = tell_hour(hours.start, counters.zone), tell_hour(hours.end, counters.zone)
    if not hours.hold(at):
        return f"The watch looks from {start} to {end} {tell_zone(at, counters.zone)}; what falls is told in the shift."
    if not counters.hours.tells(at):
        return f"The watch looks every minute until {end} {tell_zone(at, counters.zone)}; it tells in the shift."
    return f"The watch looks every minute until {end} {tell_zone(at, counters.zone)}."


def _still_low(counters: CounterWatch, looked: Looked) -> list[str]:
    """Return what is still low of what was found before, where the rule of this minute does not say so."""
    day = day_of(looked.at, counters.zone)
    fallen = {fall.series for fall in counters.day(day).open_falls}
    assert isinstance(looked.sight, Sight)
    if any(one.verdict.is_fall for key, one in looked.sight.judged.items() if key in fallen):
        return []
    return counters.words(day).low_now(counters.day(day))


def _as_of(looked: Looked, zone: tzinfo) -> str:
    return f"{tell_time(looked.at, zone)}, judged by points at least 3 minutes old"


def _is_watching(counters: CounterWatch, at: datetime) -> bool:
    return counters.is_able and counters.hours.hold(at)
