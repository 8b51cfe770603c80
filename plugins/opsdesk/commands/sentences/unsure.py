"""Words around a change that make it unsure: it is asked about rather than done.

Before a change stand courtesies, and what it is about: "ok, so close 12", "pods restarted, closing 12". Anything else
there may mean that it is not wanted, or not yet: "oops close 12", "almost close 12". What ends a line may take back or
doubt what stands before it: "close 12, wait", "merge 12 into 9, or not". At the end of a sentence it is text.
"""

import re
from itertools import takewhile

from opsdesk.commands.meanings import OF_ONE, TEXTS, WITH_TEXT, Reading, groups
from opsdesk.commands.put_right.slips import is_command_word, is_nearly_command_word
from opsdesk.commands.sentences.pieces import Piece
from opsdesk.commands.sentences.sentence import LONGEST, Sentence
from opsdesk.commands.word_lists.courteous import COURTEOUS
from opsdesk.commands.word_lists.lexicon import IDEAS, is_word_of_sentences, words_in
from opsdesk.commands.word_lists.ordinary import ORDINARY
from opsdesk.commands.word_lists.spelling import Spellings
from opsdesk.patterns import regex

SURPRISED = words_in(  # is said of a mistake, or before what puts it right
    "oops oop ooops whoops woops oopsie sorry wait waits no nope nah hm hmm hmmm hmmmm ah ahh aah oh ohh argh ugh damn "
    "dang darn dammit shit crap omg lol hold hang well eh er uh uhh um erm huh mybad bad nvm yikes oof"
)
HEDGING = words_in(  # is said of what is not so yet, or only may be
    "maybe perhaps probably prob possibly likely guess thought think thinking wonder almost nearly about trying tried "
    "try want wants wanted wanna need needs needed gonna could would should must might may if unless until till til "
    "once when whenever while after before why what how where which whether lmao rofl haha hehe wtf gosh geez jeez meh "
    "welp whoa wow sigh too yet soon later eventually hopefully hope hoping wish still not "
    "dont never"
)
ODD = SURPRISED | HEDGING
OF_TITLES = words_in(  # begin one, too: "no texts since noon", "wait times are wrong"
    "no well bad hold hang wait waits before after while about too try what when where why how which once until till "
    "til if still not never need needs want wants"
)
WANTED = words_in("need needs want wants")  # "need to open an incident for vista"
OPENING = words_in("open new start create report declare raise")
BACK = ("undo", "incident_reopen", "alerts_undo", "alerts_unmute", "summary_resume", "watch_on", "oncall_undo")
TELLING = WITH_TEXT | TEXTS  # whatever is said
OF_HOW = (
    "not", "if", "maybe", "who", "what", "when", "where", "how", "itself", "why", "is", "can", "i", "my", "before",
    "how many", "how long", "there", "alive", "answers", "out", "next one",
)  # fmt: skip
ACTS = frozenset(IDEAS).difference(OF_HOW)
DOUBT = (
    r"oops+|whoops|waits?|hm+|um+|uh+|erm?|hold on|hang on|nope|nah|no|nvm|never ?mind|scratch that|forget it|maybe|"
    r"perhaps|possibly|probably|prob|i guess|i think|i thought|i suppose|not sure|or not|or no|or what|or should i|"
    r"should i|not|not now|not yet|just kidding|jk|almost|nearly|why|when|if|unless|until|till|once|after|before|"
    r"later|soon|eventually|hopefully|yet|(?:i[bhjkmnu]|within) (?:like |about |~ ?)?\d{1,2}"
)
LEAD = r"(?P<apart>[,;:.!?(–—-]|(?<!\s))\s++(?:(?:but|and|or|ok|actually|oh|ah|so),?\s+)?"
ENDING = regex(rf"{LEAD}(?P<doubt>{DOUBT})[\s.!?)…]*\Z", re.IGNORECASE)
LAST = regex(rf"{LEAD}(?P<doubt>[^\W\d_]{{5,}})[\s.!?)…]*\Z", re.IGNORECASE)
LONG = Spellings(words_in("maybe perhaps possibly probably almost nearly unless until before later eventually"))
ALLOWED = regex(r"(?:(?:it['’]?s|its|it is) )?(?:ok|okay|safe|fine|good) to ", re.IGNORECASE)  # by whom?
FEW = 6  # words that a doubt behind them is about


def without_doubt(meant: Reading, said: Sentence, *, is_asked: bool) -> str | None:
    """Return what is said without what makes a change unsure, to be asked about; None where nothing does.

    `is_asked` is whether a question mark at the end means that.
    """
    if meant.name in ("yes", "no") or len(said.text) > LONGEST:
        return None
    if ALLOWED.match(said.text):
        return ALLOWED.sub("", said.text, count=1)
    is_telling = meant.name in TELLING and not (meant.name == "incident_update" and " --" in meant.text)
    return _behind_odd(meant, said, is_telling) or (None if is_telling else _before_doubt(meant, said, is_asked))


def _behind_odd(meant: Reading, said: Sentence, is_telling: bool) -> str | None:
    """Return what stands behind odd words; all of it where they stand between a number and what is done to it."""
    if is_telling and not (said.opening and _is_small(said.opening)):
        return None
    pieces = said.pieces
    core = next((at for at, piece in enumerate(pieces) if _is_of_command(piece)), len(pieces))
    before = _leading(said, is_title=meant.name == "incident_open") if is_telling else _before(said, core)
    odd = [at for at in before if _is_odd(meant, said, at, is_telling)]
    if odd and not (meant.name in BACK and all(_is_sighed(pieces[at], meant) for at in odd)):
        return said.text[pieces[odd[-1] + 1].start :] if odd[-1] + 1 < len(pieces) else said.text
    return said.text if not is_telling and any(map(_is_hedging, _within(said, core))) else None


def _before(said: Sentence, core: int) -> list[int]:
    """Return the places before a change that may be odd: not of another clause, unless all of that is."""
    start = said.clause(core).start if core < len(said.pieces) else 0
    before = [at for at in range(start) if all(_is_small(said.pieces[one]) for one in said.clause(at))]
    return [*before, *range(start, core)]


def _leading(said: Sentence, *, is_title: bool) -> list[int]:
    """Return the places of the small words that a line begins with, without those that may begin a title."""
    led = [*takewhile(_is_small, said.pieces)]
    behind = said.pieces[len(led)].words if len(led) < len(said.pieces) else ""
    if is_title:
        own = WANTED if behind in OPENING else OF_TITLES
        led = [*takewhile(lambda piece: own.isdisjoint(piece.words.split()), led)]
    return [*range(len(led))]


def _is_of_command(piece: Piece) -> bool:
    """Return whether a command may begin with a piece: with what is done, its group, or a number."""
    if piece.number is not None or piece.sev:
        return True
    if not ODD.isdisjoint(piece.words.split()):
        return False
    is_word = piece.words not in COURTEOUS and (is_command_word(piece.words) or is_nearly_command_word(piece.words))
    return bool(piece.ideas & ACTS) or is_word or (piece.words,) in groups()


def _is_small(piece: Piece) -> bool:
    return _is_hedging(piece) or _is_surprised(piece) or COURTEOUS.issuperset(piece.words.split())


def _is_surprised(piece: Piece) -> bool:
    return "can" not in piece.ideas and not SURPRISED.isdisjoint(piece.words.split())


def _is_hedging(piece: Piece) -> bool:
    return "can" not in piece.ideas and not HEDGING.isdisjoint(piece.words.split())


def _is_sighed(piece: Piece, meant: Reading) -> bool:
    """Return whether a piece is said of a mistake, and is no part of what the change takes."""
    return _is_surprised(piece) and piece.words.casefold() not in meant.text.casefold()


def _is_odd(meant: Reading, said: Sentence, at: int, is_telling: bool) -> bool:
    """Return whether a piece says that a change may not be wanted; any unknown one does, before one with a number."""
    piece = said.pieces[at]
    typed = said.text[piece.start : piece.end].rstrip(",.;:")
    if _is_surprised(piece) or _is_hedging(piece) or typed.endswith(("'", "’")):
        return True
    is_known = COURTEOUS.issuperset(piece.words.split()) or not piece.is_content or "can" in piece.ideas
    if is_known or is_telling or piece.words.casefold() in meant.text.casefold():
        return False
    return meant.name in OF_ONE or meant.spoken.group == "alerts"


def _within(said: Sentence, core: int) -> list[Piece]:
    """Return the pieces between an incident's number and what is done to it."""
    verbs = [at for at, piece in enumerate(said.pieces) if piece.ideas & ACTS and not _is_hedging(piece)]
    if not said.numbers or not verbs:
        return []
    first, last = sorted((said.numbers[0], verbs[0]))
    return said.pieces[first + 1 : last] if core in (first, last) else []


def _before_doubt(meant: Reading, said: Sentence, is_asked: bool) -> str | None:
    """Return what stands before a doubt at the end of a line: of few words, or behind a comma or the like."""
    if is_asked and said.text.endswith("?") and len(said.text.split()) <= FEW + 1 and meant.name != "undo":
        return said.text.rstrip(" ?!.,")
    found = ENDING.search(said.text) or _nearly_doubt(said.text)
    if not found or (meant.name == "undo" and found["doubt"].casefold() in SURPRISED - {"wait", "no"}):
        return None
    before = said.text[: found.start()]
    return before if found["apart"] or len(before.split()) <= FEW else None


def _nearly_doubt(text: str) -> re.Match[str] | None:
    """Return the last word where it is a doubt but for a letter: "close 12 mabye"."""
    found = LAST.search(text)
    word = found["doubt"].casefold() if found else ""
    is_own = word in ORDINARY or is_word_of_sentences(word)
    return found if LONG.near(word) and not is_own else None
