"""What somebody tells of who types that something does not work: an incident is opened of it, or asked about."""

import re
from functools import cache

from opsdesk.commands.line import plainly
from opsdesk.commands.meanings import Question, Reading, question
from opsdesk.commands.put_right.slips import is_nearly_done
from opsdesk.commands.sentences.pieces import Piece
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.commands.word_lists.spelling import Spellings
from opsdesk.commands.word_lists.titles import POINTING, graded
from opsdesk.patterns import regex

FAILING = words_in(  # what is said of nothing but trouble
    "failing fails failed crashed crashing crashes erroring errors error timeout timeouts broken broke down offline "
    "dead unreachable unavailable unresponsive degraded rejected rejecting refused refusing stuck hanging hangs hung "
    "frozen freezing freezes stalled 500 502 503 504 500s 502s 503s 504s blank unable laggy lagging slow spinning "
    "looping denied duplicated corrupted garbled exception exceptions outage delayed late missing spiking spikes timing"
)
IN_TWO = regex(  # and in several words
    r"\b(?:tim(?:ed?|es|ing) ?out|on fire|acting up|back(?:ed|ing) up|piling up|(?:locked|logged|kicked) out|"
    r"(?:no|without) (?:data|response|tokens?|texts?|logins?|results?)|(?:blank|white|empty) (?:page|screen)|"
    r"(?:goes|going|went) (?:down|dark)|not found|bad gateway|[45]\d\d(?:s|ing|ed|['’]s))\b",
    re.IGNORECASE,
)
VERBS = words_in("is are was were keep keeps kept has have get gets isnt arent wont cant cannot doesnt dont not")
DENIED = regex(  # that it does what it is for
    r"\b(?:(?:is|are|was|were)n['’]?t|not|no longer|stopped|quit|unable to|(?:can|won|does|do)['’]?t|cannot)\s+"
    r"(?:\w+\s+)?(?:work|load|respond|send|save|open|com|go|arriv|process|giv|get|show|connect|log|check|submit|finish|"
    r"deliver|sync|upload|download|reach|reset|updat|run|see|sign|print|return|display|register|schedul|issu|accept|"
    r"render)\w*\b",
    re.IGNORECASE,
)
OF_PEOPLE = words_in(
    "i im ill ive id he she you who nobody noone somebody someone anyone anybody it this that nothing none"
)
WANTING = words_in("need want give get gimme send show list pull grab find tell make fetch looking")
ALSO = (  # ideas of a sentence that is about something else than what is broken
    "alert", "handover", "how", "if", "incident", "maybe", "merge", "mistake", "mute", "no answer", "noise", "note",
    "post", "resolve", "shift", "skip", "snooze", "swap", "undo", "update", "void", "watch", "what", "when", "where",
    "who", "why",
)  # fmt: skip
GRADE = regex(r"(?:an? )?sev(?:erity)?[ -]?(?P<sev>[1-3])(?!\w)(?P<rest>.*)", re.IGNORECASE)
MOST_WORDS = 14
SHORT = 3  # letters


def trouble_told(said: Sentence) -> Reading | Question | None:
    """Return the opening in "vista keeps timing out"; a question without a verb, or where only something is denied.

    None where a person may be spoken of ("bob is not working today"), and for what is asked, depends or is denied.
    """
    first = said.pieces[: said.clause(0).stop] if said.pieces else []
    subject = next((piece for piece in first if piece.is_content or piece.words in OF_PEOPLE), None)
    if subject is None or _is_of_else(said, first) or _is_nobody(subject):
        return None
    behind = said.text[subject.end : first[-1].end]
    is_failing, denied = tells_of_trouble(behind, denied=False), DENIED.search(behind)
    if (is_failing and not denied and said.has("not")) or (not is_failing and (denied is None or said.day)):
        return None
    words = [word for piece in first for word in piece.words.split()]
    has_verb = any(word in VERBS or word.endswith("ing") for word in words) and not is_nearly_done(subject.words)
    meant = Reading("incident_open", graded(said.text.rstrip(" .!")))
    return meant if is_failing and has_verb else question((meant.name,), meant.text)


def opened_of(meant: Reading | Question | None, before: str) -> Reading | Question | None:
    """Return an opening with what was said `before` as its title, where it only points at that: "start one for it"."""
    if not isinstance(meant, Reading) or meant.name != "incident_open":
        return meant
    title, found = before.rstrip(" ,;:.!-–—"), GRADE.match(meant.text)
    if POINTING.issuperset(plainly(word) for word in meant.text.split()):
        return Reading("incident_open", title)
    if found and title and (tells_of_trouble(title) or not found["rest"]):
        rest = found["rest"].strip(" ,;:.!-–—")
        return Reading("incident_open", f"{title}{', ' if rest else ''}{rest} --sev {found['sev']}")
    return meant


def tells_of_trouble(text: str, *, denied: bool = True) -> bool:
    """Return whether a text has a word or phrase for trouble, or says that something does not do what it is for."""
    is_denied = denied and DENIED.search(text) is not None
    return is_denied or IN_TWO.search(text) is not None or any(map(_is_trouble, Sentence(text).pieces))


def _is_nobody(subject: Piece) -> bool:
    """Return whether a word names nothing that can fail, or may be one that does not: "cothing broken"."""
    return subject.words in OF_PEOPLE or bool(_people().near(subject.words)) or _is_trouble(subject)


@cache
def _people() -> Spellings:
    return Spellings(word for word in OF_PEOPLE if len(word) > SHORT)


def _is_of_else(said: Sentence, first: list[Piece]) -> bool:
    """Return whether it asks, or is about people or another subject: not "the login page", not "working"."""
    if said.numbers or said.is_question or said.is_request or len(said.pieces) > MOST_WORDS:
        return True
    if WANTING & {one.words for one in first[:2]}:  # "need everything that broke this week"
        return True
    people = any(one.ideas & {"reach", "oncall"} and one.words not in ("page", "working") for one in said.pieces)
    return people or said.has(*ALSO) or any(one.words in ("me", "us", "longer") for one in first)


def _is_trouble(piece: Piece) -> bool:
    return not FAILING.isdisjoint(piece.words.split())
