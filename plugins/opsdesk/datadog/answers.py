"""Datadog's answers, and the reasons why there is none."""

import enum
from datetime import datetime

import msgspec


class Reason(enum.Enum):
    """Why a number is not known."""

    NOT_CONFIGURED = "not configured"
    NOT_BEGUN = "the day has just begun"
    TIMEOUT = "no answer in time"
    NO_ANSWER = "no answer"
    REFUSED = "refused"
    NOT_FOUND = "not found"
    FAILED = "failed"
    REDIRECTED = "redirected"
    RATE_LIMITED = "rate limited"
    SPENT = "the hour's questions are spent"
    NO_DATA = "no data"
    QUERY_ERROR = "query error"
    UNREADABLE = "unreadable answer"
    TOO_COARSE = "answered in steps that do not fit"


class Unknown(msgspec.Struct, frozen=True):
    """A missing number. `detail` says more in words; `retry_at` is when a rate limit ends."""

    reason: Reason
    detail: str = ""
    retry_at: datetime | None = None


class Points(msgspec.Struct, frozen=True):
    """One series of an answer: buckets by their start (milliseconds since 1970), None where Datadog has no value.

    `query_index` is the place of its query among those that were asked together; `scope` says what part of the metric
    it is, "host:web-1", or "*".
    """

    pointlist: tuple[tuple[float, float | None], ...] = ()
    interval: float | None = None  # seconds
    query_index: int | None = None
    scope: str | None = None


class QueryAnswer(msgspec.Struct, frozen=True):
    """The answer to a query. `left` is how many more the rate limit allows, if Datadog said so."""

    series: tuple[Points, ...]
    left: int | None = None


class Heard(msgspec.Struct, frozen=True):
    """What was last heard of an organisation, and when: None for an answer, else why there was none."""

    at: datetime
    unknown: Unknown | None = None
