"""Commands that could not be done as they were typed: put right by editing the message, they run once."""

from collections import deque

from opsdesk.slack.events import Event, key_of, message_in, soon_enough

MOST = 1_000


class FailedCommands:
    """The latest commands that could not be done as typed."""

    def __init__(self) -> None:
        self._keys: deque[str] = deque(maxlen=MOST)

    def note(self, message: Event) -> None:
        """The command in this message could not be done."""
        self._keys.append(key_of(message))

    def awaits(self, change: Event) -> bool:
        """Whether the message that was changed holds a command that could not be done before."""
        return key_of(message_in(change)) in self._keys

    def take(self, change: Event) -> bool:
        """Whether the changed text is to run: it was put right soon enough, and for the first time."""
        try:
            self._keys.remove(key_of(message_in(change)))
        except ValueError:
            return False
        return soon_enough(change)
