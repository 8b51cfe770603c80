"""Searches of logs and of spans, the pieces that traces are made of: what is sent, and how answers are read.

Of a span nothing is read that could name a person: no tags, no messages, no addresses.
"""

import enum
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

MOST_GROUPS = 50  # of each facet, the largest first
ELSEWHERE = "(none)"  # what a group is called by that lacks a facet


class SearchKind(enum.StrEnum):
    """What is searched."""

    LOGS = "logs"
    SPANS = "spans"


class Search(msgspec.Struct, frozen=True):
    """A search from `start` until just before `end`, in Datadog's language."""

    kind: SearchKind
    query: str
    start: datetime
    end: datetime


class Bucket(msgspec.Struct, frozen=True):
    """How many were found with the same values of the facets that were asked for, by facet."""

    count: int
    by: Mapping[str, str] = {}


class Span(msgspec.Struct, frozen=True):
    """A span. What it does not say is ""; `at` is None where its time cannot be read."""

    service: str
    resource: str
    error: str = ""
    status: str = ""
    trace: str = ""
    at: datetime | None = None


class Partial(ValueError):
    """An answer that Datadog says has not been finished."""


class _Buckets(msgspec.Struct):
    buckets: list[dict[str, Any]]


class _Meta(msgspec.Struct):
    status: str | None = None


class _Counted(msgspec.Struct):
    data: list[dict[str, Any]] | _Buckets
    meta: _Meta | None = None


class _Found(msgspec.Struct):
    data: list[dict[str, Any]]
    meta: _Meta | None = None


def counting(search: Search, facets: Sequence[str]) -> dict[str, Any]:
    """Return the body of a request that counts, in groups by `facets`."""
    by_size = {"type": "measure", "aggregation": "count", "order": "desc"}
    fields: dict[str, Any] = {
        "compute": [{"aggregation": "count", "type": "total"}],
        "filter": _filter(search),
    }
    if facets:
        common = {"limit": MOST_GROUPS, "missing": ELSEWHERE, "sort": by_size}
        fields["group_by"] = [{"facet": one, **common} for one in facets]
    if search.kind is SearchKind.LOGS:
        return fields
    return {"data": {"attributes": fields, "type": "aggregate_request"}}


def latest(search: Search, most: int) -> dict[str, Any]:
    """Return the body of a request for the latest spans."""
    fields = {"filter": _filter(search), "page": {"limit": most}, "sort": "-timestamp"}
    return {"data": {"attributes": fields, "type": "search_request"}}


def read_counts(body: bytes) -> tuple[Bucket, ...]:
    """Return the groups of an answer, largest first. Raise a ValueError for what is none, or not finished."""
    answer = msgspec.json.decode(body, type=_Counted)
    _finished(answer.meta)
    raw = answer.data.buckets if isinstance(answer.data, _Buckets) else answer.data
    return tuple(sorted(map(_bucket, raw), key=lambda one: -one.count))


def read_spans(body: bytes) -> tuple[Span, ...]:
    """Return the spans of an answer, as they stand there. Raise a ValueError for what is none, or not finished."""
    answer = msgspec.json.decode(body, type=_Found)
    _finished(answer.meta)
    return tuple(map(_span, answer.data))


def _filter(search: Search) -> dict[str, str]:
    start, end = (f"{one.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for one in (search.start, search.end))
    return {"query": search.query, "from": start, "to": end}


def _finished(meta: _Meta | None) -> None:
    if meta and meta.status and meta.status != "done":
        raise Partial(meta.status)


def _bucket(raw: Mapping[str, Any]) -> Bucket:
    fields = _fields(raw)
    numbers = fields.get("computes") or fields.get("compute")
    count = next(iter(numbers.values()), None) if isinstance(numbers, Mapping) else None
    if isinstance(count, bool) or not isinstance(count, int | float) or not 0 <= count < 2**53:
        raise ValueError("a group without a count")
    by = fields.get("by")
    named = by.items() if isinstance(by, Mapping) else ()
    return Bucket(int(count), {str(key): _text(value) or ELSEWHERE for key, value in named})


def _span(raw: Mapping[str, Any]) -> Span:
    fields = _fields(raw)
    return Span(
        service=_text(fields.get("service")),
        resource=_text(fields.get("resource_name")),
        error=next(filter(None, _each(fields, "error", "type")), ""),
        status=next(filter(None, _each(fields, "http", "status_code")), ""),
        trace=_text(fields.get("trace_id")),
        at=_moment(fields.get("start_timestamp")),
    )


def _each(fields: Mapping[str, Any], first: str, second: str) -> Iterator[str]:
    """Yield an attribute wherever spans have it: below "custom" or "attributes", nested or with a dot."""
    for around in (fields, fields.get("custom"), fields.get("attributes")):
        if isinstance(around, Mapping):
            inner = around.get(first)
            yield _text(inner.get(second)) if isinstance(inner, Mapping) else ""
            yield _text(around.get(f"{first}.{second}"))


def _fields(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    fields = raw.get("attributes", raw)
    if not isinstance(fields, Mapping):
        raise ValueError("an item without fields")
    return fields


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
