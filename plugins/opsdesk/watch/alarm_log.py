"""The alarms kept: on disk before they are told, found again after a restart."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from opsdesk.alerts import Alert, AlertState, Source
from opsdesk.clock import day_of
from opsdesk.ground import Ground
from opsdesk.watch import alarm_words
from opsdesk.watch.alarms import Alarm, AlarmDay, AlarmStanding, Finding, step, worst_of
from opsdesk.watch.day_log import DayLog
from opsdesk.watch.hours import WatchHours
from opsdesk.watch.messages import WatchMessage

MOST_AT_ONCE = 5  # alarms that each get a message of their own
STATES = {
    AlarmStanding.ALERT: AlertState.TRIGGERED,
    AlarmStanding.WARNING: AlertState.WARNING,
    AlarmStanding.SILENT: AlertState.NO_DATA,
}


class AlarmLog:
    """The alarms of one sort of looks, `what`. `changed` is called once they are stored anew."""

    def __init__(self, ground: Ground, what: str, hours: WatchHours, changed: Callable[[], None]) -> None:
        self._days, self._what = DayLog(ground.store.keyed("watch alarms", AlarmDay), what, AlarmDay()), what
        self._hours, self._changed, self._zone = hours, changed, ground.zone

    def day(self, day: date) -> AlarmDay:
        """Return the alarms of a day; none where they cannot be read, which is logged."""
        return self._days.get(day)

    def take(self, findings: Iterable[Finding], at: datetime) -> None:
        """Store what a look found at `at`, told from now on if this is the time for it."""
        found, tells = list(findings), self._hours.tells(at)
        if self._days.change(day_of(at, self._zone), lambda kept: step(kept, found, at, tells=tells)):
            self._changed()

    def messages(self, day: date) -> list[WatchMessage]:
        """Return what is to be told of a day's alarms."""
        by_moment: dict[datetime, list[Alarm]] = {}
        for alarm in self.day(day).alarms:
            if alarm.told_at:
                by_moment.setdefault(alarm.told_at, []).append(alarm)
        return [message for told_at, alarms in by_moment.items() for message in self._told_at(day, alarms, told_at)]

    def _told_at(self, day: date, alarms: Sequence[Alarm], told_at: datetime) -> list[WatchMessage]:
        """Return the messages of what is told at one moment: one for all if there are many."""
        if len(alarms) > MOST_AT_ONCE:
            return [self._together(day, alarms, told_at)]
        return [self._message(day, alarm, told_at) for alarm in alarms]

    def _together(self, day: date, alarms: Sequence[Alarm], told_at: datetime) -> WatchMessage:
        key = f"watch:{day}:{self._what}:{alarms[0].number}:many"
        ended = [alarm.over_at for alarm in alarms if alarm.over_at]
        over_at = max(ended) if len(ended) == len(alarms) else None
        worst = worst_of(alarms)
        state = AlertState.RECOVERED if over_at else STATES[worst]
        title, text = alarm_words.title_together(alarms), alarm_words.together(alarms, self._zone)
        alert = Alert(Source.DESK, f"{self._what}:many:{alarms[0].number}", state, title, over_at or told_at)
        return WatchMessage(
            key,
            day,
            told_at,
            text,
            alert,
            f"{key}:{state}",
            over_at=over_at,
            over_text=text,
            for_person=worst.is_worse_than_warning,
        )

    def _message(self, day: date, alarm: Alarm, told_at: datetime) -> WatchMessage:
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
        return WatchMessage(
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
