"""What people say to the desk: the words of its commands, and how they are read."""

from opsdesk.commands.help import Page, knows
from opsdesk.commands.line import is_word
from opsdesk.commands.lines import Typed, commands_in, is_heard, may_be_heard
from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.pressed import Pressing
from opsdesk.commands.reading import read, shown
from opsdesk.commands.slash import form_for, words_of
from opsdesk.commands.vocabulary import SPOKEN, Risk, Spoken

__all__ = [
    "SPOKEN",
    "Page",
    "Pressing",
    "Question",
    "Reading",
    "Risk",
    "Spoken",
    "Typed",
    "commands_in",
    "form_for",
    "is_heard",
    "is_word",
    "knows",
    "may_be_heard",
    "read",
    "shown",
    "words_of",
]
