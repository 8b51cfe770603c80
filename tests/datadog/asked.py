"""The client on a stand-in of Datadog, asked for one query."""

from opsdesk.datadog.answers import QueryAnswer, Unknown
from opsdesk.datadog.client import Datadog
from tests.counts.stage import CLICKED
from tests.oncall.stage import eastern
from tests.patience import LONG

START, END = eastern("2026-11-23 00:00"), eastern("2026-11-23 15:42")
AT = eastern("2026-11-23 15:42:17")
SHORT = 0.3  # seconds, for what is not answered at all
QUERY = f"sum:{CLICKED}{{environment:prod}}.as_count().rollup(sum, 60)"


class Asked:
    """A Datadog that waits without waiting: `pauses` has how long it would have."""

    def __init__(self, environment: dict[str, str], timeout: float = LONG) -> None:
        self.pauses: list[float] = []
        self.datadog = Datadog(environment, self.pauses.append, timeout=timeout)

    def __call__(self, at=AT, organisation: str = "vagov") -> QueryAnswer | Unknown:  # type: ignore[no-untyped-def]
        return self.datadog.query(organisation, "ddog-gov.com", QUERY, START, END, at)


def values(answer: QueryAnswer | Unknown) -> list[float | None]:
    assert isinstance(answer, QueryAnswer)
    return [value for one in answer.series for _, value in one.pointlist]
