"""What people have read before a test begins, so that it need not be told of each of their first changes."""

from datetime import date
from pathlib import Path

from opsdesk.store import open_store
from opsdesk.undo import ToldOfUndo


def knows_undo(state: Path, *people: str) -> None:
    """People, by id, have read today, and on every day to come, that a change can be taken back."""
    store = open_store(state)
    told = store.keyed("told of undo", ToldOfUndo)
    for person in people:
        told.change(None, person, lambda before: ToldOfUndo(date.max))
    store.close()
