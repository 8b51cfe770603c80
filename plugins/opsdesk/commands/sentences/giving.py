"""What a sentence means that gives an incident to somebody."""

from opsdesk.commands.meanings import Question, Reading, question, update_or_note
from opsdesk.commands.sentences.parts import is_name, name_of
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.supposed import whole
from opsdesk.commands.vocabulary import GROUPS
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.text import reference

OF_GIVING = words_in("incident take i can is itself")  # what may be spoken of beside somebody: "12 is for bob"
RECEIVING = words_in("to for with over incident back")
FROM, MOST_WORDS = ("from", "off"), 3
TO_WHOM = words_in("to for by with over")
ME = words_in("me my myself i im ill ive we us mine")
POLITELY = words_in("ok so hey hi please pls morning and then")
FOR_IT = words_in("have get let ask tell")  # "have bob look at 12"
OF_OTHERS = ("not", "if", "note", "update", "who", "sev", "merge", "alike", "void", "mistake", "too soon")
ASKED = words_in("let ask tell")  # of somebody who may say no
HAPPENED = words_in("is was been got were")
TOLD = ("acked", "ackd", "acknowledged")  # of somebody who did it: "bob acked 12"
PRESENT = ("today", "yesterday", "last night")  # any other day is to come
IMPERATIVE = ("ack", "take", "acknowledge", "grab", "look", "own")


def given(said: Sentence, number: str) -> Reading | Question | None:
    """Return the assignment in "have bob look at 12", "can bob take 12?", "12 for bob", "bob has 12"."""
    begins = next((one for one in said.pieces if one.words not in POLITELY), None)
    if begins is not None and _is_told_of_it(said):
        return Reading("incident", number)
    if begins is None or said.has(*OF_OTHERS):
        return None
    at = 1 + said.pieces.index(begins)
    is_taken = any(one.words in IMPERATIVE or one.ideas & {"ack", "take"} for one in said.pieces[at:])
    told = begins.words in FOR_IT and is_taken
    if begins.words in ("can", "could", "may") and said.has("ack", "take") and is_name(said, at):
        return question(("incident_assign",), f"{number} {said.pieces[at].words}")
    if told and is_name(said, at):
        meant = Reading("incident_assign", f"{number} {name_of(said.pieces[at])}")
        return question((meant.name,), meant.text) if begins.words in ASKED else meant
    ends = any("resolve" in one.ideas and not _is_over(said, at) for at, one in enumerate(said.pieces))
    if said.is_question or ends or said.has("reopen", "maybe", "action", "state"):
        return None
    return _handed(said, number)


def given_to_nobody(meant: Reading, said: Sentence) -> Question | None:
    """Return the question what is to be kept of an incident that is given to no name: "12 give it 2 hours"."""
    number, _, rest = reference(meant.text)
    is_named = number is None or not rest or any(letter.isalpha() for letter in rest.split()[0])
    if is_named or meant.name != "incident_assign" or said.pieces[0].words in GROUPS:
        return None
    return update_or_note(whole(said, f"{number}"))


def _is_told_of_it(said: Sentence) -> bool:
    """Return whether somebody is to be told something: "give me the eta on 12"."""
    verb = said.first("assign")
    if verb is None or verb + 1 >= len(said.pieces) or said.pieces[verb + 1].words not in ("me", "us"):
        return False
    wanted = said.content(verb + 2, said.numbers[0])
    return bool(wanted) and not any(piece.ideas & {"take", "person", "export"} for piece in wanted)


def _is_over(said: Sentence, at: int) -> bool:
    """Return whether a word is the "over" of "hand 12 over"."""
    return at - 1 in said.numbers and said.pieces[at].words == "over" and said.has("assign")


def _handed(said: Sentence, number: str) -> Reading | Question | None:
    names = said.names()
    if said.has("take") and not said.has("assign") and _is_from_another(said, names):
        return Reading("incident_assign", f"{number} me")
    if len(names) != 1 or not is_name(said, names[0]):
        return _to_me(said, number) if not names else None
    at = names[0]
    before = said.pieces[at - 1].words if at else ""
    is_given = _is_receiver(said, at) if said.has("assign") else before in TO_WHOM and _is_all_of(said, OF_GIVING)
    verb = said.first("take", "ack")
    takes = (
        verb is not None
        and said.pieces[verb].words not in IMPERATIVE
        and at < verb < said.numbers[0]
        and all(
            one.ideas & {"take", "ack"} for one in said.content(verb + 1, said.numbers[0])
        )  # not "has the logs for"
        and not _is_mine_too(said)
    )
    meant = Reading("incident_assign", f"{number} {name_of(said.pieces[at])}") if is_given or takes else None
    is_told = said.pieces[verb or 0].words in TOLD or (said.has("assign") and not HAPPENED.isdisjoint(said.words))
    is_ahead = said.day not in ("", *PRESENT)
    return question((meant.name,), meant.text) if meant and (is_told or is_ahead) else meant


def _is_mine_too(said: Sentence) -> bool:
    """Return whether who speaks takes part, beyond handing it over: "bob is taking 12 from me"."""
    handing = {at + 1 for at, piece in enumerate(said.pieces) if piece.words in (*FROM, "for")}
    return any("i" in piece.ideas and at not in handing for at, piece in enumerate(said.pieces))


def _is_from_another(said: Sentence, names: list[int]) -> bool:
    """Return whether all that is named is whom an incident is taken from: "taking 12 over from bob"."""
    words = said.words
    if words & HAPPENED or ("taken" in words and not words & ME):  # "12 was taken from bob"
        return False
    is_from = bool(names) and any(piece.words in FROM for piece in said.pieces[max(names[0] - 1, 0) : names[0] + 1])
    return is_from and len(names) <= MOST_WORDS


def _is_receiver(said: Sentence, at: int) -> bool:
    """Return whether a name stands where whom something is given to does: "give bob 12", "hand 12 to bob"."""
    before = said.pieces[at - 1] if at else None
    if before and before.number is not None and before.breaks:  # "put on 12: vendor called"
        return False
    return before is None or before.number is not None or "assign" in before.ideas or before.words in RECEIVING


def _is_all_of(said: Sentence, ideas: frozenset[str]) -> bool:
    return all(not piece.ideas or piece.ideas & ideas for piece in said.pieces)


def _to_me(said: Sentence, number: str) -> Reading | None:
    return Reading("incident_assign", f"{number} me") if said.has("assign") and said.words & ME else None
