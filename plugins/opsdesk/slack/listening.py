"""A desk that listens to Slack: it follows whether it does, and has what it did not hear read back."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from opsdesk import clock
from opsdesk.chat import Reaction, Unheard
from opsdesk.slack.asked import marked
from opsdesk.slack.confirmed import confirmed
from opsdesk.slack.events import typed_in
from opsdesk.slack.gaps import Gaps
from opsdesk.slack.intake import Intake
from opsdesk.slack.read_back import GapReadBack
from opsdesk.slack.transport import Transport
from opsdesk.store import Desks

EVERY = timedelta(seconds=3)  # between two looks at what other desks left behind


class Listening:
    """What a desk does besides handling what it hears, once it is `active`."""

    def __init__(
        self,
        desks: Desks,
        transport: Transport,
        intake: Intake,
        gaps: Gaps,
        read_back: GapReadBack,
        active: threading.Event,
        now: clock.Now,
    ) -> None:
        self._desks, self._transport, self._intake = desks, transport, intake
        self._gaps, self._read_back, self._active, self._now = gaps, read_back, active, now
        self._minded_at = datetime.min.replace(tzinfo=UTC)

    def follow(self) -> None:
        """Note whether the desk listens now."""
        self._gaps.follow(self._transport.is_open())

    def mend(self) -> None:
        """Mind the other desks, and begin to read back what was typed while nobody listened.

        Called every half second.
        """
        self._mind_the_others()
        self.follow()
        self._read_back.tick(self._now())

    def do_late(self, late: Unheard, expected: Callable[[str], bool]) -> bool:
        """Do a command that was typed while nobody listened; return False if its message is gone, or not `expected`.

        Raises a SendError where Slack does not answer.
        """
        with confirmed("thread_not_found", "message_not_found"):
            message = self._read_back.message(late.room, late.ts, late.thread)
            if message and expected(typed_in(message)):
                self._intake.receive_late(message)
                return True
        return False

    def do_yes(self, reaction: Reaction, thread: str, which: str) -> None:
        """Have somebody's yes done, in that thread, which they say by an emoji on what they were asked."""
        self._intake.ask(marked(reaction, self._now(), thread, "yes", which))

    def _mind_the_others(self) -> None:
        """Leave what is scheduled to another desk while this one has no socket; tell of what another left behind."""
        at = self._now()
        if not self._active.is_set() or not self._desks.shared or abs(at - self._minded_at) < EVERY:
            return
        self._minded_at = at
        if not self._transport.is_open():
            self._desks.step_aside()
        self._intake.tell_left_behind()
