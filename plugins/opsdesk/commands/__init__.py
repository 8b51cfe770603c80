"""What people say to the desk: the words of its commands, and how they are read."""

from opsdesk import later

later.parts(__name__, "help", "line", "lines", "meanings", "pressed", "reading", "slash")

from opsdesk.commands.lasting import instead_of_undo
from opsdesk.commands.vocabulary import SPOKEN, Risk, Spoken

__all__ = [
    "SPOKEN",
    "Risk",
    "Spoken",
    "help",
    "instead_of_undo",
    "line",
    "lines",
    "meanings",
    "pressed",
    "reading",
    "slash",
]
