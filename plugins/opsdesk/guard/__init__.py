"""What comes from outside, made fit to be stored and repeated."""

from opsdesk.guard.guard import PERSON, USER_ID, clean, disarm

__all__ = ["PERSON", "USER_ID", "clean", "disarm"]
