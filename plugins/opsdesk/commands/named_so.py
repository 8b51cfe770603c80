"""What is guessed names what there is: "what do I check when vista-api is sick" asks for no runbook of "sick"."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise

import msgspec
from msgspec.structs import replace

from opsdesk.commands.called_so import NOBODY, is_one, number_of
from opsdesk.commands.line import Line, plainly
from opsdesk.commands.meanings import OF_ONE, Question, Reading, either, groups, update_or_note
from opsdesk.commands.put_right.slips import is_command_word
from opsdesk.commands.reading import read
from opsdesk.commands.sentences.sentence import LONGEST
from opsdesk.commands.sentences.trouble_told import tells_of_trouble
from opsdesk.commands.vocabulary import Risk
from opsdesk.commands.word_lists.lexicon import FILLERS, is_word_of_sentences
from opsdesk.commands.word_lists.no_subjects import NO_SUBJECTS
from opsdesk.text import Offer, reference

OF_SUBJECTS = ("whois", "whois_escalate", "runbook")
OF_PEOPLE = ("oncall_when", "oncall_swap", "incident_assign", "incident_escalate")
ON, TO = " --on ", " to "
OPEN = (NOBODY, "...")
GIVING = ("to", "over", "with", "for")  # before who is given something
TOLD = ("incident_open", "summary_note")  # of what has no number
HIDING, FEW = "№", 99  # stands before a number that is none; incidents that anybody may misremember
SHORTEST, MOST_WORDS = 3, 40  # letters of a name; words of a line that one is looked for in

Meant = Reading | Question | None


class Known(msgspec.Struct, frozen=True):
    """Tells whether somebody is called like a word, and whether a command finds anything by a phrase.

    `is_subsystem` is whether a phrase is the name of one, or an alias; `newest` gives the latest number.
    """

    is_somebody: Callable[[str], bool]
    finds: Callable[[str, str], bool]
    is_subsystem: Callable[[str], bool]
    newest: Callable[[], int | None] = lambda: None


def known_so(line: str, meant: Meant, known: Known) -> Meant:
    """Return what is meant with the only name in the line that there is, in the place of one that there is not.

    What is only offered and names nothing is not offered, if something else is.
    """
    if meant is None or len(line) > LONGEST or _is_typed(line, meant):
        return meant
    if isinstance(meant, Reading):
        is_asked_of = meant.name in OF_SUBJECTS and not reference(meant.text)[0]
        one = _put_right(line, meant.offer, known) if is_asked_of else None
        return replace(meant, text=one.text) if one else meant
    if (number := _beyond(meant, known)) is not None:
        return _read_as_text(line, number) or meant
    ones = [_put_right(line, one, known) for one in meant.offers]
    offers = tuple(one for one in ones if one)
    if offers == meant.offers:
        return meant
    if len(offers) == 1 and Reading(offers[0].name, "").spoken.risk is Risk.READS:
        return Reading(offers[0].name, offers[0].text)
    if offers:
        return replace(meant, asked=meant.asked if len(offers) == len(ones) else "Did you mean {}?", offers=offers)
    number = number_of(meant)
    return meant if number is None else update_or_note(line if reference(line)[0] == number else f"{number} {line}")


def _is_typed(line: str, meant: Reading | Question) -> bool:
    """Return whether a line begins with the very name of the command's group: who types that looks for what follows."""
    return isinstance(meant, Reading) and groups().get((Line(line).word(0),)) == meant.spoken.group


def _beyond(meant: Question, known: Known) -> int | None:
    """Return the number that all which is offered is about, where no incident has one as great: error 500."""
    numbers = {reference(one.text)[0] if one.name in OF_ONE else None for one in meant.offers}
    number = numbers.pop() if len(numbers) == 1 else None
    newest = known.newest() if number is not None else None
    return number if number is not None and newest is not None and number > max(newest, FEW) else None


def _read_as_text(line: str, number: int) -> Meant:
    """Return what a line means with a number in it that is no incident's: something new, if trouble is told of."""
    again = read(re.sub(rf"(?<![\w#.]){number}(?!\w)", f"{HIDING}{number}", line))
    offers = again.offers if isinstance(again, Question) else (again.offer,) if again else ()
    ones = [replace(one, text=one.text.replace(HIDING, "")) for one in offers if one.name in TOLD]
    if not ones and tells_of_trouble(line):
        ones = [Offer("incident_open", line)]
    return either(*(Reading(one.name, one.text) for one in ones)) if ones else None


def _put_right(line: str, offer: Offer, known: Known) -> Offer | None:
    """Return an offer that names what there is; None where neither it nor the line does."""
    if offer.name in OF_SUBJECTS:
        return _about(line, offer, known)
    if offer.name == "incident_update" and ON in offer.text:
        return _on_subsystem(offer, known)
    if offer.name not in OF_PEOPLE:
        return offer
    who = _who(offer)
    if not who or (who not in OPEN and is_one(who, known.is_somebody)):
        return offer
    if offer.name == "incident_assign" and known.is_subsystem(who):
        return Offer("incident_update", f"{reference(offer.text)[0]}{ON}{who}")
    ones = _distinct(word for word in _names(line) if known.is_somebody(word))
    if who.endswith("s") and known.is_somebody(who.removesuffix("s")):  # "12 is bobs"
        ones = [who.removesuffix("s")]
    if len(ones) != 1 or (offer.name == "incident_assign" and not _is_alone(offer.text)):
        is_open = who in OPEN or offer.name not in ("oncall_when", "oncall_swap")
        return offer if is_open else None
    return replace(offer, text=offer.text.replace(who, ones[0], 1))


def _about(line: str, offer: Offer, known: Known) -> Offer | None:
    if not offer.text or reference(offer.text)[0] is not None or known.finds(offer.name, offer.text):
        return offer
    words = list(_names(line))
    pairs = [f"{one} {other}" for one, other in pairwise(words) if f"{one} {other}" in line]
    found = next((one for one in chain(pairs, words) if known.finds(offer.name, one)), "")
    return replace(offer, text=found) if found else None


def _on_subsystem(offer: Offer, known: Known) -> Offer | None:
    """Return what moves an incident to a subsystem, or gives it to whoever is called so."""
    before, _, name = offer.text.partition(ON)
    if known.is_subsystem(name.split()[0]) or known.is_subsystem(name):
        return offer
    return Offer("incident_assign", f"{before} {name}") if known.is_somebody(name) else None


def _who(offer: Offer) -> str:
    """Return who is named in a command: behind the number, behind "to", or first."""
    if offer.name == "incident_escalate":
        _, is_to, behind = f" {offer.text}".partition(TO)
        return behind.split()[0] if is_to and behind.split() else ""
    words = (reference(offer.text)[2] if offer.name == "incident_assign" else offer.text).split()
    return next((word for word in words if word.casefold() not in GIVING), "")


def _is_alone(text: str) -> bool:
    """Return whether no more than a number and who is given it stands in a text."""
    number, _, rest = reference(text)
    return number is not None and len([word for word in rest.split() if word not in GIVING]) == 1


def _names(line: str) -> Iterator[str]:
    """Yield the words of a line that may be names: no words of the desk's, and none that nobody asks about."""
    for typed in line.split()[:MOST_WORDS]:
        word = typed.strip(" ,;:.!?()\"'").removesuffix("'s").removesuffix("’s")
        plain = plainly(word)
        is_own = plain in FILLERS or plain in NO_SUBJECTS or is_word_of_sentences(plain) or is_command_word(plain)
        if len(word) >= SHORTEST and not is_own and not plain.isdecimal():
            yield word


def _distinct(words: Iterator[str]) -> Sequence[str]:
    return list({word.casefold(): word for word in words}.values())
