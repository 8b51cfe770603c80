"""What cannot be done, worded for the person who typed."""

import difflib
from collections.abc import Iterable


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
