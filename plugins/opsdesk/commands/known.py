"""What lines that only show something were read as: many are typed again and again, to the letter."""

import hashlib

import msgspec

from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.vocabulary import Risk
from opsdesk.latest import LatestValues

MOST, LONGEST = 1_000, 100  # lines kept, characters of one


class Behind(msgspec.Struct, frozen=True):
    """A command by its name, and how many of the last letters of a line are what it takes."""

    name: str
    many: int


class KnownLines:
    """Lines by a digest of each: of what somebody types, no word is kept."""

    def __init__(self) -> None:
        self._read: LatestValues[tuple[bytes, bool], Behind] = LatestValues(MOST)

    def meant(self, line: str, *, called: bool) -> Reading | None:
        """Return what a line was read as, called or not; None where that is not known."""
        known = self._read.get(_key(line, called)) if len(line) <= LONGEST else None
        return Reading(known.name, line[len(line) - known.many :]) if known else None

    def keep(self, line: str, meant: Reading | Question | None, *, called: bool) -> None:
        """Keep what a line was read as, if it changes nothing, is not misspelt, and takes the end of the line as is."""
        if not isinstance(meant, Reading) or meant.taken or meant.spoken.risk is not Risk.READS:
            return
        if len(line) <= LONGEST and line.endswith(meant.text):
            self._read.set(_key(line, called), Behind(meant.name, len(meant.text)))


def _key(line: str, called: bool) -> tuple[bytes, bool]:
    return hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=16).digest(), called
