"""Datadog's client. The only wing that imports datadog_api_client, and only for the first question.

An organisation's keys go nowhere but into its own client. The text of an exception is never repeated:
the official client puts headers and bodies into it.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from opsdesk.datadog import calls, failures, searches
from opsdesk.datadog.answers import Heard, Points, QueryAnswer, Reason, Unknown
from opsdesk.datadog.budget import Budget
from opsdesk.datadog.keys import Keys, missing, read_keys
from opsdesk.datadog.searches import Bucket, Search, SearchKind, Span
from opsdesk.guard import clean
from opsdesk.tally import timed

log = logging.getLogger(__name__)

T = TypeVar("T")

CONNECTIONS = 24  # at the same time, to one organisation: a day and the four that it is compared with are 20 queries
TRIES = 3
TIMEOUT = 9.0  # seconds for one try, to the last byte of its answer
TIMEOUTS = 2  # tries that may time out: a third would not fit into the 20 seconds that a command has
PAUSE = 0.5  # seconds before the second try, about twice that before the third
LONGEST_WAIT = timedelta(seconds=3)  # that is waited for before another try: who asks for more is left alone for it
LOGGED_FOR = timedelta(minutes=1)
LONGEST_MESSAGE = 200  # characters of what Datadog says about a query


class _Body(msgspec.Struct):
    """The fields of a query's answer that are read. Without data there is an empty list of series, not none."""

    status: str
    series: tuple[Points, ...] | None = None
    error: str | None = None
    message: str | None = None


class Datadog:
    """Datadog's answers, by organisation. No question raises: a failure is returned as an Unknown.

    `at` is the present moment. `pause` waits for some seconds; `timeout` is how many seconds a try may take.
    """

    def __init__(
        self, environment: Mapping[str, str], pause: Callable[[float], None] = time.sleep, timeout: float = TIMEOUT
    ) -> None:
        self._keys = read_keys(environment)
        self._url = environment.get("DESK_DATADOG_URL", "").strip().rstrip("/")
        self._pause, self._timeout = pause, timeout
        self._clients: dict[tuple[str, str], Any] = {}
        self._waiting: dict[tuple[str, str], Unknown] = {}  # by organisation and endpoint, until its `retry_at`
        self._logged: dict[tuple[str, Reason], datetime] = {}
        self._heard: dict[str, Heard] = {}
        self._lock, self.budget = threading.Lock(), Budget()

    @property
    def configured(self) -> tuple[str, ...]:
        """Return the organisations with both keys."""
        return tuple(name for name, keys in self._keys.items() if keys.api and keys.app)

    @property
    def named(self) -> tuple[str, ...]:
        """Return the organisations with any key."""
        return tuple(self._keys)

    def warm(self) -> None:
        """Import the official client, which takes a while, before somebody waits for it."""
        import datadog_api_client.v1.api.metrics_api  # noqa: F401  # to be there when a query needs it

    def query(
        self, organisation: str, site: str, query: str, start: datetime, end: datetime, at: datetime
    ) -> QueryAnswer | Unknown:
        """Return the points of a metric query from `start` until just before `end`."""

        def ask(client: Any) -> QueryAnswer:
            from datadog_api_client.v1.api.metrics_api import MetricsApi

            bounds = {"_from": int(start.timestamp()), "to": int(end.timestamp())}
            return self._answer(MetricsApi(client).query_metrics(query=query, **bounds))

        return self._request(organisation, site, "query", ask, at)

    def queries(
        self, organisation: str, site: str, queries: Sequence[str], start: datetime, end: datetime, at: datetime
    ) -> tuple[QueryAnswer, ...] | Unknown:
        """Return the points of several metric queries, asked in one request, in their order."""
        answer = self.query(organisation, site, ",".join(queries), start, end, at)
        if isinstance(answer, Unknown) or len(queries) == 1:
            return answer if isinstance(answer, Unknown) else (answer,)
        if any(one.query_index not in range(len(queries)) for one in answer.series):
            return Unknown(Reason.UNREADABLE, "it does not say which series is whose")
        by_index = [tuple(one for one in answer.series if one.query_index == number) for number in range(len(queries))]
        return tuple(QueryAnswer(series, answer.left) for series in by_index)

    def dashboard(self, organisation: str, site: str, name: str, at: datetime) -> Mapping[str, Any] | Unknown:
        """Return the definition of the dashboard with this id, as Datadog's API gives it."""

        def ask(client: Any) -> Mapping[str, Any]:
            from datadog_api_client.v1.api.dashboards_api import DashboardsApi

            return _decoded(DashboardsApi(client).get_dashboard(name).data, dict[str, Any])

        return self._request(organisation, site, "dashboard", ask, at)

    def count(
        self, organisation: str, site: str, search: Search, at: datetime, facets: Sequence[str] = ()
    ) -> tuple[Bucket, ...] | Unknown:
        """Return how many logs or spans there are, in groups by `facets`, the largest first; no group for none."""

        def ask(client: Any) -> tuple[Bucket, ...]:
            return searches.read_counts(_aggregating(client, search.kind)(body=searches.counting(search, facets)).data)

        return self._request(organisation, site, f"{search.kind} counted", ask, at, budgeted=True)

    def latest_spans(
        self, organisation: str, site: str, search: Search, most: int, at: datetime
    ) -> tuple[Span, ...] | Unknown:
        """Return the latest spans, latest first."""

        def ask(client: Any) -> tuple[Span, ...]:
            from datadog_api_client.v2.api.spans_api import SpansApi

            body: Any = searches.latest(search, most)
            return searches.read_spans(SpansApi(client).list_spans(body=body).data)

        return self._request(organisation, site, "spans", ask, at, budgeted=True)

    def missing(self, organisation: str) -> Unknown | None:
        """Return what keeps an organisation from being asked: an unset or unsendable key. None if nothing."""
        return missing(organisation, self._keys.get(organisation, Keys()))

    def heard(self, organisation: str) -> Heard | None:
        """Return what was last heard of an organisation; None if it was not asked since the desk was started."""
        return self._heard.get(organisation)

    def _request(
        self,
        organisation: str,
        site: str,
        endpoint: str,
        ask: Callable[[Any], T],
        at: datetime,
        *,
        budgeted: bool = False,
    ) -> T | Unknown:
        """Ask, unless keys are missing or Datadog has asked to be left alone: each endpoint has its own rate limit.

        Each try of a `budgeted` question counts against the budget of the hour.
        """
        if unset := self.missing(organisation):
            self._log(organisation, unset, at)
            return unset
        waiting = self._waiting.get((organisation, endpoint))
        if waiting and waiting.retry_at and waiting.retry_at > at:
            return waiting

        def once() -> T:
            if budgeted and (again_at := self.budget.spend(organisation, at)):
                raise failures.TryFailed(Unknown(Reason.SPENT, retry_at=again_at))
            return ask(self._client(organisation, site))

        try:
            answer = self._with_retries(organisation, once, at)
        except failures.TryFailed as failed:
            return self._failed(organisation, endpoint, failed.unknown, at)
        self._heard[organisation] = Heard(at)
        return answer

    def _failed(self, organisation: str, endpoint: str, unknown: Unknown, at: datetime) -> Unknown:
        """Note that Datadog did not answer, and until when it is left alone; return what is unknown."""
        self._log(organisation, unknown, at)
        self._heard[organisation] = Heard(at, unknown)
        if unknown.retry_at:
            self._waiting[organisation, endpoint] = unknown
        return unknown

    def _log(self, organisation: str, unknown: Unknown, at: datetime) -> None:
        """Log a failure once a minute, not once for each query that meets it."""
        earlier = self._logged.get((organisation, unknown.reason))
        if earlier is None or not timedelta() <= at - earlier < LOGGED_FOR:
            self._logged[organisation, unknown.reason] = at
            log.warning("Datadog, organisation %s: %s %s", organisation, unknown.reason.value, unknown.detail)

    def _with_retries(self, organisation: str, ask: Callable[[], T], at: datetime) -> T:
        call, timeouts = calls.current(), 0
        for number in range(TRIES):
            try:
                return timed("datadog", organisation, lambda: self._once(organisation, call, ask, at))
            except failures.TryFailed as failed:
                timeouts += failed.unknown.reason is Reason.TIMEOUT
                wait = failed.wait or timedelta()
                if wait > LONGEST_WAIT:
                    raise failures.TryFailed(msgspec.structs.replace(failed.unknown, retry_at=at + wait)) from None
                if not failed.retry or number + 1 == TRIES or timeouts == TIMEOUTS or call.given_up:
                    raise
            self._pause(max(PAUSE * 2**number * random.uniform(0.5, 1), wait.total_seconds()))
        raise AssertionError("the last try returns or raises")

    def _once(self, organisation: str, call: "calls.Call", ask: Callable[[], T], at: datetime) -> T:
        from datadog_api_client.exceptions import ApiException, OpenApiException
        from urllib3.exceptions import HTTPError

        failed: failures.TryFailed | None = None
        try:
            with call.limited(self._timeout):
                answer = ask()
        except ApiException as refused:
            message = self._message(failures.errors_of(refused.body), "")
            failed = failures.refused(organisation, int(refused.status or 0), refused.headers or {}, message, at)
        except HTTPError as broken:
            failed = failures.broken(broken)
        except searches.Partial:
            failed = failures.TryFailed(Unknown(Reason.TIMEOUT, "it gave an unfinished answer"), retry=True)
        except (OpenApiException, ValueError, RecursionError):
            failed = failures.TryFailed(Unknown(Reason.UNREADABLE))
        calls.forget_names()
        if call.timed_out or call.given_up:  # an answer that was cut off may look whole
            raise failures.TryFailed(Unknown(Reason.TIMEOUT), retry=not call.given_up)
        if failed:
            raise failed  # outside of the handler: what was caught is not chained to it
        return answer

    def _answer(self, response: Any) -> QueryAnswer:
        body = _decoded(response.data, _Body)
        if body.status != "ok" or body.error:
            message = self._message(body.error or body.message or "", body.status)
            raise failures.TryFailed(Unknown(Reason.QUERY_ERROR, message))
        if body.series is None:
            raise failures.TryFailed(Unknown(Reason.UNREADABLE, "it has no list of series"))
        left = response.headers.get("X-RateLimit-Remaining", "")
        return QueryAnswer(body.series, int(left) if left.isdecimal() and len(left) < 10 else None)

    def _message(self, words: str, otherwise: str) -> str:
        """Return Datadog's message on one line, shortened and without keys; `otherwise` where there is none."""
        line = " ".join(clean(words).split())
        for keys in self._keys.values():
            for key in filter(None, (keys.api, keys.app)):
                line = line.replace(key, "…")
        return line[:LONGEST_MESSAGE] or otherwise

    def _client(self, organisation: str, site: str) -> Any:
        with self._lock:
            key = organisation, site
            if key not in self._clients:
                url = self._url or f"https://api.{site}"
                self._clients[key] = _client(self._keys[organisation], url, self._timeout)
            return self._clients[key]


def _client(keys: Keys, url: str, timeout: float) -> Any:
    from datadog_api_client import ApiClient, Configuration

    from opsdesk.datadog import transport

    # With a host, and both keys, none of DD_SITE, DD_API_KEY and DD_APP_KEY comes in.
    configuration = Configuration(
        host=url,
        api_key={"apiKeyAuth": keys.api, "appKeyAuth": keys.app},
        request_timeout=timeout,
        retry_policy=False,  # urllib3 would try three times more, without a word
        preload_content=False,  # the raw answer: the client's models mangle some
    )
    client = ApiClient(configuration)
    manager = client.rest_client.pool_manager
    manager.connection_pool_kw["maxsize"] = CONNECTIONS
    transport.install(manager)
    return client


def _aggregating(client: Any, kind: SearchKind) -> Any:
    """Return the operation that counts logs or spans."""
    if kind is SearchKind.LOGS:
        from datadog_api_client.v2.api.logs_api import LogsApi

        return LogsApi(client).aggregate_logs
    from datadog_api_client.v2.api.spans_api import SpansApi

    return SpansApi(client).aggregate_spans


def _decoded(data: bytes, kind: type[T]) -> T:
    return msgspec.json.decode(data, type=kind)
