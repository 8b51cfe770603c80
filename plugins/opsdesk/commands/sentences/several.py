"""Changes of which several numbers are named: "12 and 14 are fixed". One is made at a time, so it is asked which."""

import re
from collections.abc import Callable, Sequence
from itertools import islice

from msgspec.structs import replace

from opsdesk.commands.meanings import OF_ONE, WITH_TEXT, Question, Reading, either, question
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.patterns import regex
from opsdesk.text import Offer, any_of, reference

ChangeIn = Callable[[str], Reading | None]  # what a part of a line means, if that is a change
JOINING = ("and", "or", "&", "+", "/", "")
OF_ALERTS = (
    *("alerts_ack", "alerts_noise", "alerts_handled", "alerts_mute"),
    *("alerts_unmute", "alerts_open", "alerts_undo", "alerts_escalate"),
)
NUMBER = regex(r"(?:#|INC-)?(?P<number>\d{1,9})(?!\w)", re.IGNORECASE)
DIGITS = regex(r"\d+")
ALSO = regex(r"\s*(?:[,&+/]|and\b|or\b)\s*(?:and\s+)?(?:#|INC-)?(?P<number>\d{1,9})(?![\w:%.-])", re.IGNORECASE)

AND = regex(
    r"(?:[,;.]|\s(?:and|then|&|also)(?=\s))\s+(?:(?:and|then|also|please|pls|can you|could you)\s+){0,3}(?=\w)",
    re.IGNORECASE,
)
MOST_JOINED = 4
OF_TWO = ("incident_resolve", "incident_ack", "incident_assign", "incident_reopen", "incident_void", "incident_update")
DUPLICATE = regex(r"\b(?:dup(?:e|licate)?|copy) of (?:#|INC-)?(?P<number>\d{1,9})(?!\w)", re.IGNORECASE)


def several(meant: Reading, said: Sentence) -> Question | None:
    """Return the question which incident or alert is meant, where several are named side by side; else None.

    What is the text of a note stays as it is. Those that are resolved are told apart where it is known which are open.
    """
    first = NUMBER.match(meant.text)
    numbers = _joined(said, int(first["number"])) if first and _is_of_one(meant) else []
    if not first or len(numbers) < 2:
        return None
    text = meant.text[first.end() :]
    rest = _without(text, numbers[1:])
    is_text = rest != text and meant.name == "incident_resolve"
    if is_text or not {reference(word)[0] for word in rest.split()}.isdisjoint(numbers[1:]):
        return None
    return one_at_a_time([Offer(meant.name, f"{number} {rest.strip(' ,:')}".strip(), number) for number in numbers])


def one_at_a_time(offers: Sequence[Offer]) -> Question:
    """Return the question which of several changes is meant."""
    return Question(f"One at a time: {any_of(['{}'] * len(offers))}?", tuple(offers), "Type the one you mean")


def two_of(change: Reading, change_in: ChangeIn) -> Question | None:
    """Return the question which of two changes is meant, where one is in the text of the other."""
    if change.name not in OF_TWO or not any(map(str.isdigit, reference(change.text)[2])):
        return None
    for found in islice(AND.finditer(change.text), MOST_JOINED):
        first, second = change.text[: found.start()].rstrip(" ,;"), change.text[found.end() :]
        other = change_in(second) if any(map(str.isdecimal, second)) else None  # it has a number
        number = reference(other.text)[0] if other else None
        if other and number is not None and number != reference(change.text)[0]:
            return one_at_a_time((replace(change, text=first).offer, other.offer))
    return None


def each_of(change: Reading, said: Sentence, change_in: ChangeIn) -> Question | None:
    """Return the question which of several changes is meant, where a line has a number that the change leaves out.

    A clause without a number is about that of the clause before: "12 is back, close it, and bump 14 to sev 2".
    """
    numbers = {said.pieces[at].number for at in said.numbers}
    if len(numbers) < 2 or numbers <= set(map(int, DIGITS.findall(change.text))):
        return None
    offers, last = dict[tuple[str, int | None], Offer](), ""
    for clause in AND.split(said.text, MOST_JOINED):
        named = Sentence(clause)
        last = f"{named.pieces[named.numbers[0]].number}" if named.numbers else last
        one = change_in(clause)
        if one and one.name in OF_ONE:
            text = last if reference(one.text)[0] is None else one.text
            offers.setdefault((one.name, reference(text)[0]), replace(one, text=text).offer)
    return one_at_a_time(tuple(offers.values())) if len(offers) > 1 else question((change.name,), change.text)


def of_another(meant: Reading) -> Question | None:
    """Return the question about a merge where an incident is ended as another's duplicate; else None."""
    found = DUPLICATE.search(meant.text) if meant.name == "incident_resolve" else None
    number = reference(meant.text)[0]
    if not found or number is None or number == int(found["number"]):
        return None
    return either(Reading("incident_merge", f"{number} into {found['number']}"), meant)


def _is_of_one(meant: Reading) -> bool:
    is_text = meant.name in WITH_TEXT and "--" not in meant.text
    return meant.name in OF_ALERTS or (meant.name in OF_ONE and not is_text)


def _joined(said: Sentence, first: int) -> Sequence[int]:
    """Return the first number with those that stand beside it, with nothing but a comma or "and" between."""
    if len(DIGITS.findall(said.text)) < 2:  # sooner seen than its pieces
        return [first]
    found = list[int]()
    for piece in said.pieces:
        if piece.number is not None and (found or piece.number == first):
            found.append(piece.number)
        elif found and piece.words not in JOINING:
            break
    return list(dict.fromkeys(found))


def _without(text: str, numbers: Sequence[int]) -> str:
    """Return what stands in a command's text behind the numbers that it begins with, each with a word that joins it."""
    for number in numbers:
        found = ALSO.match(text)
        if not found or int(found["number"]) != number:
            return text
        text = text[found.end() :]
    return text
