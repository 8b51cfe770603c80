"""The last thing somebody did about an alert, and taking it back."""

from datetime import datetime, timedelta
from functools import partial

from opsdesk.alerts import words
from opsdesk.alerts.commands import TAKEN_BACK, AlertCommands
from opsdesk.alerts.group import AlertGroup, GroupAction
from opsdesk.alerts.ledger import Ledger
from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.errors import UserError
from opsdesk.incidents import passed_over
from opsdesk.text import tell_when
from opsdesk.undo import WITHIN, Undoable, order_of

LOOK_BACK = timedelta(days=2)  # an alert of yesterday may be dealt with today


def last_outcome(ledger: Ledger, commands: AlertCommands, by: Person, at: datetime) -> Undoable | None:
    """Return what `by` did last about any alert in the ten minutes before `at`; None for nothing."""
    groups = ledger.days(day_of(at - LOOK_BACK, ledger.zone), day_of(at, ledger.zone), passed_over)
    found = [
        (action.at, order_of("alert", group.number, place), group.number, place)
        for group in groups
        for place, action in enumerate(group.standing)
        if action.kind in TAKEN_BACK and action.by.id == by.id and at - WITHIN <= action.at
    ]
    if not found:
        return None
    done_at, order, number, place = max(found)
    return Undoable(done_at, partial(_undo, ledger, commands, number, place, by, at), order=order)


def _undo(ledger: Ledger, commands: AlertCommands, number: int, place: int, by: Person, at: datetime) -> str:
    group = ledger.get(number)
    done, *since = group.standing[place:]
    _refuse_other(group, since, by, at, ledger)
    return words.taken_back(commands.take_back(number, done.kind, by, at), at, ledger.zone)


def _refuse_other(group: AlertGroup, since: list[GroupAction], by: Person, at: datetime, ledger: Ledger) -> None:
    other = next((action for action in since if action.by.id != by.id), None)
    if other:
        when = tell_when(other.at, at, ledger.zone)
        raise UserError(f"{other.by.name} did something about alert {group.number} since ({when}), so it stays.")
