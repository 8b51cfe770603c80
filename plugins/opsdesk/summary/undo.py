"""The last note somebody left for the summary, and taking it back."""

from datetime import date, datetime
from functools import partial

from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.posts import State
from opsdesk.summary import answer_words as words
from opsdesk.summary.commands import SummaryCommands
from opsdesk.text import tell_time
from opsdesk.undo import WITHIN, Undoable, order_of


def last_note(commands: SummaryCommands, by: Person, at: datetime, *, edits: bool) -> Undoable | None:
    """Return the last note that `by` left in the ten minutes before `at`; None for none."""
    found = [
        (note.at, day.day, number)
        for day in commands.notes(at)
        for number, note in day.notes.items()
        if note.by == by.name and at - WITHIN <= note.at
    ]
    if not found:
        return None
    noted_at, day, number = max(found)
    order = order_of("note", day, number)
    return Undoable(noted_at, partial(_undo, commands, day, number, by, at, edits=edits), order=order)


def _undo(commands: SummaryCommands, day: date, number: int, by: Person, at: datetime, *, edits: bool) -> str:
    return words.withdrawn(*commands.withdraw(number, by=by, at=at, day=day), edits=edits)


def told_since(commands: SummaryCommands, changed_at: datetime, at: datetime, *, edits: bool) -> str:
    """Return a sentence on the day's post that tells of a change made at `changed_at`; "" where none stands by `at`."""
    for day in sorted({day_of(changed_at, commands.zone), day_of(at, commands.zone)}):
        record = commands.record(day)
        if record.state is State.POSTED and record.stands_since:
            post = f"The post of {tell_time(record.stands_since, commands.zone)}"
            changes = edits and not record.closed
            return f"{post} is out: what it says changes there." if changes else f"{post} is out, and keeps it."
    return ""
