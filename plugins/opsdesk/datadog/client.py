"""Datadog's client. The only module that imports datadog_api_client, and only for the first question.

An organisation's keys go nowhere but into its own client. The text of an exception is never repeated:
the official client puts headers and bodies into it.
"""

import logging
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from opsdesk.clock import Backoff
from opsdesk.datadog.answers import Points, QueryAnswer, Reason, Unknown
from opsdesk.guard import clean

log = logging.getLogger(__name__)

T = TypeVar("T")

CONNECTIONS = 24  # at the same time, to one organisation: a day and the four that it is compared with are 20 queries
TRIES = 3
TIMEOUT = 9.0  # seconds for one try
TIMEOUTS = 2  # tries that may time out: a third would not fit into the 20 seconds that a command has
BACKOFF = Backoff(first=timedelta(seconds=0.5), longest=timedelta(seconds=5))  # each pause is at least half that
LIMITED_FOR = timedelta(minutes=1)  # where Datadog does not say for how long
LOGGED_FOR = timedelta(minutes=1)
LONGEST_WORD = 200  # characters of what Datadog says about a query
KEY = re.compile(r"DESK_DATADOG_([A-Z][A-Z0-9_]*)_(API|APP)_KEY")
SENDABLE = re.compile(r"[\x21-\x7e]+")


class Keys(msgspec.Struct, frozen=True):
    """The key pair of an organisation, never shown. One that is unset, or `unsendable` ("API", "APP"), is ""."""

    api: str = ""
    app: str = ""
    unsendable: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Keys(unsendable={self.unsendable})"


class _Body(msgspec.Struct):
    """The fields of a query's answer that are read."""

    status: str
    series: tuple[Points, ...] = ()
    error: str | None = None
    message: str | None = None


class _TryFailed(Exception):
    """A failed try. `retry` says whether another one may succeed."""

    def __init__(self, unknown: Unknown, retry: bool = False) -> None:
        super().__init__(unknown.reason.value)
        self.unknown, self.retry = unknown, retry


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
        self._limited_until: dict[str, datetime] = {}
        self._logged: dict[tuple[str, Reason], datetime] = {}
        self._lock = threading.Lock()

    @property
    def configured(self) -> tuple[str, ...]:
        """Return the organisations with both keys."""
        return tuple(name for name, keys in self._keys.items() if keys.api and keys.app)

    @property
    def has_keys(self) -> bool:
        """Return whether any key is set."""
        return bool(self._keys)

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

        return self._request(organisation, site, ask, at)

    def dashboard(self, organisation: str, site: str, name: str, at: datetime) -> Mapping[str, Any] | Unknown:
        """Return the definition of the dashboard with this id, as Datadog's API gives it."""

        def ask(client: Any) -> Mapping[str, Any]:
            from datadog_api_client.v1.api.dashboards_api import DashboardsApi

            return _decoded(DashboardsApi(client).get_dashboard(name).data, dict[str, Any])

        return self._request(organisation, site, ask, at)

    def _request(self, organisation: str, site: str, ask: Callable[[Any], T], at: datetime) -> T | Unknown:
        if missing := self.missing(organisation):
            self._log(organisation, missing, at)
            return missing
        if (until := self._limited_until.get(organisation, at)) > at:
            return Unknown(Reason.RATE_LIMITED, retry_at=until)
        try:
            return self._with_retries(organisation, lambda: ask(self._client(organisation, site)), at)
        except _TryFailed as failed:
            self._log(organisation, failed.unknown, at)
            if failed.unknown.retry_at:
                self._limited_until[organisation] = failed.unknown.retry_at
            return failed.unknown

    def _log(self, organisation: str, unknown: Unknown, at: datetime) -> None:
        """Log a failure once a minute, not once for each query that meets it."""
        earlier = self._logged.get((organisation, unknown.reason))
        if earlier is None or not timedelta() <= at - earlier < LOGGED_FOR:
            self._logged[organisation, unknown.reason] = at
            log.warning("Datadog, organisation %s: %s %s", organisation, unknown.reason.value, unknown.detail)

    def missing(self, organisation: str) -> Unknown | None:
        """Return what keeps an organisation from being asked: an unset or unsendable key. None if nothing."""
        keys = self._keys.get(organisation, Keys())
        names = {kind: f"DESK_DATADOG_{organisation.upper()}_{kind}_KEY" for kind in ("API", "APP")}
        if unsendable := [names[kind] for kind in keys.unsendable]:
            return Unknown(Reason.NOT_CONFIGURED, f"{' and '.join(unsendable)} with a blank or line end inside")
        unset = [names[kind] for kind, key in (("API", keys.api), ("APP", keys.app)) if not key]
        return Unknown(Reason.NOT_CONFIGURED, f"{' and '.join(unset)} not set") if unset else None

    def _with_retries(self, organisation: str, ask: Callable[[], T], at: datetime) -> T:
        timeouts = 0
        for number in range(TRIES):
            try:
                return self._once(organisation, ask, at)
            except _TryFailed as failed:
                timeouts += failed.unknown.reason is Reason.TIMEOUT
                if not failed.retry or number + 1 == TRIES or timeouts == TIMEOUTS:
                    raise
            self._pause(BACKOFF.after(number + 1).total_seconds() * random.uniform(0.5, 1))
        raise AssertionError("the last try returns or raises")

    def _once(self, organisation: str, ask: Callable[[], T], at: datetime) -> T:
        from datadog_api_client.exceptions import ApiException, OpenApiException
        from urllib3.exceptions import HTTPError

        try:
            return ask()
        except ApiException as refused:
            failed = self._refused(organisation, refused, at)
        except HTTPError as broken:
            failed = _TryFailed(_connection_error(broken), retry=True)
        except (OpenApiException, ValueError):
            failed = _TryFailed(Unknown(Reason.UNREADABLE))
        raise failed  # outside of the handler: what was caught is not chained to it

    def _refused(self, organisation: str, refused: Any, at: datetime) -> _TryFailed:
        status = int(refused.status or 0)
        if status == 429:
            return _TryFailed(Unknown(Reason.RATE_LIMITED, retry_at=at + _reset(refused.headers)))
        if status in (401, 403):
            return _TryFailed(Unknown(Reason.REFUSED, f"{status}, organisation {organisation}"))
        if status >= 500:
            return _TryFailed(Unknown(Reason.FAILED, str(status)), retry=True)
        if status == 0:
            return _TryFailed(Unknown(Reason.NO_ANSWER, "no secure connection"), retry=True)
        reason = Reason.NOT_FOUND if status == 404 else Reason.QUERY_ERROR
        return _TryFailed(Unknown(reason, self._message(_errors(refused.body), str(status))))

    def _answer(self, response: Any) -> QueryAnswer:
        body = _decoded(response.data, _Body)
        if body.status != "ok" or body.error:
            message = self._message(body.error or body.message or "", body.status)
            raise _TryFailed(Unknown(Reason.QUERY_ERROR, message))
        left = response.headers.get("X-RateLimit-Remaining", "")
        return QueryAnswer(body.series, int(left) if left.isdecimal() else None)

    def _message(self, words: str, otherwise: str) -> str:
        """Return Datadog's message on one line, shortened and without keys; `otherwise` where there is none."""
        line = " ".join(clean(words).split())
        for keys in self._keys.values():
            for key in filter(None, (keys.api, keys.app)):
                line = line.replace(key, "…")
        return line[:LONGEST_WORD] or otherwise

    def _client(self, organisation: str, site: str) -> Any:
        with self._lock:
            key = organisation, site
            if key not in self._clients:
                url = self._url or f"https://api.{site}"
                self._clients[key] = _client(self._keys[organisation], url, self._timeout)
            return self._clients[key]


def read_keys(environment: Mapping[str, str]) -> dict[str, Keys]:
    """Return the keys by organisation, without surrounding blanks and line ends."""
    found: dict[str, dict[str, str]] = {}
    for name, value in environment.items():
        if (named := KEY.fullmatch(name)) and value.strip():
            found.setdefault(named[1].lower(), {})[named[2]] = value.strip()
    return {organisation: _pair(keys) for organisation, keys in found.items()}


def _pair(keys: Mapping[str, str]) -> Keys:
    sendable = {kind: key for kind, key in keys.items() if SENDABLE.fullmatch(key)}
    wrong = tuple(kind for kind in keys if kind not in sendable)
    return Keys(sendable.get("API", ""), sendable.get("APP", ""), wrong)


def _client(keys: Keys, url: str, timeout: float) -> Any:
    from datadog_api_client import ApiClient, Configuration

    # With a host, and both keys, none of DD_SITE, DD_API_KEY and DD_APP_KEY comes in.
    configuration = Configuration(
        host=url,
        api_key={"apiKeyAuth": keys.api, "appKeyAuth": keys.app},
        request_timeout=timeout,
        retry_policy=False,  # urllib3 would try three times more, without a word
        preload_content=False,  # the raw answer: the client's models mangle some
    )
    client = ApiClient(configuration)
    client.rest_client.pool_manager.connection_pool_kw["maxsize"] = CONNECTIONS
    return client


def _decoded(data: bytes, kind: type[T]) -> T:
    return msgspec.json.decode(data, type=kind)


def _connection_error(error: Exception) -> Unknown:
    """Return what became of the connection."""
    from urllib3 import exceptions

    if isinstance(error, exceptions.NewConnectionError):
        return Unknown(Reason.NO_ANSWER, "no connection")
    if isinstance(error, exceptions.TimeoutError):
        return Unknown(Reason.TIMEOUT)
    return Unknown(Reason.NO_ANSWER, "connection dropped")


def _reset(headers: Mapping[str, str] | None) -> timedelta:
    """Return how long the rate limit lasts. The names of headers come in either case."""
    wait = {name.lower(): value for name, value in (headers or {}).items()}.get("x-ratelimit-reset", "")
    return timedelta(seconds=max(1, int(wait))) if wait.isdecimal() and len(wait) < 6 else LIMITED_FOR


def _errors(body: Any) -> str:
    errors = body.get("errors") if isinstance(body, dict) else None
    return "; ".join(map(str, errors)) if isinstance(errors, list) else ""
