"""The counters of whole days, bucket by bucket: asked once; finished days are stored."""

import logging
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from datetime import date, datetime, timedelta, tzinfo

import msgspec

from opsdesk.clock import day_bounds
from opsdesk.counts import series as buckets
from opsdesk.counts.file import Counter, CountsFile
from opsdesk.counts.series import STEP, Series, whole_minutes
from opsdesk.datadog import QueryAnswer, QueryPool, Reason, Unknown
from opsdesk.errors import UserError
from opsdesk.latest import LatestValues
from opsdesk.store import Store

log = logging.getLogger(__name__)

FRESH = timedelta(seconds=60)
FAILURE_FRESH = timedelta(seconds=10)  # so that whoever tries again is not answered with the old failure
NOTHING_FRESH = timedelta(hours=1)  # a finished day without data is not kept: the query may have been at fault
SETTLED = timedelta(hours=1)  # after its end, a day's late points have come
REMEMBERED = 256  # answers
FINISHED = 64  # days in memory: those that a week is compared with, and a month that is drawn

DaySeries = Mapping[str, Series | Unknown]


class KeptDay(msgspec.Struct, frozen=True):
    """The stored series of a finished day, by organisation and query: a changed query is a different count."""

    series: dict[str, Series] = {}


class _Request(msgspec.Struct, frozen=True):
    at: datetime
    end: datetime
    settled: bool
    series: Future[Series | Unknown]


class DaySeriesReader:
    """Reads days, which begin at midnight in `zone`. `at` is always the present moment."""

    def __init__(self, queries: QueryPool, store: Store, zone: tzinfo) -> None:
        self._queries, self._zone = queries, zone
        self._kept = store.keyed("counts", KeptDay)
        self._requests = LatestValues[tuple[str, date], _Request](REMEMBERED)
        self._finished = LatestValues[date, Mapping[str, Series]](FINISHED)
        self._lock = threading.Lock()

    def read(
        self,
        file: CountsFile,
        days: Iterable[date],
        at: datetime,
        until: datetime | None = None,
        patience: float | None = None,
    ) -> dict[date, DaySeries]:
        """Return the series of each day by counter, as far as they go at `at`.

        Each reaches at least to `until` if that has passed; without it, an answer may be a minute old.
        `patience` is how many seconds to wait, if less than a command may take.
        """
        days = tuple(dict.fromkeys(days))
        kept = {day: self._from_store(day) for day in days}
        asked = {
            (day, key): self._ask(file, counter, day, at, until)
            for day in days
            for key, counter in file.counters.items()
            if _name(file, counter) not in kept[day]
        }
        answers = self._queries.gather({key: one.series for key, one in asked.items()}, patience)
        self._keep(file, {key: one for key, one in answers.items() if asked[key].settled})
        return {day: self._of(file, day, kept[day], answers) for day in days}

    def is_kept(self, file: CountsFile, day: date) -> bool:
        """Return whether all counters of the day are stored."""
        kept = self._from_store(day)
        return all(_name(file, counter) in kept for counter in file.counters.values())

    def _of(
        self,
        file: CountsFile,
        day: date,
        kept: Mapping[str, Series],
        answers: Mapping[tuple[date, str], Series | Unknown],
    ) -> DaySeries:
        names = {key: _name(file, counter) for key, counter in file.counters.items()}
        return {key: kept[name] if name in kept else answers[day, key] for key, name in names.items()}

    def _ask(self, file: CountsFile, counter: Counter, day: date, at: datetime, until: datetime | None) -> _Request:
        start, day_end = day_bounds(day, self._zone)
        end = min(day_end, whole_minutes(at))
        if end <= start:
            return _Request(at, end, False, _done(Unknown(Reason.NOT_BEGUN)))
        need = min(end, whole_minutes(until)) if until else end if end == day_end else start
        with self._lock:
            key = _name(file, counter), day
            request = self._requests.get(key)
            if request is None or request.end < need or not self._is_usable(request, at):
                settled = at >= day_end + SETTLED
                request = _Request(at, end, settled, self._question(file, counter, start, end, at))
            self._requests.set(key, request)  # one that is asked for again stays
            return request

    def _is_usable(self, request: _Request, at: datetime) -> bool:
        """Return whether the answer is fresh or still on its way; if so, wait for it together with whoever asked."""
        if not self._queries.join(request.series):
            return False
        if -FRESH < at - request.at < _fresh_for(request):  # below nothing, somebody was just faster to ask
            return True
        self._queries.leave(request.series)
        return False

    def _question(
        self, file: CountsFile, counter: Counter, start: datetime, end: datetime, at: datetime
    ) -> Future[Series | Unknown]:
        query = file.bucketed(counter.query, STEP)

        def ask() -> Series | Unknown:
            answer = self._queries.datadog.query(counter.organisation, file.site, query, start, end, at)
            return buckets.read(answer, start, end) if isinstance(answer, QueryAnswer) else answer

        return self._queries.do(counter.organisation, ask)

    def _from_store(self, day: date) -> Mapping[str, Series]:
        with self._lock:
            if (finished := self._finished.get(day)) is not None:
                self._finished.set(day, finished)
                return finished
        try:
            kept = self._kept.get(day, "datadog")
        except UserError as damaged:  # then Datadog is asked once more
            log.warning("The counts kept of %s cannot be read: %s", day, damaged)
            return {}
        if not kept:
            return {}
        with self._lock:
            self._finished.set(day, kept.series)
        return kept.series

    def _keep(self, file: CountsFile, answers: Mapping[tuple[date, str], Series | Unknown]) -> None:
        found: dict[date, dict[str, Series]] = {}
        for (day, key), series in answers.items():
            if isinstance(series, Series):
                found.setdefault(day, {})[_name(file, file.counters[key])] = series
        for day, by_name in found.items():
            self._keep_day(day, by_name)

    def _keep_day(self, day: date, found: dict[str, Series]) -> None:
        try:
            kept = self._kept.change(day, "datadog", lambda kept: KeptDay({**(kept.series if kept else {}), **found}))
        except UserError as refusal:
            log.warning("The counts of %s are not kept: %s", day, refusal)
            return
        with self._lock:
            self._finished.set(day, kept.series)
            for name in found:
                self._requests.drop((name, day))


def _name(file: CountsFile, counter: Counter) -> str:
    return f"{counter.organisation} {file.resolved(counter.query)}"


def _done(unknown: Unknown) -> Future[Series | Unknown]:
    future: Future[Series | Unknown] = Future()
    future.set_result(unknown)
    return future


def _fresh_for(request: _Request) -> timedelta:
    if not request.series.done() or request.series.exception() or isinstance(request.series.result(), Series):
        return FRESH
    nothing = request.series.result() == Unknown(Reason.NO_DATA)
    return NOTHING_FRESH if nothing and request.settled else FAILURE_FRESH
