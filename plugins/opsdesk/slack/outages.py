"""Outages of the connection to Slack, reported to the admins: what is typed meanwhile may never arrive."""

from datetime import datetime, timedelta

from opsdesk import clock

REPORTED_AFTER = timedelta(minutes=1)  # sockets break and come back within seconds, which nobody needs to know
DELIVERED_AGAIN = timedelta(minutes=5)  # Slack tries at once, after a minute, and after five


class OutageWatch:
    """Follows whether events can arrive, and words what the admins need to know about it.

    `gaps` counts how often the connection came back.
    """

    def __init__(self, now: clock.Now = clock.now) -> None:
        self._now = now
        self._lost: datetime | None = None
        self._reported = False
        self.gaps = 0

    def check(self, open: bool) -> str:
        """Return what to tell the admins now that the connection is `open` or not; "" for nothing new."""
        at = self._now()
        if open:
            lost, reported, self._lost, self._reported = self._lost, self._reported, None, False
            self.gaps += lost is not None
            return _heard_again(at - lost) if lost and reported else ""
        self._lost = self._lost or at
        if self._reported or at - self._lost < REPORTED_AFTER:
            return ""
        self._reported = True
        return "I hear nothing from Slack any more: what is typed now gets no answer until the connection is back."


def _heard_again(outage: timedelta) -> str:
    back = f"I hear Slack again, after {_minutes(outage)}."
    again = _minutes(DELIVERED_AGAIN)
    if outage <= DELIVERED_AGAIN:
        return (
            f"{back} It delivers again what was typed meanwhile: what has no answer in {again} has to be typed again."
        )
    return (
        f"{back} It delivers again for {again} only: whoever typed a change before that is told of it, "
        "to type it again."
    )


def _minutes(length: timedelta) -> str:
    minutes = round(length / timedelta(minutes=1))
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
