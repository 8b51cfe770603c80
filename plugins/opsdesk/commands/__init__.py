"""What people say to the desk: the words of its commands, and how they are read.

`reading` tells in which order a line is looked at: by its first words, as a sentence, with its words put right, and by
how like it is to what people say. A room beside it has each of these looks.
"""

from opsdesk import later

later.parts(
    __name__,
    "by_subject",
    "called_so",
    "help",
    "line",
    "lines",
    "meanings",
    "named_so",
    "offers",
    "open_question_words",
    "pressed",
    "reading",
    "slash",
)

from opsdesk.commands.lasting import instead_of_undo
from opsdesk.commands.open_questions import ANSWERS, YES, OpenQuestions
from opsdesk.commands.open_questions import build as build_open_questions
from opsdesk.commands.vocabulary import SPOKEN, Risk, Spoken

__all__ = [
    "ANSWERS",
    "SPOKEN",
    "YES",
    "OpenQuestions",
    "Risk",
    "Spoken",
    "build_open_questions",
    "by_subject",
    "called_so",
    "help",
    "instead_of_undo",
    "line",
    "lines",
    "meanings",
    "named_so",
    "offers",
    "pressed",
    "reading",
    "slash",
]
