"""What a sentence means that names an incident, or speaks of the one that it stands under."""

from opsdesk.commands.line import SHOWING
from opsdesk.commands.meanings import Question, Reading, careful, either, question
from opsdesk.commands.sentences.about_alerts import about_an_alert, names_an_alert
from opsdesk.commands.sentences.giving import IMPERATIVE, given
from opsdesk.commands.sentences.handing import handed_to
from opsdesk.commands.sentences.merging import merging
from opsdesk.commands.sentences.moving import moved
from opsdesk.commands.sentences.parts import STATUSES, is_name, name_of, severity_of, text_of
from opsdesk.commands.sentences.pieces import Piece
from opsdesk.commands.sentences.regret import regretted
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.supposed import kept, rated, reminded, supposed, whole
from opsdesk.commands.sentences.wanted import wanted
from opsdesk.commands.word_lists.lexicon import words_in

DONE = {  # what each idea of a verb is, in the order in which one outweighs another
    "action": "incident_action",
    "note": "incident_note",
    "update": "incident_update",
    "reopen": "incident_reopen",
    "resolve": "incident_resolve",
    "ack": "incident_ack",
    "snooze": "incident_snooze",
    "export": "incident_export",
    "escalate": "incident_escalate",
    "take": "incident_assign",
}
LATER = words_in("ill will gonna tomorrow later soon trying want wants need needs almost nearly partly")
DOUBTS = words_in("if unless until but except still only not once when yet")
ORDERS = words_in("close resolve reopen ack acknowledge take")
PLEASE = ("please", "pls", "plz", "can you", "could you", "can someone")
CALLED = words_in("to as")  # before a title
BEFORE_NUMBER = words_in("the this that incident inc ticket number no nr now hi hey ok so pls plz thx")
BEING = words_in("is its it was")
CALLING = words_in("call calling page paging ping pinging ask asking text message contact")
ABOUT_IT = words_in("help about regarding re incident concerning assistance")
HAVING = ("got", "have", "has", "take", "taking")
SHORT = 3  # letters


def about_an_incident(said: Sentence) -> Reading | Question | None:
    """Return what is meant where a number is named; None where none is, or nothing is said of it."""
    if not said.numbers:
        return None
    number = said.pieces[said.numbers[0]].number
    if names_an_alert(said) and not said.has("action"):
        return about_an_alert(said, f"{number}")
    if asked := wanted(said.text) or moved(said) or given(said, f"{number}") or handed_to(said):
        return asked
    if said.is_question:
        return _ordered(said, f"{number}") or Reading("incident", f"{number}")
    if said.has("noise") and not said.has("incident", "not"):
        behind = text_of(said, max(said.numbers[0], said.first("noise") or 0) + 1)
        return question(("alerts_noise", "incident_void"), f"{number} {behind}".strip())
    if asked := reminded(said, f"{number}"):
        return question((asked.name,), asked.text)
    if asked := _called(said, f"{number}"):
        return asked
    asked = _lasting(said, f"{number}") or _doubted(said, f"{number}") or _set(said, f"{number}")
    return asked or _rated(said, f"{number}") or _done(said)


def _called(said: Sentence, number: str) -> Reading | Question | None:
    """Return the question about calling somebody: "ask charley for help with 12, no token"."""
    verb = next((at for at, piece in enumerate(said.pieces) if piece.words in CALLING), None)
    if verb is None or not is_name(said, verb + 1) or verb + 1 > said.numbers[0] or said.has("not", "if"):
        return None
    is_two = verb + 2 < said.numbers[0] and is_name(said, verb + 2) and said.pieces[verb + 2].words not in ABOUT_IT
    between = said.pieces[verb + 2 + is_two : said.numbers[0]]
    if any(not one.is_filler and one.words not in ABOUT_IT for one in between):
        return None
    who = " ".join(name_of(piece) for piece in said.pieces[verb + 1 : verb + 2 + is_two])
    text = f"{number} to {who} {text_of(said, said.numbers[0] + 1)}".strip()
    return careful(Reading("incident_escalate", text, "escalate"))


def _lasting(said: Sentence, number: str) -> Question | None:
    """Return the question about what cannot be taken back: two that are one, one that never was."""
    if asked := regretted(said, number):
        return asked
    if said.has("merge", "alike") and (two := merging(said)):
        return question(("incident_merge",), f"{two[0]} into {two[1]}")
    return question(("incident_void",), f"{number} opened by mistake") if said.has("void", "mistake") else None


def _doubted(said: Sentence, number: str) -> Question | None:
    """Return the question about what is denied, is to be, or depends on something: none of it is done."""
    statuses = (at for at, piece in enumerate(said.pieces) if piece.words in STATUSES)
    verb, last = said.first(*DONE, "change", "sev", "title"), said.numbers[0]
    verb = next(statuses, None) if verb is None else verb
    if verb is None or said.pieces[verb].ideas & {"note", "update", "action"}:
        return None
    before = said.pieces[: max(verb, last) + 1]
    words = {word for piece in before for word in piece.words.split()}
    is_later = "take" not in said.pieces[verb].ideas and words & LATER
    if (
        is_later
        or (last < verb and _is_slip(said, last))
        or any(piece.ideas & {"not", "if", "maybe"} for piece in before)
    ):
        return _ordered(said, number) or supposed(said) or kept(said)
    return None


def _ordered(said: Sentence, number: str) -> Question | None:
    """Return the question about what is asked for at the end: "12 looks good now, please resolve it"."""
    begins = [at for at in range(1, len(said.pieces)) if said.pieces[at - 1].breaks or said.pieces[at].words in PLEASE]
    last = said.pieces[max(begins, default=len(said.pieces)) :]
    ideas = [idea for piece in last for idea in DONE if idea in piece.ideas and piece.words in ORDERS]
    is_all = all(piece.is_filler or piece.words in ORDERS or piece.number is not None for piece in last)
    if len(ideas) != 1 or not is_all or {word for one in last for word in one.words.split()} & LATER:
        return None
    named = next((f"{piece.number}" for piece in last if piece.number is not None), number)
    return _either(said, named, DONE[ideas[0]])


def _is_slip(said: Sentence, number: int) -> bool:
    """Return whether a small word before a number may be a slip of "is" or "if"."""
    before = said.pieces[number - 1] if number else None
    if number > 1 and "incident" in said.pieces[number - 2].ideas:  # "the problem of 9"
        return False
    return before is not None and len(before.words) <= SHORT and before.is_filler and before.words not in BEFORE_NUMBER


def _set(said: Sentence, number: str) -> Reading | Question | None:
    """Return an update of the severity, status or title that is named with an incident, and with nothing before it."""
    if asked := _in_a_clause(said, number):
        return asked
    what = next((at for at, one in enumerate(said.pieces) if one.sev or "sev" in one.ideas or one.words in STATUSES), 0)
    words = [place for place in said.names() if not said.pieces[place].words.isdigit()]
    if any(place < max(what, said.numbers[0]) for place in words) and not said.has("title"):
        return None
    if named := severity_of(said):
        digit, at = named
        behind = text_of(said, max(said.numbers[0], at) + 1)
        if (
            not digit
            and not said.has("change")
            and said.pieces[min(at + 1, len(said.pieces) - 1)].words in ("of", "for", "on")
        ):
            return Reading("incident", number)
        if not digit:
            return question(("incident_update",), f"{number} --sev 2")
        return Reading("incident_update", f"#{number} --sev {digit} {behind}".strip())
    for at, piece in enumerate(said.pieces):
        if piece.words in STATUSES and not said.has("ack"):
            behind = text_of(said, max(said.numbers[0], at) + 1)
            return Reading("incident_update", f"#{number} --status {piece.words} {behind}".strip())
    if (likely := next((one for one in STATUSES if said.has(one)), "")) and not said.has("resolve"):
        return question(("incident_update",), f"{number} --status {likely}")
    if (place := said.first("title")) is not None:
        title = text_of(said, max(said.numbers[0], place) + 1, around=CALLED)
        return Reading("incident_update", f"#{number} --title {title}") if title else None
    return None


def _in_a_clause(said: Sentence, number: str) -> Question | None:
    """Return the question about a status that stands apart at the end: "12 is the sockets again. identified"."""
    last = said.clause(len(said.pieces) - 1)
    is_all = len(last) == 1 and last.start > 0 and said.pieces[last.start].words in STATUSES
    if not is_all or said.numbers[0] or said.has("not"):
        return None
    text = text_of(Sentence(said.text[: said.pieces[last.start - 1].end]), 1)
    status = f"{number} --status {said.pieces[last.start].words}"
    return question(("incident_update",), f"{status} {text}".strip())


def _rated(said: Sentence, number: str) -> Question | None:
    """Return the question about a digit that may be a severity: "downgrade 12 to a 2, one site is done"."""
    meant = rated(said, number) if said.has("change") else None
    return question((meant.name,), meant.text) if meant else None


def _done(said: Sentence) -> Reading | Question | None:
    """Return what is done to the incident by the first verb of the sentence that outweighs the others."""
    number = said.numbers[0]
    verbs = [(at, idea) for at, piece in enumerate(said.pieces) for idea in DONE if idea in piece.ideas]
    verbs = [one for one in verbs if one[0] in said.clause(number)] or verbs
    strong = [one for one in verbs if not _is_weak(said, *one)] or verbs
    if not strong:
        is_asked = said.has("state", "shown") or said.pieces[0].words in SHOWING
        return Reading("incident", f"{said.pieces[number].number}") if is_asked and not said.names() else None
    more = ("export", "action", "update") if strong[0][1] == "note" else ()
    at, idea = next((one for one in strong if one[1] in more), strong[0])
    return _with_text(said, number, at, idea)


def _is_weak(said: Sentence, at: int, idea: str) -> bool:
    """Return whether a verb says less than another: "got 12 fixed", "call 12 fixed"."""
    words = said.pieces[at].words
    return (idea == "take" and words in HAVING) or (idea == "escalate" and words == "call" and at + 1 in said.numbers)


def _with_text(said: Sentence, number: int, at: int, idea: str) -> Reading | Question | None:
    """Return the command with what is said beside it; a question where that is not surely its text."""
    name, first, last = DONE[idea], min(at, number), max(at, number)
    if at and said.pieces[at].words in IMPERATIVE and said.pieces[at - 1].words in BEING:
        return None
    if said.pieces[at].words == "over" and at < number and said.has("change"):  # "make over 12"
        return None
    head, behind = said.between(0, first), text_of(said, last + 1)
    who = f"{said.pieces[number].number}"
    also = {"note", "assign", "post"} if idea in ("action", "note", "update") else set[str]()
    heads, middle = _more(said, 0, first, also), _more(said, first + 1, last, also)
    text = behind or (head if heads else "")
    if idea == "take":
        more = heads or middle or said.content(last + 1, len(said.pieces))
        between = any(one.words not in BEFORE_NUMBER for one in said.pieces[first + 1 : last])
        is_slip = said.pieces[at].words in HAVING and at < number and between
        return None if more or is_slip else Reading(name, f"{who} me")
    if idea in ("action", "note", "update") and not text:
        return None
    meant = Reading(name, f"{who} {text}".strip())
    if middle or (heads and (behind or not _is_apart(said, first))) or _is_doubtful(idea, behind):
        return _either(said, who, name)
    is_done = meant.spoken.risk.is_done_misspelt
    return meant if is_done else question((name,), meant.text)


def _more(said: Sentence, start: int, end: int, also: set[str]) -> list[Piece]:
    """Return what is said from `start` up to `end` beside the words for a change: "set the status of"."""
    return [piece for piece in said.content(start, end) if not piece.ideas & ({"change", "i", "can", "state"} | also)]


def _either(said: Sentence, number: str, name: str) -> Question:
    """Return the question whether a change is meant, or something that is only to be kept."""
    return either(Reading(name, number), Reading("incident_note", whole(said, number)))


def _is_apart(said: Sentence, first: int) -> bool:
    """Return whether what stands before the verb and the number is a clause of its own."""
    return any(piece.breaks for piece in said.pieces[:first])


def _is_doubtful(idea: str, text: str) -> bool:
    words = {word.strip(",.;:!").casefold() for word in text.split()}
    begins = text.split()[0].casefold() if text.split() else ""
    return idea in ("resolve", "reopen", "ack") and (bool(words & DOUBTS) or begins in ("and", "or", "then", *LATER))
