"""Refusals: what cannot be done, worded for the person who typed."""

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """What was typed cannot be done; the text says what is wrong and what to type next."""


class SettingsError(Exception):
    """Files or variables the desk cannot work with; every complaint is one line, all told at once."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(self.complaints))


def near(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known words that `word` was probably meant to be, likeliest first; none if nothing is close."""
    return difflib.get_close_matches(word.casefold(), list(known), n=most, cutoff=0.6)


def quoted(text: str, most: int = 60) -> str:
    """`text` in quotes, to be repeated to whoever typed it: no more than its first `most` characters, on one line."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= most else f'"{line[:most]}…"'


def as_option(name: str, value: str) -> str:
    """The option as it is to be typed: "--on vista", or with its value in quotes where that has blanks."""
    return f'--{name} "{value}"' if " " in value else f"--{name} {value}"
