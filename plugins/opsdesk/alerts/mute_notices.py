"""What the alert channel hears of mutes: that one began, and ended."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.mutes import Mute, Mutes
from opsdesk.clock import day_of
from opsdesk.posts import PostLine, PostRecord, Scheduled
from opsdesk.text import tell_when

TRY_FOR = timedelta(minutes=30)
ONE_DAY = timedelta(days=1)


class MuteNotices:
    """Plans the notices, in `room`; none without one."""

    def __init__(self, mutes: Mutes, ledger: Ledger, room: str) -> None:
        self._mutes, self._ledger, self._room = mutes, ledger, room

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield what is to be said around `at`, each once."""
        if not self._room:
            return
        for name, mute in self._mutes.mutes().items():
            yield from self._of(name, mute, at)

    def _of(self, name: str, mute: Mute, at: datetime) -> Iterator[Scheduled]:
        zone, until = self._ledger.zone, mute.rule.until
        ended = mute.ended_at or until
        if at - TRY_FOR < mute.at <= at and until:
            when = f"until {tell_when(until, at, zone)}"
            text = f"🔇 {mute.by.name} muted {_what(name, self._ledger)} {when}: {mute.rule.reason}"
            yield self._say(f"{name} begun", mute.at, text)
        if ended and at - TRY_FOR < ended <= at:
            yield self._say(f"{name} ended", ended, f"🔔 {_what(name, self._ledger)} is no longer muted.")

    def _say(self, what: str, due: datetime, text: str) -> Scheduled:
        def compose(at: datetime, before: PostRecord) -> list[PostLine]:
            return [PostLine("words", text)]

        key, until = f"{what}:{due:%Y-%m-%dT%H:%M:%SZ}", due + TRY_FOR
        return Scheduled(key, day_of(due, self._ledger.zone), due, until, until, compose, room=self._room)


def _what(name: str, ledger: Ledger) -> str:
    number = int(name.rpartition(" ")[2])
    return f"alert {number}, {ledger.get(number).title[:120]},"
