"""What somebody did a moment ago, and how it is taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

WITHIN = timedelta(minutes=10)


class Undoable(msgspec.Struct, frozen=True):
    """A change made at `at`. `undo` takes it back and returns the answer; it raises a UserError where that is refused.

    `told` is whether the day's post tells of it.
    """

    at: datetime
    undo: Callable[[], str]
    told: bool = False
