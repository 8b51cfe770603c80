"""What the watch has to tell, whatever it looked at: a message as it stands now, and the alert that it is."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

import msgspec

from opsdesk.alerts import Alert, AlertState, Source
from opsdesk.counts import half_up
from opsdesk.watch.counters import CounterWatch
from opsdesk.watch.falls import FallKind, Telling, WatchDay


class WatchMessage(msgspec.Struct, frozen=True):
    """A message of `day`, due at `due`, known by `key`; with `for_person` the person on call gets it, too.

    `text` and `alert` are as things stand now, and `alert_id` is another whenever the alert is. What it tells of is
    over since `over_at`, None while it goes on; `over_text` says so.
    """

    key: str
    day: date
    due: datetime
    text: str
    alert: Alert
    alert_id: str
    over_at: datetime | None = None
    over_text: str = ""
    for_person: bool = True


Messages = Callable[[date], Sequence[WatchMessage]]


def of_counters(counters: CounterWatch, day: date) -> list[WatchMessage]:
    """Return what is to be told of the counters of a day."""
    watched = counters.day(day)
    return [_of_fall(counters, day, watched, telling) for telling in watched.tellings]


def _of_fall(counters: CounterWatch, day: date, watched: WatchDay, telling: Telling) -> WatchMessage:
    falls, words = watched.told(telling.number), counters.words(day)
    is_back = bool(falls) and watched.is_back(telling.number)
    over_at = words.moment(max(fall.back_at or 0 for fall in falls)) if is_back else None
    due, named = words.moment(telling.at), " ".join(telling.named)
    alert = Alert(
        Source.DESK,
        f"counts:{named}",
        AlertState.RECOVERED if is_back else _state(watched, telling),
        words.title(telling, falls),
        over_at or due,
        link=words.dashboard,
        numbers={
            words.label(one): f"{half_up(found.count)} in {found.minutes} minutes, usually {half_up(found.due)}"
            for one, found in telling.figures.items()
        },
    )
    key = f"watch:{day}:{telling.number}"
    alert_id = f"{key}:{'back' if is_back else named}"
    over_text = words.back(telling, falls) if is_back else ""
    text = words.message(watched, telling)
    return WatchMessage(key, day, due, text, alert, alert_id, over_at=over_at, over_text=over_text)


def _state(watched: WatchDay, telling: Telling) -> AlertState:
    kinds = set(_kinds(watched, telling))
    if FallKind.NO_POINTS in kinds:
        return AlertState.NO_DATA
    return AlertState.TRIGGERED if FallKind.NONE in kinds else AlertState.WARNING


def _kinds(watched: WatchDay, telling: Telling) -> Iterator[FallKind]:
    return (fall.kind for fall in watched.told(telling.number) if fall.series in telling.named)
