"""Error traces watched: a service and resource with more than its threshold in the last minutes is an alarm."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from opsdesk.clock import day_of
from opsdesk.datadog import Unknown, reason
from opsdesk.ground import Ground
from opsdesk.text import tell_length
from opsdesk.traces import TraceDesk, TraceGroup, Traces
from opsdesk.traces import words as trace_words
from opsdesk.watch.alarm_log import AlarmLog
from opsdesk.watch.alarms import AlarmStanding, Finding
from opsdesk.watch.hours import WatchHours
from opsdesk.watch.looks import Looks

TITLE = "Error traces"
MANY = "traces"  # the key of the alarm for more at once than are told one by one
MOST_AT_ONCE = 3
HALF = 0.5  # of a threshold: with at most so many it is well again


class TraceLook(msgspec.Struct, frozen=True):
    """What a look at the error traces found at a moment, or why it found nothing."""

    at: datetime
    found: Traces | Unknown


class TraceWatch:
    """Looks at the error traces in the watch's `hours`, as often as their file says."""

    def __init__(self, ground: Ground, traces: TraceDesk, hours: WatchHours, changed: Callable[[], None]) -> None:
        self._traces, self._hours, self._zone = traces, hours, ground.zone
        self.alarms = AlarmLog(ground, "traces", hours, changed)
        self._looks = Looks(self.look, "the traces")
        self._last: TraceLook | None = None

    def tick(self, at: datetime) -> None:
        """Begin a look, in a thread of its own, if it is time. Waits for nothing."""
        source = self._traces.source
        is_due = self._last is None or not self._last.at <= at < self._last.at + source.file().every
        if is_due and source.is_able and self._hours.hold(at):
            self._looks.begin(at)

    def wait(self, seconds: float) -> bool:
        """Return whether the look that is under way, if any, ended within so many seconds."""
        return self._looks.wait(seconds)

    def look(self, at: datetime) -> None:
        """Look at the last minutes, and store what crossed and what is well again."""
        source = self._traces.source
        found = source.read(at - source.file().within, at, at, examples=False)
        if isinstance(found, Traces) and self._fresh(found, at):
            found = source.read(found.start, found.end, at)  # with examples of what is to be told
        self._last = TraceLook(at, found)
        if isinstance(found, Traces):
            self.alarms.take(self._findings(found, at), at)

    def line(self, at: datetime) -> str:
        """Return how the traces stood at the last look; "" where there are none to look at."""
        if not self._traces.source.is_able or self._last is None:
            return ""
        found = self._last.found
        if isinstance(found, Unknown):
            return f"• {TITLE}: unavailable: {reason(found, at)}"
        if not found.groups:
            return f"• {TITLE}: none in {self._length(found)}"
        noisiest = found.groups[0]
        sign = "⚠" if self._loud(found) else "•"
        return f"{sign} {TITLE}: {found.count} in {self._length(found)}, most {noisiest.key}: {noisiest.count}"

    def _findings(self, found: Traces, at: datetime) -> list[Finding]:
        """Return what is to be said of each group that crosses, or is an open alarm's."""
        open_keys = self._open_keys(at)
        if len(self._fresh(found, at)) > MOST_AT_ONCE or MANY in open_keys:
            known = [one for one in found.groups if _key(one) in open_keys]
            return [self._finding_of_many(found), *self._singles(found, known, open_keys)]
        return self._singles(found, found.groups, open_keys)

    def _open_keys(self, at: datetime) -> set[str]:
        return {alarm.key for alarm in self.alarms.day(day_of(at, self._zone)).open_alarms}

    def _loud(self, found: Traces) -> list[TraceGroup]:
        return [one for one in found.groups if one.count > self._most(one)]

    def _fresh(self, found: Traces, at: datetime) -> list[TraceGroup]:
        """Return the groups above their threshold that no alarm is open for."""
        open_keys = self._open_keys(at)
        return [one for one in self._loud(found) if _key(one) not in open_keys]

    def _singles(self, found: Traces, groups: Sequence[TraceGroup], open_keys: set[str]) -> list[Finding]:
        gone = open_keys - {_key(one) for one in found.groups} - {MANY}
        ended = [Finding(key, TITLE, AlarmStanding.WELL, f"none in {self._length(found)}") for key in gone]
        return [*(self._finding(one, found) for one in groups), *ended]

    def _finding(self, group: TraceGroup, found: Traces) -> Finding:
        most = self._most(group)
        standing = AlarmStanding.ALERT if group.count > most else AlarmStanding.EDGE
        if group.count <= most * HALF:
            standing = AlarmStanding.WELL
        return Finding(
            _key(group),
            f"{TITLE}, {group.key}",
            standing,
            f"{group.count} in {self._length(found)}",
            badness=group.count,
            limit=f"told from more than {most}",
            more=trace_words.example(group, found, self._zone),
            service=group.service,
        )

    def _finding_of_many(self, found: Traces) -> Finding:
        loud = self._loud(found)
        standing = AlarmStanding.ALERT if loud else AlarmStanding.WELL
        many = sum(one.count for one in loud)
        figure = f"{many} in {self._length(found)}, of {len(loud)} services and resources"
        noisiest = "; ".join(f"{one.key}: {one.count}" for one in loud[:MOST_AT_ONCE])
        return Finding(MANY, TITLE, standing, figure if loud else "", badness=many, more=f"{noisiest}. `!traces`")

    def _most(self, group: TraceGroup) -> int:
        return self._traces.source.file().most(group.service, group.resource)

    @staticmethod
    def _length(found: Traces) -> str:
        return tell_length(found.end - found.start)


def _key(group: TraceGroup) -> str:
    return f"traces:{group.key}"
