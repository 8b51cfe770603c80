"""The last thing somebody did about an outage notice, and taking it back."""

import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from opsdesk.chat import Person
from opsdesk.errors import UserError
from opsdesk.incidents import notice_words as words
from opsdesk.incidents.notices import Notice, Notices
from opsdesk.undo import WITHIN, Undoable, order_of

log = logging.getLogger(__name__)


def last_notice(notices: Notices, by: Person, at: datetime) -> Undoable | None:
    """Return what `by` did last about any notice in the ten minutes before `at`; None for nothing."""
    try:
        found = [one for kept, _ in notices.standing() for one in _own(notices, kept, by, at)]
    except UserError as damaged:  # what was done about something else can be taken back all the same
        log.warning("Notices are not looked through for what can be taken back: %s", damaged)
        return None
    return max((one for one in found if one.at >= at - WITHIN), key=lambda one: (one.at, one.order), default=None)


def _own(notices: Notices, kept: Notice, by: Person, at: datetime) -> Iterator[Undoable]:
    for change in kept.changes:
        if change.by.id == by.id:
            order = order_of("notice", kept.number)
            yield Undoable(change.at, partial(notices.take_back, change, kept.number, by, at), order=order)
    if kept.sent_at and kept.sent_by.id == by.id:
        yield Undoable(kept.sent_at, partial(_refuse, kept.number), order=order_of("notice", kept.number))


def _refuse(number: int) -> str:
    raise UserError(words.not_unsent(number))
