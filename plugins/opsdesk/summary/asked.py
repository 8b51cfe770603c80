"""The summary posted because somebody asked for it: by the desk that does what is scheduled, whichever was asked.

Two desks that send at the same moment would leave two posts. So a desk that does not have the lease hands on what it
was asked for, through the store, and waits for what becomes of it.
"""

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from opsdesk import clock
from opsdesk.errors import UserError
from opsdesk.store import Desks, Duty, KeyedTable

PATIENCE = 30.0  # seconds that whoever asked waits: the other desk hears of it within 4, and then sends
FRESH = timedelta(minutes=3)  # after it was asked for, it is not sent any more: two desks' clocks may differ by two
KEPT = timedelta(days=1)
LOOK = 0.2  # seconds between two looks at what became of it
NOBODY = "The desk that sends what is scheduled does not answer: nothing was posted. Type it again in a minute."
IN_HAND = "Another desk is about to post it, and has not said yet what became of it: `!summary status` tells."
MISTAKEN = "It was not posted, by a mistake of the desk's own, which its log tells of. Type it again."

log = logging.getLogger(__name__)


class SummaryRequest(msgspec.Struct, frozen=True):
    """A summary that somebody asked for at a desk without the lease, and what became of that."""

    day: date
    at: datetime
    taken: bool = False  # by the desk that sends it
    withdrawn: bool = False  # whoever asked has waited long enough
    answered: bool = False
    refusal: str = ""


class PostAsked:
    """Posts what is asked for. `post` does it here; `kept` is where one desk asks another of the `desks`."""

    def __init__(
        self, kept: KeyedTable[SummaryRequest], desks: Desks, post: Callable[[date, datetime], object]
    ) -> None:
        self._kept, self._desks, self._post = kept, desks, post
        self._looked: int | None = None

    def post(self, day: date, at: datetime) -> None:
        """Have the summary of a day posted, or brought up to date. Raises a UserError that says why it was not."""
        if self._desks.duty() is Duty.LEADS:
            self._post(day, at)
        else:
            self._hand_on(day, at)

    def tick(self, at: datetime) -> None:
        """Do what other desks were asked for, if this one sends what is scheduled. Raises a UserError."""
        if not self._desks.shared or self._desks.duty() is not Duty.LEADS:
            return
        version = self._kept.version()
        if version == self._looked:
            return
        for key, asked in self._kept.all(None).items():
            if abs(at - asked.at) < FRESH and not asked.taken:
                self._answer(key, asked, at)
        self._looked = version

    def _answer(self, key: str, asked: SummaryRequest, at: datetime) -> None:
        taken = self._kept.change(None, key, lambda now: _taken(now or replace(asked, withdrawn=True)))
        if taken.withdrawn:
            return
        refusal = ""
        try:
            self._post(taken.day, at)
        except UserError as refused:
            refusal = str(refused)
        except Exception:  # whoever asked must not wait for an answer that never comes
            log.exception("The summary of %s could not be posted", taken.day)
            refusal = MISTAKEN
        self._kept.change(None, key, lambda _: replace(taken, answered=True, refusal=refusal))

    def _hand_on(self, day: date, at: datetime) -> None:
        key, until, pause = uuid.uuid4().hex, clock.seconds() + PATIENCE, threading.Event()
        self._kept.forget(None, lambda asked: at - asked.at > KEPT)
        self._kept.change(None, key, lambda _: SummaryRequest(day, at))
        while clock.seconds() < until:
            asked = self._kept.get(None, key)
            if asked and asked.answered:
                return _raise_refusal(asked)
            pause.wait(LOOK)
        last = self._kept.change(None, key, lambda asked: _withdrawn(asked or SummaryRequest(day, at)))
        if last.answered:
            return _raise_refusal(last)
        raise UserError(IN_HAND if last.taken else NOBODY)


def _taken(asked: SummaryRequest) -> SummaryRequest:
    return asked if asked.withdrawn else replace(asked, taken=True)


def _withdrawn(asked: SummaryRequest) -> SummaryRequest:
    return asked if asked.taken else replace(asked, withdrawn=True)


def _raise_refusal(asked: SummaryRequest) -> None:
    if asked.refusal:
        raise UserError(asked.refusal)
