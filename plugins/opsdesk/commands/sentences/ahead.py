"""Changes that lie ahead, and what else is not so: asked about, since a change is done at once or not at all.

What stands behind a command's number (and behind what is set: a severity, the new owner) is text, most often the
reason: "close 12 fixed after the deploy". Where that begins with a condition or a time to come, it is no reason but a
when: "close 12 after the deploy", "give 12 to bob if he is in". It is text all the same

- where something is told in the past: "closed 12 after the deploy", "reopen 12 after the deploy it came back";
- behind a dash or a colon: "close 12 - after the deploy".

A condition ("if", "unless") is one even then. Notes and updates take any text; titles and reasons, too, that begin with
something else.
"""

import re
from itertools import pairwise
from operator import eq

from opsdesk.commands.line import Line, plainly
from opsdesk.commands.meanings import Question, Reading, either, groups, question
from opsdesk.commands.sentences.hearsay import is_of_another
from opsdesk.commands.sentences.pieces import first_of
from opsdesk.commands.sentences.regret import regretted
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.word_lists.lexicon import FILLERS, is_word_of_sentences, words_in
from opsdesk.commands.word_lists.ordinary import ORDINARY
from opsdesk.commands.word_lists.spelling import Spellings
from opsdesk.patterns import regex, seldom
from opsdesk.text import DAY, LENGTHS, TIME, Offer, begins_later, named_end, reference, typos

STATES = ("incident_resolve", "incident_reopen", "incident_ack", "incident_assign")
OUTCOMES = ("alerts_ack", "alerts_noise", "alerts_handled")
AT_ONCE = (
    *STATES, *OUTCOMES, "incident_update", "incident_void", "incident_merge", "incident_escalate",
    "alerts_open", "alerts_escalate", "alerts_mute", "alerts_unmute", "alerts_undo", "summary_post",
    "oncall_accept", "oncall_decline", "oncall_take", "oncall_undo", "shift_accept", "watch_on", "undo", "desk_try",
)  # fmt: skip
CORE = regex(
    r"(?:(?:#|inc-)?\d{1,9}(?![\w%])[.,?]*|(?:--)?sev(?:erity)?[\s:=]?\d(?!\w)|--status\s\w+|(?:me|into|with)(?!\w))\s*",
    re.IGNORECASE,
)
NAME = regex(r"(?:over\s)?(?:to|for)\s\S+\s*", re.IGNORECASE)
ENDS = r"(?![\w'’])"
IF = (
    r"(?:if|unless|whenever|provided|providing|assuming|supposing|pending|depending|subject to|contingent|in case|"
    r"in the event|given that|on condition|without|barring|except|"
    rf"(?:as|so) (?:soon|long) as|only (?:if|when|once)|should (?:it|this|that)){ENDS}|"
    r"(?:maybe|perhaps|\w{1,4}\syet|(?:\w{1,3}\s)?not|i think|i guess)(?:\W{1,9}(?:please|thanks))?\W{0,9}\Z"
)
ONCE = rf"(?:when|upon|once(?!\s(?:more|again))|until|till){ENDS}"
COMING = rf"(?!today|yest|yday){DAY}"
SPAN = r"(?:morning|afternoon|evening|night|weekend|week|month|day|shift|sprint|time)"
AHEAD = (
    rf"(?:(?:by|for|from|on|at|until|till?|first thing|sometime)\s)?(?:the\s)?(?:later(?!\sthan)|soon|shortly|"
    rf"eventually|tmro?w?|tmw|eod|cob|eow|tonight|tomo(?:r?ro?w?|row)?|next\s(?:{SPAN}|{DAY})|"
    rf"end of\s(?:(?:the|my|this)\s)?{SPAN}|in a (?:bit|while|moment|min|sec|second)){ENDS}|"
    rf"by\s(?:the\s)?(?:{TIME}|{COMING}|{SPAN}){ENDS}"
)
ABOUT = r"(?:(?:about|abt|around|like|maybe|~)\s?)?"
TIMED = (
    rf"(?:(?:after(?!\sall{ENDS})|before|following|pre|post(?!.?mortem)){ENDS}|{TIME}\s*\Z|"
    rf"(?:at|around|from|for)\s{ABOUT}{TIME}{ENDS}|(?:(?:on|for|from)\s)?{COMING}{ENDS}|"
    rf"(?:this|(?:over|at|during|for) the)\s{SPAN}{ENDS}|(?:in|within)\s{ABOUT}(?:{LENGTHS}|a (?:few|couple)){ENDS}|"
    rf"(?:in|within)\s{ABOUT}(?:\d{{1,3}}|five|ten|fifteen|twenty|thirty)[.!]*\s*\Z)"
)
WHEN = regex(rf"(?i:(?P<if>{IF})|(?P<once>{ONCE})|(?P<ahead>{AHEAD})|(?P<timed>{TIMED}))")
LATER_ON = seldom(rf"(?i:(?<!\S)(?:{IF}|{ONCE}|{AHEAD}|{TIMED}))")  # is asked of an owner alone
OPENED_IF = regex(rf"(?i:(?:{IF}|{ONCE}|{AHEAD})|.*\s(?:if|unless|once|when)\s(?:it|this|that|they)(?!\w))", re.DOTALL)
TO_BE = ("is", "are", "be", "been", "being", "gets", "get", "has", "have", "will")
PAST = ("came", "was", "were", "went", "broke", "did", "had", "got", "done")
ORDERING = ("please", "pls", "can you", "could you", "will you", "would you")  # "?" behind it asks for nothing else
TOO_EARLY = ("too", "early")
FOUR = Spellings(("once", "when", "till", "soon", "post"))  # letters; longer ones are put right with the line
TAGS = words_in("right ok okay correct yes no yeah huh eh then now pls please me")  # "close 12, right?"
MORE = ("and", "n", "&", "+", "plus", "or", "up", "online", "of")  # than one incident, or none


def ahead(meant: Reading, line: Line, at: int, said: Sentence) -> Question | None:
    """Return the question about a change that lies ahead, depends on something or is asked about; else None.

    It is `said` from the word `at` of the line on.
    """
    core, text = _parted(meant)
    if meant.name == "incident_open":
        if core and _is_regret(text):
            return question(("incident_void",), f"{reference(core)[0]} opened by mistake")
        return None if line.phrase(at, 1) in groups() or not OPENED_IF.match(text) else _opened_now(text)
    if meant.name == "incident_update" and (asked := _titled(meant, line, at)):
        return asked
    if meant.name in AT_ONCE and _is_when(text, told=_is_told(line, at)):
        return _now_or(meant, core, text, line.behind(at + (line.phrase(at, 1) in groups())))
    if meant.name in AT_ONCE and is_of_another(said):
        return question((meant.name,), core)
    number = reference(core)[0]
    if meant.name in AT_ONCE and _is_regret(text) and (taken_back := _taken_back(meant, said, core)):
        return taken_back
    if meant.name not in STATES or line.phrase(at, 1) in groups():
        return None
    if plainly(next(iter(text.split()), "")) in MORE:
        return either(Reading(meant.name, f"{number or ''}"), Reading("incident_note", meant.text))
    more = [word for word in plainly(text).split() if word not in TAGS][1:]  # "close 12 fixed?"
    is_asked = (
        meant.text.rstrip(" .!").endswith("?") and not more and not line.behind(0).casefold().startswith(ORDERING)
    )
    return question((meant.name,), core.rstrip("?.! ")) if is_asked else None


def _titled(meant: Reading, line: Line, at: int) -> Question | None:
    """Return the question about a new title that is a when: "rename 12 once we know more"."""
    core, is_titled, title = meant.text.partition(" --title ")
    if not is_titled or line.phrase(at, 1) in groups() or not _is_when(title, told=False):
        return None
    return either(Reading("incident_note", f"{reference(core)[0] or ''} {line.behind(at)}".strip()), meant)


def _is_regret(text: str) -> bool:
    """Return whether a text begins with a mistake, behind "by" or a letter away from it: "oo early", "bu mistake"."""
    pieces = first_of(text, len(TOO_EARLY) + 1)
    words = tuple(piece.words for piece in pieces)
    if len(words) == len(TOO_EARLY) and any(map(eq, words, TOO_EARLY)):
        return True
    many = 2 if pieces and typos(pieces[0].words, "by", 1) <= 1 else 1
    return any(piece.ideas & {"mistake", "too soon"} for piece in pieces[:many])


def _taken_back(meant: Reading, said: Sentence, core: str) -> Question | None:
    """Return what takes back a mistake; the question about "close 12 by mistake", which may be one that was made."""
    number = reference(core)[0]
    asked = question((meant.name,), core) if meant.name in (*STATES, *OUTCOMES) else None
    return regretted(said, f"{number or ''}") or asked


def _parted(meant: Reading) -> tuple[str, str]:
    """Return what a change needs to be done, its number and what it sets, and the text behind that."""
    if meant.name == "alerts_mute":
        return _muted(meant.text)
    at = 0
    while found := CORE.match(meant.text, at):
        at = found.end()
    if meant.name == "incident_update" and "sev" not in meant.text[:at] and "--status" not in meant.text[:at]:
        return meant.text, ""
    if meant.name in ("incident_assign", "incident_escalate") and (found := NAME.match(meant.text, at)):
        at = found.end()
    if meant.name == "incident_assign" and (found := LATER_ON.search(meant.text, at)):
        at = found.start()
    return meant.text[:at].strip(), meant.text[at:].strip()


def _muted(text: str) -> tuple[str, str]:
    """Return the number of the alert and for how long it is muted, "3 until 7am", and the text behind that."""
    rest = reference(text)[2]
    end = "" if begins_later(rest) else named_end(rest)
    at = len(text) - len(rest) + len(end)
    return text[:at].strip(), text[at:].strip()


def _is_when(text: str, *, told: bool) -> bool:
    """Return whether a text begins with a condition or a time to come; what is `told` has been."""
    found = WHEN.match(text) or WHEN.match(_first_put_right(text))
    if not found or found["if"] or found["ahead"]:
        return bool(found)
    if told and found["once"]:  # "resolved once deployed", not "resolved once bob deployed"
        return not _tells_of_the_past(text[found.end() :].strip().partition(" ")[2])
    return not told and not (found["timed"] and _tells_of_the_past(text))


def _first_put_right(text: str) -> str:
    """Return a text with the word of a time to come that it begins with, but for a letter: "onec deployed"."""
    first, _, rest = text.partition(" ")
    word = plainly(first)
    is_own = word in ORDINARY or is_word_of_sentences(word)
    return f"{near[0]} {rest}" if not is_own and (near := FOUR.near(word)) else text


def _is_told(line: Line, at: int) -> bool:
    """Return whether the verb is in the past: "closed 12", "12 was resolved", "i have acked 12"."""
    words = (line.word(place) for place in range(at, len(line)))
    verbs = (word for word in words if word not in FILLERS and (word,) not in groups() and not _is_number(word))
    first = next(verbs, "")
    return first.endswith("ed") or first in PAST


def _is_number(word: str) -> bool:
    return reference(word)[0] is not None


def _tells_of_the_past(text: str) -> bool:
    words = ["", *map(plainly, text.split())]
    return any(word in PAST or (word.endswith("ed") and before not in TO_BE) for before, word in pairwise(words))


def _now_or(meant: Reading, core: str, when: str, typed: str) -> Question:
    """Return what to type to have it done now, and what the desk can do until then."""
    now, at_once = "I do nothing later: {} does it now", Offer(meant.name, core)
    number = next((one for word in core.split() if (one := reference(word)[0]) is not None), None)
    about = f"{number or ''}"
    if meant.spoken.group != "incident":
        return Question(f"{now}.", (at_once,))
    if meant.name in STATES and named_end(when) == when:
        return Question(f"{now}, {{}} reminds its owner then.", (at_once, Offer("incident_snooze", f"{about} {when}")))
    note = typed if reference(typed)[0] is not None else f"{about} {typed}"
    return Question(f"{now}, {{}} keeps it as a note.", (at_once, Offer("incident_note", note)))


def _opened_now(title: str) -> Question:
    """Return the question about an opening that would be of something that has not happened."""
    said = Sentence(title)
    is_of_alert = bool(said.numbers) and said.first("alert") == 0
    name, text = ("alerts_open", f"{said.pieces[said.numbers[0]].number}") if is_of_alert else ("incident_open", title)
    return Question("Did you mean {}, at once? I do nothing later.", (Offer(name, text),))
