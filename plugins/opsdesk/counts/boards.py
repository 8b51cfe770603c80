"""Boards asked: all metric queries of one in a request, each search of logs or spans in its own. And query checks."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec

from opsdesk.counts.file import CountsFile
from opsdesk.counts.panels import BoardPanel, PanelBoard
from opsdesk.counts.readings import FAR_BACK, LOOK_BACK, Answer, PanelReading, read
from opsdesk.counts.series import STEP, whole_minutes
from opsdesk.datadog import QueryAnswer, QueryPool, Reason, Search, SearchKind, Together, Unknown

CHECKED_BACK = timedelta(days=1)

Tried = tuple[str, str, SearchKind | None, str]  # label, organisation, kind of search, text
Terms = Mapping[str, tuple[SearchKind | None, str]]


class BoardReading(msgspec.Struct, frozen=True):
    """A board, or some of its panels, as it was at `end`."""

    board: PanelBoard
    panels: tuple[PanelReading, ...]
    end: datetime


class QueryCheck(msgspec.Struct, frozen=True):
    """A query tried once: points of the last day, the end of the last one, queries left; or the failure.

    `found` is how many logs or spans were, None for a metric query.
    """

    label: str
    organisation: str
    trouble: Unknown | None = None
    points: int = 0
    last: datetime | None = None
    left: int | None = None
    found: int | None = None


class BoardReader:
    """Reads boards with `queries`."""

    def __init__(self, queries: QueryPool) -> None:
        self._queries, self._together = queries, Together(queries.datadog)

    def read(
        self, file: CountsFile, board: PanelBoard, at: datetime, panels: Sequence[BoardPanel] | None = None
    ) -> BoardReading:
        """Read a board as it stands at `at`, up to the last whole minute; of some `panels` alone if they are given."""
        end, shown = whole_minutes(at), board.panels if panels is None else panels
        terms = {key: term for panel in shown for key, term in panel.reckoning.terms.items()}
        answers = self._ask(file, board.organisation, terms, end - FAR_BACK, end, at)
        return BoardReading(board, tuple(read(panel, answers, end) for panel in shown), end)

    def _ask(
        self, file: CountsFile, organisation: str, terms: Terms, start: datetime, end: datetime, at: datetime
    ) -> Mapping[str, Answer]:
        metrics = [key for key, (kind, _) in terms.items() if kind is None]
        queries = [file.bucketed(terms[key][1], STEP) for key in metrics]
        searched = {key: (kind, text) for key, (kind, text) in terms.items() if kind is not None}
        asked: Future[list[QueryAnswer | Unknown] | Unknown] = self._queries.do(
            organisation,
            lambda: self._together.ask(organisation, file.site, queries, start, end, at) if queries else [],
        )
        counts: dict[str, Future[int | Unknown]] = {
            key: self._queries.do(organisation, partial(self._count, organisation, file, kind, text, end, at))
            for key, (kind, text) in searched.items()
        }
        counted = self._queries.gather(counts)
        found: dict[str, Answer] = {**counted}
        answers = self._queries.gather({"": asked})[""]
        each = answers if isinstance(answers, list) else [answers] * len(metrics)
        return found | dict(zip(metrics, each, strict=True))

    def _count(
        self, organisation: str, file: CountsFile, kind: SearchKind, text: str, end: datetime, at: datetime
    ) -> int | Unknown:
        search = Search(kind, file.resolved(text), end - LOOK_BACK, end)
        found = self._queries.datadog.count(organisation, file.site, search, at)
        return found if isinstance(found, Unknown) else sum(one.count for one in found)

    def check(self, file: CountsFile, at: datetime) -> list[QueryCheck]:
        """Ask every query of the file once: metrics for the day before `at`, logs and spans for the hour."""
        end = whole_minutes(at)
        tried: list[Tried] = [(one.label, one.organisation, None, one.query) for one in file.counters.values()]
        tried += [
            (panel.label, board.organisation, kind, text)
            for board in file.boards.values()
            for panel in board.panels
            for kind, text in panel.reckoning.terms.values()
        ]
        futures: dict[int, Future[QueryCheck | Unknown]] = {
            number: self._queries.do(one[1], partial(self._once, file, one, end, at))
            for number, one in enumerate(tried)
        }
        found = self._queries.gather(futures)
        answers = [(label, organisation, found[number]) for number, (label, organisation, _, _) in enumerate(tried)]
        return [
            QueryCheck(label, organisation, one) if isinstance(one, Unknown) else one
            for label, organisation, one in answers
        ]

    def _once(self, file: CountsFile, tried: Tried, end: datetime, at: datetime) -> QueryCheck:
        label, organisation, kind, text = tried
        if kind is not None:
            found = self._count(organisation, file, kind, text, end, at)
            if isinstance(found, Unknown):
                return QueryCheck(label, organisation, found)
            return QueryCheck(label, organisation, found=found)
        query, datadog = file.bucketed(text, STEP), self._queries.datadog
        answer = datadog.query(organisation, file.site, query, end - CHECKED_BACK, end, at)
        if isinstance(answer, Unknown):
            return QueryCheck(label, organisation, answer)
        return _points_checked(label, organisation, answer)


def _points_checked(label: str, organisation: str, answer: QueryAnswer) -> QueryCheck:
    starts = [at for one in answer.series for at, value in one.pointlist if value is not None]
    if not starts:
        return QueryCheck(label, organisation, Unknown(Reason.NO_DATA), left=answer.left)
    steps = [one.interval for one in answer.series if one.interval]
    last = datetime.fromtimestamp(max(starts) / 1000, UTC)
    return QueryCheck(
        label, organisation, None, len(starts), last + timedelta(seconds=max(steps, default=0)), answer.left
    )
