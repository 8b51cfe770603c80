"""What comes from outside, made fit to be stored and repeated: without private data, and calling nobody."""

from opsdesk.guard.allowed import Allowed, allowing
from opsdesk.guard.disarm import app_name, cell, indented, legible, name, one_line, plain
from opsdesk.guard.guard import PERSON, USER_ID, clean, disarm
from opsdesk.guard.kinds import Kind
from opsdesk.guard.masks import Masked, mask

__all__ = [
    "PERSON",
    "USER_ID",
    "Allowed",
    "Kind",
    "Masked",
    "allowing",
    "app_name",
    "cell",
    "clean",
    "disarm",
    "indented",
    "legible",
    "mask",
    "name",
    "one_line",
    "plain",
]
