"""Which commands fit what a sentence names, how it asks, and what it denies."""

import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise

from opsdesk.commands.guesses.filling import numbers_of
from opsdesk.commands.guesses.likeness import TALK, likeness
from opsdesk.commands.meanings import OF_ONE
from opsdesk.commands.sentences.about_alerts import names_an_alert
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.vocabulary import SPOKEN, Risk
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.patterns import regex

UNFIT, ASKING = 0.5, 0.25  # what a command loses that does not fit what is named, and a change what is asked
OF_AN_ALERT = frozenset(name for name in SPOKEN if name.startswith("alerts_")) - {"alerts_rules", "alerts_questions"}
OF_AN_INCIDENT = OF_ONE | {"incident", "incident_merge", "incident_export"}
WITHOUT = OF_AN_INCIDENT - {"incident_export", "incident_assign", "incident_escalate"}  # a number they are hardly meant
NUMBERLESS = frozenset(SPOKEN) - WITHOUT - OF_AN_ALERT
CONDITIONS = words_in("if unless once whenever")
SHOULD_IT = regex(r"\bshould (?:it|this|that|the|they)\b", re.IGNORECASE)
BY_DENIAL = ("incident_void", "incident_snooze", "alerts_noise", "alerts_mute", "watch_off", "summary_skip")
ASKED_WHETHER = regex(r"\b(?:ask|see|check|find out|know)\s+(?:\S+\s+)?(?:if|whether)\b", re.IGNORECASE)
GREETING = regex(  # before what is said, of which it says nothing
    r"\A(?:good )?(?:morning|afternoon|evening|hi|hello|hey)(?: (?:all|everyone|everybody|folks|team|desk))?[,!. ]+"
    r"(?=\w)",
    re.IGNORECASE,
)
OF_ALERTS = regex(  # what is said of alerts alone
    r"\b(?:un)?(?:mut(?:e|ed|ing)|silenc\w+)\b|\b(?:spam|flap|beep|ring)\w*\b|\bshut\b.{1,12}\bup\b|\bnoisy\b",
    re.IGNORECASE,
)
COUNTED = regex(r"\b(?:click(?:s|ed)|completed|pre|check-?ins?|counts?|figures?|numbers)\b", re.IGNORECASE)
FIGURES = regex(r"(?<![\w.:/#-])(?:\d{1,3},\d{3}|\d{3,7})(?![\w:/])")  # rather than numbers of incidents
BY_SUBJECT = regex(  # an incident without its number, but for "the last one" and its like
    r"\b(?:the |that )?(?!(?:a|an|the|this|last|next|wrong|other|new|same|only|right|first|any|no|which|some|known|"
    r"open|raise|report|declare|start|create|log|make|file|trigger|begin)\b)"
    r"[\w'’-]+ (?:one|incident|ticket|issue|problem|outage)(?![\w-])",
    re.IGNORECASE,
)
KEEPING = ("incident_update", "incident_note", "incident_action", "incident_snooze", "summary_note")  # whatever is said
TWO = 2  # figures that are of counters


def unfit(said: Sentence) -> Callable[[str], float]:
    """Return what counts against a command: it takes no number and one is named, or changes what is only asked of."""
    takes, is_asked = _taking(said), said.is_question

    def counts(name: str) -> float:
        if name == TALK:
            return 0
        if name in ("oncall", "oncall_next") and said.day and (said.day == "next week") is (name == "oncall"):
            return UNFIT
        return UNFIT * (not takes(name)) + ASKING * (is_asked and SPOKEN[name].risk is not Risk.READS)

    return counts


def _taking(said: Sentence) -> Callable[[str], bool]:
    """Return whether a command takes what is named: an alert's number, an incident's, or none."""
    numbers = numbers_of(said)
    if len(FIGURES.findall(said.text)) >= TWO and COUNTED.search(said.text):
        return ("stats_record",).__contains__
    if numbers and said.numbers == numbers and (names_an_alert(said) or OF_ALERTS.search(said.text)):
        return OF_AN_ALERT.union(("alerts",)).__contains__
    if numbers or BY_SUBJECT.search(said.text):
        return OF_AN_INCIDENT.__contains__
    return NUMBERLESS.__contains__


def is_denied(said: Sentence, name: str) -> bool:
    """Return whether a change is denied, or depends on something: "don't close 12", "if it fails again reopen 9"."""
    if SPOKEN[name].risk is Risk.READS or name in KEEPING:
        return False
    depends = not ASKED_WHETHER.search(said.text) and not CONDITIONS.isdisjoint(said.words)
    if SHOULD_IT.search(said.text) or _is_ordered_not(said, name):
        return True
    return depends or not all(map(partial(likeness().is_said_for, name), _denying(said)))


def _is_ordered_not(said: Sentence, name: str) -> bool:
    """Return whether it is said not to do what a command does: "do not silence 3"."""
    one = SPOKEN[name]
    verbs = {one.verb, *(word.partition("|")[0] for word in (*one.verbs, *one.alone))}
    return any("not" in piece.ideas and behind.words in verbs for piece, behind in pairwise(said.pieces))


def is_doubted(said: Sentence, name: str) -> bool:
    """Return whether a change depends on something or is denied; not "12 was never real"."""
    return said.has("if") or (said.has("not") and name not in BY_DENIAL)


def _denying(said: Sentence) -> list[str]:
    """Return the words by which something is denied: what is never real is said to be void."""
    return [word for piece in said.pieces if "not" in piece.ideas for word in piece.words.split()]
