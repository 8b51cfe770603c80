"""Commands that are offered to somebody who typed none of them exactly, and how what is asked about them reads."""

import msgspec

from opsdesk.errors import UserError
from opsdesk.text.echo import retyped

PLACEHOLDERS = ("@somebody", "...")  # stand where only whoever was asked knows what belongs there
LONGEST = 2_000  # characters of a command's text that a yes does
LIKE_THAT = "Type it like that"


class Offer(msgspec.Struct, frozen=True):
    """A command that somebody may have meant, by Errbot's name for it, and the text behind it."""

    name: str
    text: str = ""

    @property
    def shown(self) -> str:
        """Return it as it is typed, in code; of a long text the beginning."""
        return f"`{retyped('!' + self.name.replace('_', ' '), self.text)}`"

    @property
    def is_whole(self) -> bool:
        """Return whether a yes can do it: nothing is left open in it, and people see what it is."""
        is_open = any(word in PLACEHOLDERS for word in self.text.split())
        return not is_open and "`" not in self.text and len(self.text) <= LONGEST


class Offering(msgspec.Struct, frozen=True):
    """What is asked where it is not sure what is meant: nothing was done.

    `asked` has {} for each of the `offers`. Where they have to be typed, `typing` says so; `reason` is why it is asked.
    """

    asked: str
    offers: tuple[Offer, ...] = ()
    typing: str = ""
    reason: str = ""

    @property
    def text(self) -> str:
        """Return what is asked, where the command has to be typed."""
        asked = self.asked.format(*(offer.shown for offer in self.offers)) if self.offers else self.asked
        return self._because(f"{asked} {self.typing}") if self.typing else asked

    @property
    def is_answerable(self) -> bool:
        """Return whether a yes can do each of the commands."""
        return bool(self.offers) and all(offer.is_whole for offer in self.offers)

    def to_be_answered(self, *, emoji: bool) -> str:
        """Return what is asked, where a yes does it; `emoji` is whether an emoji on it counts as one."""
        if len(self.offers) == 1:
            yes = "✅ or `!yes`" if emoji else "`!yes`"
            return self._because(f"{self.asked.format(self.offers[0].shown)} {yes} does it")
        numbered = [f"{offer.shown} ({number})" for number, offer in enumerate(self.offers, 1)]
        ways = any_of([f"`!yes {number}`" for number, _ in enumerate(self.offers, 1)])
        return self._because(f"{self.asked.format(*numbered)} {ways} does it")

    def _because(self, asked: str) -> str:
        return f"{asked}: I ask because {self.reason}." if self.reason else f"{asked}."


class Unsure(UserError):
    """What was typed is not done, as it may not be meant: what is asked instead is an Offering."""

    def __init__(self, offering: Offering) -> None:
        super().__init__(offering.text)
        self.offering = offering


def any_of(words: list[str]) -> str:
    """Return "a, b or c"."""
    *others, last = words
    return " or ".join(filter(None, (", ".join(others), last)))
