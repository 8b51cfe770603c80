"""The alarms kept: on disk before they are told, found again after a restart."""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime

from opsdesk.alerts import Alert, AlertState, Source
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.watch import alarm_words
from opsdesk.watch.alarms import Alarm, AlarmDay, Finding, Standing, step
from opsdesk.watch.hours import WatchHours
from opsdesk.watch.notices import Notice

log = logging.getLogger(__name__)

STATES = {
    Standing.ALERT: AlertState.TRIGGERED,
    Standing.WARNING: AlertState.WARNING,
    Standing.SILENT: AlertState.NO_DATA,
}


class AlarmLog:
    """The alarms of one sort of looks, `what`. `changed` is called once they are stored anew."""

    def __init__(self, ground: Ground, what: str, hours: WatchHours, changed: Callable[[], None]) -> None:
        self._kept, self._what = ground.store.keyed("watch alarms", AlarmDay), what
        self._hours, self._changed, self._zone = hours, changed, ground.zone

    def day(self, day: date) -> AlarmDay:
        """Return the alarms of a day; none where they cannot be read, which is logged."""
        try:
            return self._kept.get(day, self._what) or AlarmDay()
        except UserError as damaged:
            log.error("The alarms of %s cannot be read: %s", day, damaged)
            return AlarmDay()

    def take(self, findings: Iterable[Finding], at: datetime) -> None:
        """Store what a look found at `at`, told from now on if this is the time for it."""
        day, found, tells = day_of(at, self._zone), list(findings), self._hours.tells(at)

        def taken(kept: AlarmDay | None) -> AlarmDay:
            return step(kept or AlarmDay(), found, at, tells=tells)

        before = self._kept.get(day, self._what) or AlarmDay()
        if taken(before) != before:
            self._kept.change(day, self._what, taken)
            self._changed()

    def notices(self, day: date) -> list[Notice]:
        """Return what is to be told of a day's alarms."""
        return [self._notice(day, one, one.told_at) for one in self.day(day).alarms if one.told_at]

    def _notice(self, day: date, alarm: Alarm, told_at: datetime) -> Notice:
        found, key = alarm.found, f"watch:{day}:{self._what}:{alarm.number}"
        state = STATES[found.standing] if alarm.is_open else AlertState.RECOVERED
        alert = Alert(
            Source.DESK,
            found.key,
            state,
            f"{found.title}: {found.figure}",
            alarm.over_at or told_at,
            service=found.service,
            link=found.link,
            numbers={"worst": alarm.worst.figure},
        )
        text = alarm_words.message(alarm, self._zone)
        return Notice(
            key,
            day,
            told_at,
            text,
            alert,
            f"{key}:{alarm.times}:{state}",
            over_at=alarm.over_at,
            over_text=text,
            for_person=found.standing.is_worse_than_warning,
        )
