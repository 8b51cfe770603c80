"""What cannot be done, worded for the person who typed."""

import difflib
import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)


class UserError(Exception):
    """What was typed cannot be done; the text says what is wrong and what to type next."""


class SettingsError(Exception):
    """Files or variables that the desk cannot work with: all complaints at once, a line each."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(self.complaints))


def reason_of(failed: Exception) -> str:
    """Return why something cannot be told, for people: a refusal's own words; of a mistake no more than that."""
    return str(failed) if isinstance(failed, UserError) else "a mistake in the desk"


def or_why(tell: Callable[[], T], why: Callable[[str], T], what: str) -> T:
    """Return what `tell` does, or `why` of what people read in the place of `what`, which cannot be told.

    That is a refusal's own sentences; of a mistake, which is logged, it is no more than that there was one.
    """
    try:
        return tell()
    except UserError as refused:
        return why(str(refused))
    except Exception as failed:  # whatever it was, it keeps nothing else back
        log.exception("%s cannot be told", what)
        return why(f"Unavailable: {reason_of(failed)}.")


def done(part: Callable[[], T]) -> T | None:
    """Return what a part of some work returns; None after a mistake, which is logged: it keeps no other part back."""
    try:
        return part()
    except Exception:  # whatever it was, the parts behind it are done
        log.exception("A part of the desk met a mistake")
        return None


def do_each(*parts: Callable[[], object]) -> None:
    """Do each part: one that fails must not keep those behind it from being done, time after time."""
    for part in parts:
        done(part)


def near(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known words that `word` was probably meant to be, likeliest first; none if nothing is close."""
    return difflib.get_close_matches(word.casefold(), list(known), n=most, cutoff=0.6)


def quoted(text: str, most: int = 60) -> str:
    """Return the first `most` characters of `text` in quotes, on one line, to repeat to whoever typed it."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= most else f'"{line[:most]}…"'


def as_option(name: str, value: str) -> str:
    """Return the option as people type it: "--on vista", with the value in quotes if it has blanks."""
    return f'--{name} "{value}"' if " " in value else f"--{name} {value}"
