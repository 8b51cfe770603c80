"""The desk's clock beside Slack's, by what Slack's answers say: a wrong one is told of before anything is due by it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec
from slack_sdk.web import SlackResponse

from opsdesk import clock
from opsdesk.chat import ClockWatch
from opsdesk.slack.failures import FAILED
from opsdesk.workers import Repeating

EACH = 3600.0  # seconds between two looks


class SlacksTime(msgspec.Struct, frozen=True):
    """What time it was at Slack, in UTC, when `seconds` was read."""

    at: datetime
    seconds: float

    def now(self) -> datetime:
        """Return what time it is at Slack by now, for a reading of minutes ago."""
        return self.at + timedelta(seconds=clock.seconds() - self.seconds)


def time_told(headers: Mapping[str, str]) -> SlacksTime | None:
    """Return what time it is at Slack by the headers of an answer just come; None where they do not say."""
    told = next((value for name, value in headers.items() if name.casefold() == "date"), "")
    with suppress(ValueError):
        at = parsedate_to_datetime(told)
        return SlacksTime(at, clock.seconds()) if at.tzinfo else None
    return None


class ClockChecks:
    """Compares `now` with Slack's time at once, as `signed_in` tells it, then once an hour by an answer to `ask`."""

    def __init__(
        self,
        watch: ClockWatch,
        now: clock.Now,
        signed_in: SlacksTime | None,
        ask: Callable[[], SlackResponse],
    ) -> None:
        self._watch, self._now, self._signed_in, self._ask = watch, now, signed_in, ask

    def begin(self) -> Repeating:
        """Check in a thread of its own, which is returned to be closed."""
        return Repeating(self.check, EACH, "clock")

    def check(self) -> None:
        """Compare the clocks; not where Slack cannot be asked."""
        told, self._signed_in = self._signed_in, None
        with suppress(*FAILED):
            told = told or time_told(self._ask().headers)
        if told:
            self._watch.compare(told.now(), self._now())
