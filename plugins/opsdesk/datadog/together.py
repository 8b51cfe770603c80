"""Several metric queries asked in one request, so that each costs no more than all of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from opsdesk.datadog.answers import QueryAnswer, Reason, Unknown
from opsdesk.datadog.client import Datadog

LEFT_OUT_FOR = timedelta(minutes=15)  # a query that Datadog cannot run, so that it costs the others no second request
LONGEST = 6_000  # characters of a request: servers refuse addresses that are much longer


class Together:
    """Asks `datadog`; keeps in mind which queries it cannot run."""

    def __init__(self, datadog: Datadog) -> None:
        self.datadog = datadog
        self._wrong: dict[tuple[str, str], tuple[datetime, Unknown]] = {}

    def ask(
        self, organisation: str, site: str, queries: Sequence[str], start: datetime, end: datetime, at: datetime
    ) -> list[QueryAnswer | Unknown]:
        """Return the answer to each query, in their order.

        Where Datadog cannot run them together each is asked alone, so that one costs no other.
        """
        known = {query: wrong for query in queries if (wrong := self._known(organisation, query, at))}
        found: dict[str, QueryAnswer | Unknown] = dict(known)
        for chunk in _chunks([one for one in dict.fromkeys(queries) if one not in known]):
            answers = self.datadog.queries(organisation, site, chunk, start, end, at)
            if not isinstance(answers, Unknown):
                found |= dict(zip(chunk, answers, strict=True))
            elif answers.reason is Reason.QUERY_ERROR:
                found |= {one: self._alone(organisation, site, one, start, end, at) for one in chunk}
            else:
                found |= dict.fromkeys(chunk, answers)
        return [found[query] for query in queries]

    def _alone(
        self, organisation: str, site: str, query: str, start: datetime, end: datetime, at: datetime
    ) -> QueryAnswer | Unknown:
        answer = self.datadog.query(organisation, site, query, start, end, at)
        if isinstance(answer, Unknown) and answer.reason is Reason.QUERY_ERROR:
            self._wrong[organisation, query] = at, answer
        return answer

    def _known(self, organisation: str, query: str, at: datetime) -> Unknown | None:
        since, answer = self._wrong.get((organisation, query), (None, None))
        return answer if since and timedelta() <= at - since < LEFT_OUT_FOR else None


def _chunks(queries: Sequence[str]) -> list[list[str]]:
    chunks: list[list[str]] = []
    length = 0
    for query in queries:
        length += len(query)
        if not chunks or length > LONGEST:
            chunks.append([])
            length = len(query)
        chunks[-1].append(query)
    return chunks
