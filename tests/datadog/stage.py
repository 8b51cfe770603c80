"""A Datadog on loopback: raw points, put into buckets for any window as Datadog does, and its ways to fail."""

import itertools
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests import planted
from tests.datadog.served import Handler, Server

API_KEY, APP_KEY = planted.DATADOG_API_KEY, planted.DATADOG_APP_KEY
STEPS = (20, 60, 120, 300, 600, 1200, 3600, 7200, 14400, 86400)
MOST_POINTS = 1500
QUERY = re.compile(r"(?:sum|avg|max):(?P<metric>[\w.]+)\{(?P<tags>[^}]*)\}(?P<rest>.*)")
NEXT_QUERY = re.compile(r",(?=(?:sum|avg|max):)")
ROLLUP = re.compile(r"\.rollup\(sum, (\d+)\)")


@dataclass(frozen=True)
class RawPoint:
    """Counted at `at`, seconds since 1970; queries see it from `arrives` on."""

    at: float
    value: float
    host: str = ""
    arrives: float = 0


@dataclass(frozen=True)
class RawSpan:
    """A span or a log at `at`, seconds since 1970; searches see it from `arrives` on."""

    at: float
    service: str
    resource: str = ""
    error: str = ""
    status: str = ""
    trace: str = "8174885344805365765"
    arrives: float = 0


@dataclass(frozen=True)
class Fault:
    """What is answered instead; `hang` and `drop` answer nothing, `trickle` a byte now and then, for ever.

    A trickle is of the "head" or the "body"; one of the body may come with a `status` of its own.
    """

    status: int = 200
    body: str | bytes = ""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    drop: bool = False
    trickle: str = ""


def rate_limited(reset: int, name: str = "X-RateLimit-Reset") -> Fault:
    return Fault(429, '{"errors": ["Rate limit of 1600 requests in 3600 seconds reached"]}', {name: str(reset)})


FORBIDDEN = Fault(403, '{"errors": ["Forbidden"]}')
BROKEN = Fault(500, '{"errors": ["Internal Server Error"]}')
HTML = Fault(200, "<!doctype html><title>Sign in</title>", {"Content-Type": "text/html"})
QUERY_ERROR = Fault(200, '{"status": "error", "error": "Rule \'scope_expr\' didn\'t match at \'}\' (#1:90)."}')
CUT_SHORT = Fault(200, '{"status": "ok", "series": [{"pointlist": [[16')
HANG, DROP = Fault(hang=True), Fault(drop=True)


class DatadogStandIn:
    """It answers from when it is entered until it is left. What is set on it counts for the next question."""

    def __init__(self) -> None:
        self.points: dict[str, list[RawPoint]] = defaultdict(list)
        self.faults: dict[str, Iterator[Fault]] = {}
        self.asked: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []  # of each request, names in lower case
        self.spans: list[RawSpan] = []
        self.logs: list[RawSpan] = []
        self.searched: list[tuple[str, dict[str, Any]]] = []  # path and body
        self.keys = {(API_KEY, APP_KEY)}
        self.dashboards: dict[str, Any] = {}
        self.delay = 0.0
        self.free = threading.Event()  # until it is cleared: then answers wait
        self.free.set()
        self.now = float("inf")  # seconds since 1970: what arrives later is not seen
        self.nulls = self.floats = self.by_host = False
        self.coarsest = 0  # seconds: no finer buckets than this
        self.left = 1600
        self.released = threading.Event()
        self.left_alone = threading.Event()  # once somebody has stopped waiting for a trickle
        self._lock = threading.Lock()

    def __enter__(self) -> "DatadogStandIn":
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.standin = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *failed: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a desk that asks here."""
        return {
            "DESK_DATADOG_URL": self.url,
            "DESK_DATADOG_VAGOV_API_KEY": API_KEY,
            "DESK_DATADOG_VAGOV_APP_KEY": APP_KEY,
        }

    def add(self, metric: str, *points: RawPoint) -> None:
        self.points[metric] += points

    def fails(self, fault: Fault, metric: str = "", times: int | None = None) -> None:
        """Answers questions about the metric (any, if it is not told) with the fault, `times` times or for ever."""
        self.faults[metric] = iter([fault] * times) if times else itertools.repeat(fault)

    def meets(self, what: str, keys: tuple[str, str]) -> Fault | None:
        """What a question about a metric, or to a path, meets instead of its answer."""
        return self.fault(what) or (None if keys in self.keys else FORBIDDEN)

    def recovers(self) -> None:
        self.faults.clear()

    def metrics(self) -> list[str]:
        """The metrics that were asked for, in order."""
        return [found["metric"] for one in self.asked if (found := QUERY.match(one.get("query", "")))]

    def answer(self, asked: dict[str, str]) -> dict[str, Any]:
        """What queries, with commas between them, are answered with, in the shape that Datadog answers in."""
        start, end = int(asked["from"]), int(asked["to"])
        series = []
        for number, query in enumerate(NEXT_QUERY.split(asked["query"])):
            found = QUERY.fullmatch(query)
            assert found, query
            rollup = ROLLUP.search(found["rest"])
            step = self._step(int(rollup[1]) if rollup else 20, end - start)
            hosts = self._hosts(found["metric"])
            series += [
                self._series(found["metric"], host, step, start, end) | {"query_index": number} for host in hosts
            ]
        return {
            "status": "ok",
            "resp_version": 1,
            "series": [one for one in series if one["pointlist"]],
            "from_date": start * 1000,
            "to_date": end * 1000,
            "query": asked["query"],
            "message": "",
            "res_type": "time_series",
            "times": [],
            "values": [],
            "group_by": [],
        }

    def search(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What a search for spans or logs is answered with; of its query only the time is looked at."""
        asked = body["data"]["attributes"] if "data" in body else body
        first, last = (datetime.fromisoformat(asked["filter"][end]).timestamp() for end in ("from", "to"))
        kept = self.logs if "/logs/" in path else self.spans
        found = [one for one in kept if first <= one.at < last and one.arrives <= self.now]
        meta = {"elapsed": 12, "status": "done"}
        if path.endswith("/search"):
            latest = sorted(found, key=lambda one: -one.at)[: asked["page"]["limit"]]
            return {"data": [_span(one) for one in latest], "meta": meta}
        names = [one["facet"] for one in asked.get("group_by", ())]
        many = Counter(tuple(_facet(one, name) for name in names) for one in found)
        buckets = [(dict(zip(names, by, strict=True)), {"c0": number}) for by, number in many.most_common()]
        if "/logs/" in path:
            return {"data": {"buckets": [{"by": by, "computes": counted} for by, counted in buckets]}, "meta": meta}
        data = [{"id": "b", "type": "bucket", "attributes": {"by": by, "compute": one}} for by, one in buckets]
        return {"data": data, "meta": meta}

    def count(self, metric: str) -> int:
        with self._lock:
            self.left -= 1
        return self.left

    def fault(self, metric: str) -> Fault | None:
        with self._lock:
            return next(self.faults.get(metric, iter(())), None) or next(self.faults.get("", iter(())), None)

    def _step(self, wanted: int, length: int) -> int:
        finest = max(wanted, self.coarsest)
        return next(step for step in (finest, *STEPS) if step >= finest and length / step <= MOST_POINTS)

    def _hosts(self, metric: str) -> list[str | None]:
        return sorted({point.host for point in self.points[metric]}) if self.by_host else [None]

    def _series(self, metric: str, host: str | None, step: int, start: int, end: int) -> dict[str, Any]:
        """Buckets begin at multiples of the step since 1970: one that began before `start` is left out, the last
        one is there in full, however far it reaches beyond `end`."""
        buckets: dict[int, float | None] = {}
        first = -(-start // step) * step
        if self.nulls:
            buckets = dict.fromkeys(range(first, end, step))
        for point in self.points[metric]:
            at = int(point.at // step * step)
            if first <= at < end and point.arrives <= self.now and host in (None, point.host):
                buckets[at] = (buckets.get(at) or 0) + point.value
        pointlist = [[at * 1000, value] for at, value in sorted(buckets.items())]
        if self.floats:
            pointlist = [[float(at), value if value is None else float(value)] for at, value in pointlist]
        return {
            "metric": metric,
            "display_name": metric,
            "expression": metric,
            "scope": f"host:{host}" if host else "*",
            "interval": float(step) if self.floats else step,
            "length": len(pointlist),
            "aggr": None,
            "unit": None,
            "query_index": 0,
            "tag_set": [],
            "attributes": {},
            "pointlist": pointlist,
        }


def _span(one: RawSpan) -> dict[str, Any]:
    """A span as Datadog tells it, with what must never be repeated."""
    custom: dict[str, Any] = {"duration": 4218725, "usr": {"name": "Jane Doe"}, "http": {"url": "/veterans/jane-doe"}}
    custom["http"] |= {"status_code": one.status} if one.status else {}
    custom |= {"error": {"type": one.error, "message": "Jane Doe was refused"}} if one.error else {}
    moment = f"{datetime.fromtimestamp(one.at, UTC):%Y-%m-%dT%H:%M:%S}.217Z"
    named = {"service": one.service, "resource_name": one.resource, "trace_id": one.trace, "env": "prod"}
    fields = {**named, "start_timestamp": moment, "custom": custom, "tags": ["user:jane.doe"]}
    return {"id": "AYkG", "type": "spans", "attributes": fields}


def _facet(one: RawSpan, name: str) -> str:
    return {"service": one.service, "resource_name": one.resource}[name]
