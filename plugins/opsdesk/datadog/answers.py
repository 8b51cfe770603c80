"""What Datadog answers, and why there is no answer."""

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
    RATE_LIMITED = "rate limited"
    NO_DATA = "no data"
    QUERY_ERROR = "query error"
    UNREADABLE = "unreadable answer"
    TOO_COARSE = "answered in steps that do not fit"


class Unknown(msgspec.Struct, frozen=True):
    """A number that is not known. `detail` says more in words; of a rate limit, `retry_at` is when it is over."""

    reason: Reason
    detail: str = ""
    retry_at: datetime | None = None


class Points(msgspec.Struct, frozen=True):
    """One series of an answer: buckets by their start (milliseconds since 1970), null where there is nothing."""

    pointlist: tuple[tuple[float, float | None], ...] = ()
    interval: float | None = None  # seconds


class QueryAnswer(msgspec.Struct, frozen=True):
    """What Datadog answered to a query, and how many more queries its rate limit allows, where it says so."""

    series: tuple[Points, ...]
    left: int | None = None
