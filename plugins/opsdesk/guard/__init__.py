"""What comes from outside, made fit to be stored and repeated: without private data, and calling nobody."""

from opsdesk import later

later.parts(__name__, "company", "identifiers", "streets")

from opsdesk.guard.allowed import Allowed, allowing
from opsdesk.guard.disarm import app_name, cell, indented, legible, name, one_line, plain
from opsdesk.guard.guard import PERSON, USER_ID, clean, disarm
from opsdesk.guard.kinds import Kind
from opsdesk.guard.masks import Masked, mask
from opsdesk.guard.outgoing import checked, checked_call
from opsdesk.guard.own import allow, team

__all__ = [
    "PERSON",
    "USER_ID",
    "Allowed",
    "Kind",
    "Masked",
    "allow",
    "allowing",
    "app_name",
    "cell",
    "checked",
    "checked_call",
    "clean",
    "disarm",
    "indented",
    "legible",
    "mask",
    "name",
    "one_line",
    "plain",
    "team",
]
