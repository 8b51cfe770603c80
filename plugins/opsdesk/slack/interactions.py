"""What people ask of the desk by Slack's own means: slash commands, buttons, forms. Each is acknowledged at once."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from opsdesk import clock
from opsdesk.slack.asked import slash_command
from opsdesk.slack.intake import Intake

log = logging.getLogger(__name__)

SLASH, PRESSED = "slash_commands", "interactive"  # as the envelopes of Socket Mode call them
Payload = Mapping[str, Any]
Acknowledgement = dict[str, Any]


class Offers(msgspec.Struct, frozen=True):
    """What can be asked. `words` makes a slash command and its text the line that is typed for it.

    A card that cannot stand where it was asked for stands in the channel `elsewhere`.
    """

    words: Callable[[str, str], str] = lambda command, text: text
    elsewhere: str = ""


class Interactions:
    """Hands what was asked to the intake, as if it had been typed: whoever may type it may ask it."""

    def __init__(self, intake: Intake, now: clock.Now = clock.now) -> None:
        self._intake, self._now, self._offers = intake, now, Offers()

    def open(self, offers: Offers) -> None:
        """Answer by `offers` from now on. To be called before the first is received."""
        self._offers = offers

    def receive(self, kind: str, payload: Payload) -> Acknowledgement:
        """Take what was asked, and return what to acknowledge it with. It is on disk then, unless the store refuses.

        Raises a KeyError where a part is missing.
        """
        if kind == SLASH:
            self._intake.ask(slash_command(payload, self._now(), self._offers.words, self._offers.elsewhere))
        else:
            log.info("Slack delivered %s, which nothing here offers.", payload.get("type"))
        return {}
