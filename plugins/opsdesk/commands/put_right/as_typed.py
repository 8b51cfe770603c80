"""What is kept of a line whose words were put right to read it: that stays as it is typed, letter by letter."""

from collections.abc import Sequence

from msgspec.structs import replace

from opsdesk.commands.line import plainly
from opsdesk.commands.meanings import TEXTS, Question, Reading
from opsdesk.commands.sentences.pieces import DAYS
from opsdesk.commands.vocabulary import Risk
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.text import WEEKDAYS, Offer

NEEDED = words_in("until till for from to hour hours minute minutes week month tomorrow today") | {*DAYS, *WEEKDAYS}


def as_typed(meant: Reading | Question | None, right: str, typed: str) -> Reading | Question | None:
    """Return what the line `right` means, with its texts as they stand in the line that was `typed`."""
    rights, ones = right.split(), typed.split()
    if meant is None or len(rights) != len(ones):
        return meant
    if isinstance(meant, Reading):
        return replace(meant, text=_restored(meant.offer, rights, ones))
    return replace(meant, offers=tuple(replace(one, text=_restored(one, rights, ones)) for one in meant.offers))


def _restored(offer: Offer, rights: Sequence[str], ones: Sequence[str]) -> str:
    """Return the text of a command, whose end is words of the line put right, with the words that were typed there."""
    if Reading(offer.name, "").spoken.risk is Risk.READS:
        return offer.text
    words = offer.text.split(" ")
    for start in range(len(words)):
        if (place := _place(words[start:], rights)) is not None:
            kept = zip(words[start:], rights[place:], ones[place:], strict=False)
            return " ".join([*words[:start], *(_kept(offer.name, *word) for word in kept)])
    return offer.text


def _kept(name: str, word: str, right: str, typed: str) -> str:
    """Return a word as it is typed, but for one that a command has to know: a day, or until when."""
    is_needed = name not in TEXTS and plainly(right) in NEEDED
    return word if right == typed or is_needed else word.replace(plainly(right), plainly(typed))


def _place(words: Sequence[str], rights: Sequence[str]) -> int | None:
    """Return where words stand side by side in a line, whatever signs stand around them; None for nowhere."""
    wanted, known = [*map(plainly, words)], [*map(plainly, rights)]
    many = len(wanted)
    return next((at for at in range(len(known) - many, -1, -1) if known[at : at + many] == wanted), None)
