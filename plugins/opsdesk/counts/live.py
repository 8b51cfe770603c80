"""Today's counters minute by minute, for whoever looks at them all the time: one question for an organisation."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

import msgspec

from opsdesk.clock import day_bounds, day_of
from opsdesk.counts import series as buckets
from opsdesk.counts.days import DaySeries
from opsdesk.counts.file import CountsFile
from opsdesk.counts.series import STEP, Series, whole_minutes
from opsdesk.datadog import QueryAnswer, QueryPool, Reason, Together, Unknown


class LiveCounts:
    """Reads what was counted since midnight in `zone`. Nothing of it is kept: late points are there the next time."""

    def __init__(self, file: Callable[[], CountsFile], queries: QueryPool, zone: tzinfo) -> None:
        self._file, self._queries, self._zone = file, queries, zone
        self._together = Together(queries.datadog)

    def read(self, at: datetime) -> DaySeries:
        """Return today's series by counter, up to the last whole minute at `at`."""
        file = self._file()
        start, end = day_bounds(day_of(at, self._zone), self._zone)[0], whole_minutes(at)
        if end <= start:
            return {key: Unknown(Reason.NOT_BEGUN) for key in file.counters}
        by_organisation: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for key, counter in file.counters.items():
            by_organisation[counter.organisation][key] = file.bucketed(counter.query, STEP)
        questions = {
            name: _Question(self._together, name, file.site, queries, start, end, at)
            for name, queries in by_organisation.items()
        }
        answers = self._queries.gather({name: self._queries.do(name, one.ask) for name, one in questions.items()})
        found = {
            key: answer if isinstance(answer, Unknown) else answer[key]
            for name, answer in answers.items()
            for key in by_organisation[name]
        }
        return {key: found[key] for key in file.counters}


class _Question(msgspec.Struct, frozen=True):
    """What is asked of one organisation: its queries by counter."""

    together: Together
    organisation: str
    site: str
    queries: Mapping[str, str]
    start: datetime
    end: datetime
    at: datetime

    def ask(self) -> DaySeries | Unknown:
        """Ask all in one request; return why all are not known, where that is the same."""
        texts = list(self.queries.values())
        answers = self.together.ask(self.organisation, self.site, texts, self.start, self.end, self.at)
        if isinstance(answers[0], Unknown) and all(one == answers[0] for one in answers):
            return answers[0]
        return {key: self._read(answer) for key, answer in zip(self.queries, answers, strict=True)}

    def _read(self, answer: QueryAnswer | Unknown) -> Series | Unknown:
        return buckets.read(answer, self.start, self.end) if isinstance(answer, QueryAnswer) else answer
