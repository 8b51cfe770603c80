"""The panels of the boards watched: one that crosses its threshold, or rises, is an alarm."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec

from opsdesk.counts import (
    BoardPanel,
    BoardReader,
    CountDesk,
    CountsFile,
    Level,
    PanelBoard,
    PanelReading,
    board_words,
    level,
)
from opsdesk.datadog import Unknown
from opsdesk.errors import done
from opsdesk.ground import Ground
from opsdesk.watch.alarm_log import AlarmLog
from opsdesk.watch.alarms import AlarmStanding, Finding
from opsdesk.watch.hours import WatchHours
from opsdesk.watch.looks import Looks
from opsdesk.workers import Workers

FRESH = timedelta(minutes=10)  # a point that is not older tells that Datadog gets data
NONE = "none in the hour"
BOARDS = 8  # that are read at a time, so that one whose organisation does not answer hardly holds up the others
EARLY = timedelta(seconds=20)  # by which a look may come before its time: ticks are not to the second
STANDINGS = {
    Level.ALERT: AlarmStanding.ALERT,
    Level.WARN: AlarmStanding.WARNING,
    Level.RISING: AlarmStanding.WARNING,
    Level.EDGE: AlarmStanding.EDGE,
    Level.FINE: AlarmStanding.WELL,
}


class PanelKey(msgspec.Struct, frozen=True):
    """A panel, by the key of its board and its label."""

    board: str
    label: str


class PanelWatch:
    """Looks at the panels of the file in the watch's `hours`: each as often as it says, those of a board together."""

    def __init__(self, ground: Ground, counts: CountDesk, hours: WatchHours, changed: Callable[[], None]) -> None:
        self._counts, self._hours, self._zone = counts, hours, ground.zone
        self._reader = BoardReader(counts.queries)
        self.alarms = AlarmLog(ground, "panels", hours, changed)
        self._looks, self._workers = Looks(self.look, "the boards"), Workers(BOARDS, "boards")
        self._looked: dict[PanelKey, datetime] = {}
        self._last: dict[PanelKey, PanelReading] = {}

    def tick(self, at: datetime) -> None:
        """Begin a look, in a thread of its own, if any panel is due. Waits for nothing."""
        if self._hours.hold(at) and any(self._due(at)):
            self._looks.begin(at)

    def wait(self, seconds: float) -> bool:
        """Return whether the look that is under way, if any, ended within so many seconds."""
        return self._looks.wait(seconds)

    def look(self, at: datetime) -> None:
        """Look at the panels that are due, and store what crossed and what is well again."""
        file = self._counts.file()
        due: dict[str, list[BoardPanel]] = {}
        for key, panel in self._due(at):
            due.setdefault(key.board, []).append(panel)
            self._looked[key] = at
        asked = [self._workers.do(partial(self._read, file, board, panels, at)) for board, panels in due.items()]
        readings = {key: one for found in asked for key, one in (done(found.result) or {}).items()}
        self._last |= readings
        self.alarms.take(self._findings(file, readings), at)  # of all boards at once: many are told in one message

    def _read(
        self, file: CountsFile, board: str, panels: Sequence[BoardPanel], at: datetime
    ) -> dict[PanelKey, PanelReading]:
        found = self._reader.read(file, file.boards[board], at, panels)
        return {PanelKey(board, one.panel.label): one for one in found.panels}

    def lines(self, at: datetime) -> list[str]:
        """Return a line for each board: which of its panels have crossed, or that all are well, as last looked at."""
        boards = self._counts.file().boards
        return [told for key, board in boards.items() if (told := self._line(key, board))]

    def _line(self, key: str, board: PanelBoard) -> str:
        found = [one for panel in board.panels if (one := self._last.get(PanelKey(key, panel.label)))]
        crossed = [one for one in found if (_standing(one) or AlarmStanding.WELL).is_told]
        unknown = [one for one in found if level(one) is Level.UNKNOWN and one not in crossed]
        if not found:
            return ""
        told = [f"{one.panel.label} {board_words.told(one, self._zone)}" for one in (*crossed, *unknown)]
        if not told:
            return f"• {board.title}: {len(found)} panel{'s' * (len(found) != 1)} as they should be"
        return f"{'⚠' if crossed else '•'} {board.title}: {'; '.join(told)}"

    def _due(self, at: datetime) -> Iterator[tuple[PanelKey, BoardPanel]]:
        """Yield the panels to look at now: those with a threshold or another reason, of organisations with keys."""
        for name, board in self._counts.file().boards.items():
            if board.organisation not in self._counts.queries.datadog.configured:
                continue
            for panel in board.panels:
                last = self._looked.get(PanelKey(name, panel.label))
                if panel.is_watched and (last is None or not timedelta() <= at - last < panel.interval - EARLY):
                    yield PanelKey(name, panel.label), panel

    def _findings(self, file: CountsFile, readings: Mapping[PanelKey, PanelReading]) -> Iterator[Finding]:
        for key, one in readings.items():
            standing = _standing(one)
            if standing is None and _ends(one) and self._has_points(file, key.board, one.end):
                standing = AlarmStanding.WELL
            if standing is not None:  # what is not known changes nothing
                yield self._finding(key, file.boards[key.board], one, standing)

    def _finding(self, key: PanelKey, board: PanelBoard, one: PanelReading, standing: AlarmStanding) -> Finding:
        shown = 0.0 if isinstance(one.shown, Unknown) else one.shown
        return Finding(
            f"panel:{key.board}:{key.label}",
            f"{key.label} ({board.title})",
            standing,
            NONE if one.has_no_count else board_words.figure(one, self._zone),
            badness=-shown if one.panel.below else shown,
            limit=board_words.limit_of(one),
            link=board.dashboard,
        )

    def _has_points(self, file: CountsFile, board: str, end: datetime) -> bool:
        """Return whether Datadog has late points of any metric of the board's organisation."""
        boards = [key for key, one in file.boards.items() if one.organisation == file.boards[board].organisation]
        latest = (one.latest for key, one in self._last.items() if key.board in boards)
        return any(one is not None and end - one.at < FRESH for one in latest)


def _ends(reading: PanelReading) -> bool:
    """Return whether a count that is flagged from so many on may have ended: it has no point in the hour any more."""
    return reading.has_no_count and not reading.panel.below


def _standing(reading: PanelReading) -> AlarmStanding | None:
    """Return where a panel stands; None where that is not known."""
    return AlarmStanding.SILENT if reading.is_silent and reading.panel.silent else STANDINGS.get(level(reading))
