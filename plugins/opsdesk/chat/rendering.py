"""Errbot's converters of Markdown, kept from keeping what they have converted."""

import threading
from typing import Any

from errbot.rendering import Markdown


class Converter:
    """A converter of Markdown for any thread, at no cost of memory.

    By itself it keeps every bit of HTML that it has met, such as a "<", until it is reset, and the state of the text it
    is at.
    """

    def __init__(self, converter: Any) -> None:
        self._converter, self._lock = converter, threading.Lock()

    def convert(self, body: str) -> str:
        """Return the text as the converter renders it."""
        with self._lock:
            self._converter.reset()
            return str(self._converter.convert(body))


def convert_afresh(bot: Any) -> None:
    """Have each of the bot's own converters forget a text before the next."""
    for name, one in list(vars(bot).items()):
        if isinstance(one, Markdown):
            setattr(bot, name, Converter(one))
