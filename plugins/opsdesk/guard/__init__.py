"""What comes from outside, made fit to be stored and repeated."""

from opsdesk.guard.disarm import app_name, cell, indented, legible, name, one_line, plain
from opsdesk.guard.guard import PERSON, USER_ID, clean, disarm

__all__ = [
    "PERSON",
    "USER_ID",
    "app_name",
    "cell",
    "clean",
    "disarm",
    "indented",
    "legible",
    "name",
    "one_line",
    "plain",
]
