"""Why a try failed, and whether another one may succeed."""

import email.utils
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from opsdesk.datadog.answers import Reason, Unknown

LIMITED_FOR = timedelta(minutes=1)  # where Datadog does not say for how long
LIMITED_AT_MOST = timedelta(hours=1)  # the longest period of Datadog's rate limits
BUSY = (408, 425)  # beside all from 500 on: the server asks for another try


class TryFailed(Exception):
    """A failed try. `retry` says whether another one may succeed; `wait` how long Datadog asked to wait before it."""

    def __init__(self, unknown: Unknown, *, retry: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(unknown.reason.value)
        self.unknown, self.retry, self.wait = unknown, retry, wait
        self.outcome = unknown.reason.value


def refused(organisation: str, status: int, headers: Mapping[str, str], message: str, at: datetime) -> TryFailed:
    """Return what an answer with another status than 200 means. `message` is Datadog's own, "" if there is none."""
    lowered = {name.lower(): value for name, value in headers.items()}
    if status == 429:
        return TryFailed(Unknown(Reason.RATE_LIMITED, retry_at=at + _limited_for(lowered, at)))
    if status in (401, 403):
        return TryFailed(Unknown(Reason.REFUSED, f"{status}, organisation {organisation}"))
    if 300 <= status < 400:
        return TryFailed(Unknown(Reason.REDIRECTED, _target(status, lowered.get("location", ""))))
    if status >= 500 or status in BUSY:
        return TryFailed(Unknown(Reason.FAILED, str(status)), retry=True, wait=_bounded(_retry_after(lowered, at)))
    if status == 0:
        return TryFailed(Unknown(Reason.NO_ANSWER, "no secure connection"), retry=True)
    reason = Reason.NOT_FOUND if status == 404 else Reason.QUERY_ERROR
    return TryFailed(Unknown(reason, message or str(status)))


def broken(error: Exception) -> TryFailed:
    """Return what an error of the connection means."""
    from urllib3 import exceptions

    from opsdesk.datadog.transport import TooLarge

    if isinstance(error, TooLarge):
        return TryFailed(Unknown(Reason.UNREADABLE, "it is too large"))
    if isinstance(error, exceptions.NewConnectionError):
        return TryFailed(Unknown(Reason.NO_ANSWER, "no connection"), retry=True)
    if isinstance(error, exceptions.TimeoutError):
        return TryFailed(Unknown(Reason.TIMEOUT), retry=True)
    return TryFailed(Unknown(Reason.NO_ANSWER, "connection dropped"), retry=True)


def errors_of(body: Any) -> str:
    """Return the messages in the body of a refusal: {"errors": [...]}; "" if there are none."""
    errors = body.get("errors") if isinstance(body, dict) else None
    return "; ".join(map(str, errors)) if isinstance(errors, list) else ""


def _limited_for(headers: Mapping[str, str], at: datetime) -> timedelta:
    """Return how long a rate limit lasts: never longer than its period, whatever is said."""
    period = _seconds(headers.get("x-ratelimit-period", "")) or LIMITED_AT_MOST
    wait = _seconds(headers.get("x-ratelimit-reset", "")) or _retry_after(headers, at)
    return min(_bounded(wait) or LIMITED_FOR, period)


def _retry_after(headers: Mapping[str, str], at: datetime) -> timedelta | None:
    """Return how long a Retry-After header asks to wait: seconds, or a date."""
    value = headers.get("retry-after", "")
    if wait := _seconds(value):
        return wait
    try:
        return email.utils.parsedate_to_datetime(value) - at
    except (ValueError, TypeError):  # no date, or one without a zone
        return None


def _seconds(value: str) -> timedelta | None:
    digits = value.strip()
    return timedelta(seconds=max(1, int(digits[:9]))) if digits.isascii() and digits.isdecimal() else None


def _bounded(wait: timedelta | None) -> timedelta | None:
    """Return the wait, at most LIMITED_AT_MOST; None for none, or one that is over."""
    return min(wait, LIMITED_AT_MOST) if wait and wait > timedelta() else None


def _target(status: int, location: str) -> str:
    host = urlsplit(location).netloc.rpartition("@")[2] if location.isascii() else ""
    return f"{status}, to {host[:80]}" if host else str(status)
