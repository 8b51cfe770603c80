"""Errbot's converters of Markdown, kept from keeping what they have converted, and from what need not be converted."""

import threading
from typing import Any

from errbot.rendering import Markdown

from opsdesk.patterns import regex

BEHIND = {"text": "", "ansi": "\x1b[0m"}  # what a converter puts behind a text, by the format that it writes
DROPPED = regex("[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # what these leave out, or alter

_noted = threading.local()


def note(markdown: str, text: str) -> None:
    """Note what this thread is about to have sent, as Markdown that says exactly `text`."""
    _noted.markdown, _noted.text = markdown, text


class Converter:
    """A converter of Markdown for any thread, at no cost of memory.

    By itself it keeps every bit of HTML that it has met, such as a "<", until it is reset, and the state of the text it
    is at.
    """

    def __init__(self, converter: Any) -> None:
        self._converter, self._lock = converter, threading.Lock()
        self._behind = BEHIND.get(converter.output_format)

    def convert(self, body: str) -> str:
        """Return the text as the converter renders it.

        What the desk wrote as Markdown just now is not taken apart again: that takes longer than many a command.
        """
        if self._behind is not None and getattr(_noted, "markdown", None) == body and _is_kept(_noted.text):
            return f"{_noted.text}{self._behind}"
        with self._lock:
            self._converter.reset()
            return str(self._converter.convert(body))


def _is_kept(text: str) -> bool:
    """Return whether a text comes out of a converter as it stands: blanks around it, and controls, do not."""
    return bool(text) and text == text.strip() and not DROPPED.search(text)


def convert_afresh(bot: Any) -> None:
    """Have each of the bot's own converters forget a text before the next."""
    for name, one in list(vars(bot).items()):
        if isinstance(one, Markdown):
            setattr(bot, name, Converter(one))
