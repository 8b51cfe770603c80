"""How long Slack could not be heard: told to the admins, since what was typed meanwhile may never arrive."""

from datetime import datetime, timedelta

from opsdesk import clock

TOLD_AFTER = timedelta(minutes=1)  # sockets break and come back within seconds: nobody has to know
DELIVERED_AGAIN = timedelta(minutes=5)  # Slack tries at once, after a minute, and after five


class OutageWatch:
    """Asked again and again whether Slack is heard, it says what the admins have to know about that."""

    def __init__(self, now: clock.Now = clock.now) -> None:
        self._now = now
        self._lost: datetime | None = None
        self._told = False

    def look(self, open: bool) -> str:
        """Words for the admins where something about it has changed; else ""."""
        at = self._now()
        if open:
            lost, told, self._lost, self._told = self._lost, self._told, None, False
            return _heard_again(at - lost) if lost and told else ""
        self._lost = self._lost or at
        if self._told or at - self._lost < TOLD_AFTER:
            return ""
        self._told = True
        return "I hear nothing from Slack any more: what is typed now gets no answer until the connection is back."


def _heard_again(silence: timedelta) -> str:
    told = f"I hear Slack again, after {_minutes(silence)}."
    again = _minutes(DELIVERED_AGAIN)
    if silence <= DELIVERED_AGAIN:
        return (
            f"{told} It delivers again what was typed meanwhile: what has no answer in {again} has to be typed again."
        )
    return f"{told} It delivers again for {again} only: what was typed before that has to be typed again."


def _minutes(length: timedelta) -> str:
    minutes = round(length / timedelta(minutes=1))
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
