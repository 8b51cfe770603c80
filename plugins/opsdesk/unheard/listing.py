"""What somebody typed while nobody listened, as it is kept: the changes of it, and which may still be done."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from opsdesk import guard
from opsdesk.chat import Unheard
from opsdesk.commands import Risk, lines, meanings, reading

MOST_LINES = 10  # that are told; of the others it is told how many
LONGEST = 1_000  # characters of a command that are kept: a longer one has to be typed again
DOABLE = ("incident_open", "incident_update", "incident_note", "summary_note")

About = Callable[[str, str, str], tuple[str, ...]]


class UnheardMessage(msgspec.Struct, frozen=True):
    """A message that changes something: where it stands, when it was typed, its text without private data.

    `about` are the incidents that it was about when it was found. `is_doable`: it may be done as of then.
    """

    room: str
    ts: str
    thread: str
    at: datetime
    text: str
    about: tuple[str, ...] = ()
    is_doable: bool = False

    def says(self, text: str) -> bool:
        """Return whether the message still reads as it did, by its text now."""
        return masked(text) == self.text


class Listing(msgspec.Struct, frozen=True):
    """What one person is told: the first few lines, how many `more`, and when they had what is doable done.

    `calls` is what called the desk when it was typed, such as "!".
    """

    by: str
    found_at: datetime
    calls: tuple[str, ...]
    lines: tuple[UnheardMessage, ...]
    more: int = 0
    done_at: datetime | None = None


def listed(typed: Sequence[Unheard], calls: Sequence[str], about: About, at: datetime) -> dict[str, Listing]:
    """Return what each person is told, by their id: nothing to those who only wanted to read something."""
    found: dict[str, list[Unheard]] = {}
    for one in typed:
        if any(map(_may_change, lines.commands_in(one.text, calls))):
            found.setdefault(one.by, []).append(one)
    return {by: _listing(ones, tuple(calls), about, at) for by, ones in found.items()}


def meant(line: UnheardMessage, calls: Sequence[str], about: About) -> tuple[str, ...]:
    """Return the incidents that a line is about now; an opening and a note for the summary are about none."""
    found = lines.commands_in(line.text, calls)
    texts = [typed.text for typed in found if _name(typed) in ("incident_update", "incident_note")]
    return tuple(sorted({one for text in texts for one in about(line.room, line.thread, text)}))


def masked(text: str) -> str:
    """Return a text as it is kept."""
    return guard.mask(text, guard.team()).text


def _listing(ones: Sequence[Unheard], calls: tuple[str, ...], about: About, at: datetime) -> Listing:
    first = tuple(_line(one, calls, about) for one in ones[:MOST_LINES])
    return Listing(ones[0].by, at, calls, first, len(ones) - len(first))


def _line(one: Unheard, calls: Sequence[str], about: About) -> UnheardMessage:
    text = masked(one.text)
    is_doable = len(text) <= LONGEST and all(map(_is_doable, lines.commands_in(one.text, calls)))
    line = UnheardMessage(one.room, one.ts, one.thread, one.at, text[:LONGEST], is_doable=is_doable)
    return replace(line, about=meant(line, calls, about)) if is_doable else line


def _may_change(typed: "lines.Typed") -> bool:
    """Return whether it changes something, or would have been asked about."""
    read = reading.read(typed.text)
    return isinstance(read, meanings.Question) or (
        isinstance(read, meanings.Reading) and read.spoken.risk is not Risk.READS
    )


def _is_doable(typed: "lines.Typed") -> bool:
    """Return whether it may be done later: what takes back or was misspelt has to be typed again."""
    read = reading.read(typed.text)
    if not isinstance(read, meanings.Reading) or read.taken:
        return False
    undoes = read.name == "summary_note" and read.text.casefold().startswith("undo")
    return read.spoken.risk is Risk.READS or (read.name in DOABLE and not undoes)


def _name(typed: "lines.Typed") -> str:
    read = reading.read(typed.text)
    return read.name if isinstance(read, meanings.Reading) else ""
