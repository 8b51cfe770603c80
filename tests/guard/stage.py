"""Lines with private data and ordinary ones, as people type them, and what the masks make of them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from opsdesk.guard import Allowed, Kind, allowing, mask
from tests.conftest import ROOT

RECORDINGS = ROOT / "tests" / "recordings" / "guard"
MARKED = re.compile(r"«([A-Z]+) ([^»]*)»")
NUMBERED = re.compile(r"\{U\+([0-9A-F]{4,5})\}")
PIECES = re.compile(r"[^0-9A-Za-z]+")
# Who works on it, as the team's files name them.
TEAM = allowing(
    names=(
        *("Shane Elliott", "Andy McCarty", "Rob Durkin", "Charley", "Michael Kimball", "Stephen Mammay", "Lee Delarm"),
        *("Brian Seek", "John Woolschlager", "Gaurav Gupta", "Kanchana", "Shawn Adams", "Alice", "Bob"),
    ),
    domains=("va.gov",),
)


class Sample(NamedTuple):
    """A line as it is typed, as it is to read, and what of it must not be repeated."""

    typed: str
    masked: str
    secrets: tuple[str, ...] = ()

    def leaks(self, read: str) -> list[str]:
        """Return what can still be read of the secrets: all of one, or a piece of four letters or digits."""
        pieces = (piece for secret in self.secrets for piece in (secret, *PIECES.split(secret)) if len(piece) >= 4)
        return [piece for piece in pieces if piece in read and piece not in self.masked]


class Score(NamedTuple):
    """How the masks did: secrets masked, secrets left, and what was masked though nothing had to be."""

    masked: int
    left: int
    wrongly: int

    @property
    def recall(self) -> float:
        """Return the share of the secrets that was masked."""
        return self.masked / (self.masked + self.left)

    @property
    def precision(self) -> float:
        """Return the share of secrets in all that was masked."""
        return self.masked / (self.masked + self.wrongly)


def private_lines() -> list[Sample]:
    """Return the lines with private data."""
    return [_private(line) for line in _lines("private.txt")]


def ordinary_lines() -> list[Sample]:
    """Return the lines without any: they are to read as they are typed."""
    return [Sample(_typed(line), _typed(line)) for line in _lines("ordinary.txt")]


def score(team: Allowed = TEAM) -> Score:
    """Return how the masks do on all lines. A wrong line counts once."""
    left = wrongly = secrets = 0
    for sample in private_lines():
        read = mask(sample.typed, team).text
        leaks = bool(sample.leaks(read))
        secrets, left, wrongly = (
            secrets + len(sample.secrets),
            left + leaks,
            wrongly + (read != sample.masked and not leaks),
        )
    wrongly += sum(mask(sample.typed, team).text != sample.typed for sample in ordinary_lines())
    return Score(secrets - left, left, wrongly)


def _lines(name: str) -> Iterator[str]:
    for line in (RECORDINGS / name).read_text("utf-8").split("\n"):
        if line and not line.startswith("# "):
            yield line


def _private(line: str) -> Sample:
    secrets = tuple(_typed(found[2]) for found in MARKED.finditer(line))
    typed, masked = MARKED.sub(r"\2", line), MARKED.sub(lambda found: Kind[found[1]].label, line)
    return Sample(_typed(typed), _typed(masked), secrets)


def _typed(line: str) -> str:
    return NUMBERED.sub(lambda found: chr(int(found[1], 16)), line.replace("⏎", "\n"))
