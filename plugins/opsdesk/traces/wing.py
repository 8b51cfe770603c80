"""Joins the parts of the error traces: the file, Datadog, the answers."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from opsdesk.chat import Command
from opsdesk.datadog import QueryPool, Reason, Unknown
from opsdesk.ground import Ground
from opsdesk.latest import LatestValues
from opsdesk.settings import TeamFile
from opsdesk.traces import typed as reading
from opsdesk.traces import words
from opsdesk.traces.file import TracesFile, follow
from opsdesk.traces.groups import Traces
from opsdesk.traces.source import TraceSource

SLOT = timedelta(minutes=5)  # alerts that come in the same one share an answer: a storm asks no more often
BEFORE = timedelta(minutes=10)  # an alert, that its traces may be
MOST = 100  # answers kept


class _Told(msgspec.Struct, frozen=True):
    at: datetime
    text: str
    is_whole: bool  # the answer was about minutes that are all over


class TraceDesk(msgspec.Struct, frozen=True):
    """The error traces. `meant` gives the words that what was typed may stand for: a subsystem's names."""

    file: TeamFile[TracesFile]
    source: TraceSource
    zone: tzinfo
    meant: Callable[[str], Sequence[str]]
    kept: LatestValues[datetime, _Told]
    lock: threading.Lock

    def show(self, command: Command) -> str:
        """Return the answer to `!traces vista 2h`."""
        typed, back = reading.read_traces(command.text)
        names = self.meant(typed) if typed else ()
        found = self.source.read(command.at - back, command.at, command.at, names)
        return words.listing(found, typed, back, command.at, self.zone)

    def around(self, moment: datetime, at: datetime) -> str:
        """Return the traces of the minutes up to and after `moment`, in a line; "" where there are no keys for it."""
        slot = datetime.fromtimestamp(moment.timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), moment.tzinfo)
        with self.lock:  # of a storm's alerts one asks, the others wait for its answer
            kept = self.kept.get(slot)
            if kept and (kept.is_whole or timedelta() <= at - kept.at < SLOT):
                return kept.text
            end = min(slot + 2 * SLOT, at)
            found = self.source.read(slot - BEFORE, end, at)
            if isinstance(found, Unknown) and found.reason is Reason.NOT_CONFIGURED:
                return ""
            is_whole = end == slot + 2 * SLOT and isinstance(found, Traces)
            told = _Told(at, words.below_an_alert(found, at, self.zone), is_whole)
            self.kept.set(slot, told)
            return told.text


def build(
    ground: Ground, queries: QueryPool, site: Callable[[], str], meant: Callable[[str], Sequence[str]]
) -> TraceDesk:
    """Return the traces, asked with `queries` of the `site` that it gives."""
    file = follow(ground.settings.data_dir / "traces.toml", ground.complain, ground.kept)
    source = TraceSource(file, queries, site)
    return TraceDesk(file, source, ground.zone, meant, LatestValues(MOST), threading.Lock())
