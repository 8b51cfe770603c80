"""Commands that are offered to somebody who typed none of them exactly, and how what is asked about them reads."""

import re

import msgspec

from opsdesk.errors import UserError
from opsdesk.text.echo import retyped

PLACEHOLDERS = ("@somebody", "...")  # stand where only whoever was asked knows what belongs there
LONGEST = 2_000  # characters of a command's text that a yes does
MOST_NAMED = 3  # commands that are each named with what chooses it
LIKE_THAT = "Type it like that"


class Offer(msgspec.Struct, frozen=True):
    """A command that somebody may have meant, by Errbot's name for it, and the text behind it.

    Of several it is chosen by its `number`; 0 is its place among them.
    """

    name: str
    text: str = ""
    number: int = 0

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
    Where one is to be chosen, `choosing` may be asked in its place, with {} for what is typed for that.
    """

    asked: str
    offers: tuple[Offer, ...] = ()
    typing: str = ""
    reason: str = ""
    choosing: str = ""

    @property
    def text(self) -> str:
        """Return what is asked, where the command has to be typed."""
        asked = self.asked.format(*(offer.shown for offer in self.offers)) if self.offers else self.asked
        return self._because(f"{asked} {self.typing}") if self.typing else asked

    @property
    def numbers(self) -> list[int]:
        """Return the number by which each command is chosen."""
        return [offer.number or place for place, offer in enumerate(self.offers, 1)]

    @property
    def is_answerable(self) -> bool:
        """Return whether a yes can do each of the commands."""
        return bool(self.offers) and all(offer.is_whole for offer in self.offers)

    def to_be_answered(self, *, emoji: bool) -> str:
        """Return what is asked, where a yes does it; `emoji` is whether an emoji on it counts as one."""
        if len(self.offers) == 1:
            yes = "✅ or `!yes`" if emoji else "`!yes`"
            return self._because(f"{self.asked.format(self.offers[0].shown)} {yes} does it")
        is_few = len(self.offers) <= MOST_NAMED
        ways = any_of([f"`!yes {number}`" for number in self.numbers]) if is_few else "`!yes` with its number"
        if self.choosing:
            return self.choosing.format(ways)
        numbered = [f"{offer.shown} ({number})" for offer, number in zip(self.offers, self.numbers, strict=True)]
        return self._because(f"{self.asked.format(*numbered)} {ways} does it")

    def _because(self, asked: str) -> str:
        return f"{asked}: I ask because {self.reason}." if self.reason else f"{asked}."


class Unsure(UserError):
    """What was typed is not done, as it may not be meant: what is asked instead is an Offering."""

    def __init__(self, offering: Offering) -> None:
        super().__init__(offering.text)
        self.offering = offering


class Misspelt(UserError):
    """A word that is none: `wrong` says so. It is but for a letter or two the `known` one, which is asked about.

    `also` is told beside it.
    """

    def __init__(self, wrong: str, word: str, known: str, *, shown: str = "", also: str = "") -> None:
        super().__init__(f"{wrong} Did you mean {shown or known}? {also}".strip())
        self._wrong, self._word, self._known = f"{wrong} {also}".strip(), word, known

    def put_right(self, name: str, text: str) -> Offering | None:
        """Return what is asked about the command with the known word; None unless the other stands there once."""
        parts = re.split(rf"(?<![\w-]){re.escape(self._word)}(?![\w-])", text)
        if len(parts) != 2:
            return None
        return Offering(f"{literal(self._wrong)} Did you mean {{}}?", (Offer(name, self._known.join(parts)),))


def offering_of(refusal: UserError, name: str, text: str) -> Offering | None:
    """Return what is asked in the place of a command that is refused; None where there is nothing to ask."""
    if isinstance(refusal, Misspelt):
        return refusal.put_right(name, text)
    return refusal.offering if isinstance(refusal, Unsure) else None


def literal(text: str) -> str:
    """Return a text as it stands in what an Offering asks."""
    return text.replace("{", "{{").replace("}", "}}")


def any_of(words: list[str]) -> str:
    """Return "a, b or c"."""
    *others, last = words
    return " or ".join(filter(None, (", ".join(others), last)))
