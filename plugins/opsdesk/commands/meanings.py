"""What the words of the vocabulary mean, and what comes of a word: a reading, or a question."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, takewhile

import msgspec
from msgspec.structs import replace

from opsdesk.commands.line import Line, Phrase, plainly, tidy
from opsdesk.commands.sentences.pieces import OF_A_NUMBER, Piece
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.this import without_this
from opsdesk.commands.vocabulary import GROUPS, SPOKEN, Risk, Spoken
from opsdesk.commands.word_lists import titles
from opsdesk.commands.word_lists.lexicon import is_word_of_sentences
from opsdesk.commands.word_lists.ordinary import ORDINARY
from opsdesk.commands.word_lists.spelling import Spellings
from opsdesk.patterns import regex
from opsdesk.text import DAY, LIKE_THAT, MONTH, Offer, Offering, any_of

BY_DAY = frozenset(
    {
        "alerts", "incident_export", "incident_list", "incident_metrics", "oncall", "report", "stats", "stats_chart",
        "summary", "summary_resume",
    }
)  # fmt: skip
SCOPES = frozenset({"all", "open", "mine", "my", "resolved", "closed"})  # of a list
OF_SPANS = {  # of which another command tells
    ("oncall", "week"): ("oncall_week", ""),
    ("oncall", "this week"): ("oncall_week", ""),
    ("oncall", "next week"): ("oncall_next", ""),
    ("stats", "this month"): ("stats_chart", "month"),
}
FOR_WHOM = regex(
    r"(?<=\w) for (?:my|the|our) (?:manager|boss|po|pm|lead|leads|team|management)[\s.!?]*\Z", re.IGNORECASE
)
OF_DAYS = {  # and the ideas of what each shows
    "incident_list": frozenset({"incident"}),
    "incident_export": frozenset({"incident"}),
    "incident_metrics": frozenset({"metrics"}),
    "report": frozenset({"incident"}),
    "stats": frozenset({"counts"}),
    "stats_chart": frozenset({"check-ins", "counts", "chart"}),
}
ON_A_DAY = regex(
    rf"(?<!\S)(?:on|for|of|from|in|during|over) (?:the )?(?=(?:{DAY}|{MONTH}|"
    r"(?:this |last )?(?:week|month|sprint))(?!\S))",
    re.IGNORECASE,
)
WITH_TEXT = frozenset({"incident_note", "incident_update", "incident_action", "incident_link"})
TEXTS = frozenset(  # that are kept whole, whatever is said
    {"incident_note", "incident_update", "incident_open", "incident_action", "summary_note"}
)
OF_ONE = frozenset(  # incident, which may be that of the thread
    {
        "incident_ack", "incident_action", "incident_announce", "incident_assign", "incident_escalate", "incident_link",
        "incident_note", "incident_notice", "incident_reopen", "incident_resolve", "incident_show", "incident_snooze",
        "incident_update", "incident_void",
    }
)  # fmt: skip
BY_ASKING = frozenset(
    {"incident_resolve", "incident_reopen", "incident_ack", "incident_void", "alerts_ack", "alerts_handled"}
)
COURTESY = r"(?:,?\s+(?:for (?:me|us)|please|pls|plz))+"
ASKED = regex(  # behind a number: "14 for me? texts are on time"
    rf"\A(?P<n>(?:#|inc-?)?\d{{1,9}})(?:{COURTESY}(?:[?!.,;:]+(?=\s+\w)|[?!.]*\Z)|[?!]+(?=\s+\w))", re.IGNORECASE
)
IN_MINUTES = regex(
    r"\A(?P<n>(?:#|inc-?)?\d{1,9}) (?:(?:in|for) )?(?P<many>[1-9]\d{1,2})[\s.!]*\Z", re.IGNORECASE
)  # "12 in 45"
AT_AN_HOUR = regex(r"(?<= )at (?=\d{1,2}[\s.!]*\Z)", re.IGNORECASE)  # "12 at 3"
BEFORE_A_NUMBER = frozenset({*OF_A_NUMBER, "on", "for", "to", "about", "of", "the"})  # an incident's
BEGINNING = 60  # characters of a text that its number stands in
SHORTEST = 3  # letters of a word that may be misspelt
LONG_ENOUGH = 4  # letters of a word that one wrong letter does not make another word

Meant = tuple[str, str]  # a command's name, and what is put before the text behind it


class Reading(msgspec.Struct, frozen=True):
    """A command by Errbot's name, what is typed behind it, and what a misspelt word was taken for ("" for none)."""

    name: str
    text: str
    taken: str = ""

    @property
    def spoken(self) -> Spoken:
        """Return the command that is meant."""
        return SPOKEN[self.name]

    @property
    def offer(self) -> Offer:
        """Return the command as it is offered to somebody who is asked about it."""
        return Offer(self.name, self.text)


class Question(Offering, frozen=True):
    """What is answered where it is not sure what is meant: nothing was done.

    What `is_chat` may be said to anybody; what `gives_way` is asked where nothing else is understood.
    """

    is_chat: bool = False
    gives_way: bool = False


@cache
def groups() -> Mapping[Phrase, str]:
    """Return the group of commands that each of its names means."""
    return {tuple(name.split()): group for group, names in GROUPS.items() for name in names}


@cache
def alone() -> Mapping[Phrase, Meant]:
    """Return what each phrase means that needs no group."""
    return {tuple(words.split()): (one.name, put) for one in SPOKEN.values() for words, put in _split_all(one.alone)}


@cache
def words_alone() -> Mapping[str, Meant]:
    """Return what each word means that needs no group."""
    return {phrase[0]: meant for phrase, meant in alone().items() if len(phrase) == 1}


def longest_from(word: str) -> int:
    """Return how many words the longest phrase has that begins with `word` and means something; 0 where none does."""
    return _longest().get(word, 0)


@cache
def _longest() -> Mapping[str, int]:
    return {phrase[0]: len(phrase) for phrase in sorted(chain(alone(), groups()), key=len)}


@cache
def verbs(group: str) -> Mapping[str, Meant]:
    """Return what each verb behind the group's name means; a command's own word before those of others."""
    ones = [one for one in SPOKEN.values() if one.group == group]
    own = ((one.verb, (one.name, "")) for one in ones if one.verb)
    others = ((words, (one.name, put)) for one in ones for words, put in _split_all(one.verbs))
    return dict(reversed([*chain(own, others)]))


def verb(group: str, word: str) -> Meant | None:
    """Return what a verb means, also in the plural; None where it is none of the group's."""
    return verbs(group).get(word) or verbs(group).get(word.removesuffix("s"))


@cache
def bare(group: str) -> str:
    """Return the command that the group's name alone is."""
    return group if group in SPOKEN else next(name for name, one in SPOKEN.items() if one.group == group)


def split(written: str) -> Meant:
    """Return the two sides of "take|me"."""
    words, _, put = written.partition("|")
    return words, put


def reading(meant: Meant, text: str, taken: str = "") -> Reading:
    """Return the reading of a command; one that only reads is asked without a question mark."""
    name, put = meant
    rest = tidy(text.rstrip(" \t?!.")) if SPOKEN[name].risk is Risk.READS else text
    if name in WITH_TEXT or name == "incident_export":
        rest = from_its_number(rest)
    elif name == "shift_accept":
        rest = tidy(text)
    elif name in ("incident_open", "undo"):
        rest = titles.without_lead(tidy(text))
    elif name == "incident_snooze":
        rest = AT_AN_HOUR.sub("until ", IN_MINUTES.sub(r"\g<n> \g<many>m", rest))
    elif name in BY_ASKING:
        rest = ASKED.sub(_asked, text, count=1)
    if name in OF_ONE:
        rest = without_this(rest, is_text=name in WITH_TEXT)
    return Reading(name, f"{put} {rest}".strip() if put else rest, taken)


def _asked(found: re.Match[str]) -> str:
    """Return the number that a change is asked for, with the question mark that ends the line."""
    return found["n"] + "?" * (found.end() == len(found.string) and "?" in found[0])


def from_its_number(text: str) -> str:
    """Return a text from the incident's number on, where only small words stand before it: "on 12: two sites"."""
    if plainly(next(iter(text.split(maxsplit=1)), "")).replace("'", "") not in BEFORE_A_NUMBER:
        return text  # far sooner found than what the words are
    said = Sentence(text[:BEGINNING])
    words = list(takewhile(lambda piece: piece.number is None, said.pieces))
    is_led = 0 < len(words) < len(said.pieces) and all(one.words in BEFORE_A_NUMBER for one in words)
    return text[said.pieces[len(words)].start :] if is_led else text


def question(names: Iterable[str], rest: str) -> Question:
    """Return the question which of these commands was meant."""
    return _did_you_mean([Offer(name, rest) for name in dict.fromkeys(names)])


def update_or_note(text: str) -> Question:
    """Return the question whether a text is an incident's update or a note."""
    return question(("incident_update", "incident_note"), text)


def either(*ones: Reading) -> Question:
    """Return the question which of these commands was meant, each with its own text."""
    return _did_you_mean([meant.offer for meant in ones])


def careful(meant: Reading) -> Reading | Question:
    """Return the reading itself, or a question where it was misspelt and must not be done by mistake."""
    risk = meant.spoken.risk
    if not meant.taken or risk.is_done_misspelt:
        return meant
    return replace(_did_you_mean([meant.offer]), reason=risk.value)


def _did_you_mean(offers: Sequence[Offer]) -> Question:
    return Question(f"Did you mean {any_of(['{}'] * len(offers))}?", tuple(offers), LIKE_THAT)


def nearest(
    line: Line, at: int, words: Mapping[str, Meant], taken: str = "", *, behind_number: bool = False
) -> Reading | Question | None:
    """Return the command of `words` whose word is the word `at` but for one letter; a question where that is not sure.

    One of the desk's own words is sure where it has four letters and more, or where an incident's number stands behind
    it; any other where both are so. An ordinary word is never sure to be that of a change: "asked 12" is not "acked".
    """
    word, behind = line.word(at), at + 1
    spelt = near_words(word)
    longer = sorted([known for known in words if known in spelt] if spelt else (), key=len)
    near = {words[known]: known for known in longer if _fits(line, behind, words[known][0])}
    is_plural = behind >= len(line) and word.removesuffix("s") in words  # "acks" on its own is asked about
    is_other = is_word_of_sentences(word) and not is_plural
    if not near or (is_other and any(SPOKEN[name].risk is not Risk.READS for name, _ in near)):
        return None
    if len(near) > 1:
        return question([name for name, _ in near], line.behind(behind))
    ((meant, known),) = near.items()
    name, is_own = meant[0], known == SPOKEN[meant[0]].verb
    is_long = len(known) >= LONG_ENOUGH + behind_number
    is_meant = SPOKEN[name].risk is Risk.READS or word not in ORDINARY
    has_number = (behind_number or line.number(behind) is not None) and name != "incident_open"
    if name in WITH_TEXT and not has_number and len(line) > behind:
        return question([name], reading(meant, line.behind(behind)).text)
    if not (is_meant and ((is_own and is_long) or ((is_own or is_long) and has_number))):
        return question([name], reading(meant, line.behind(behind)).text)
    return careful(reading(meant, line.behind(behind), f"{taken} {SPOKEN[name].verb or known}".strip()))


def near_words(word: str) -> list[str]:
    """Return the words of commands that `word` is but for a letter: wrong, missing, too many, swapped with the next."""
    return [known for known in _words().near(word) if len(known) >= SHORTEST]


@cache
def _words() -> Spellings:
    """Return the words that stand alone, for a group or behind one."""
    of_groups = {name[0] for name in groups() if len(name) == 1}
    behind = (verbs(group) for group in {one.group for one in SPOKEN.values()})
    return Spellings(chain(of_groups, words_alone(), *behind))


def _fits(line: Line, at: int, name: str) -> bool:
    """Return whether what stands behind may belong to the command: "slow responses" shows no incident."""
    return name != "incident_show" or at >= len(line) or line.number(at) is not None


def _split_all(written: Iterable[str]) -> list[Meant]:
    return [split(one) for one in written]


def of_a_day(meant: Reading | Question | None) -> Reading | Question | None:
    """Return the reading without "on" or "for" before the days that it asks about."""
    if isinstance(meant, Reading) and meant.name in BY_DAY:
        text = _day_alone(meant.name, ON_A_DAY.sub("", meant.text))
        name, span = OF_SPANS.get((meant.name, text.casefold()), (meant.name, text))
        return replace(meant, name=name, text=span)
    return meant


def _day_alone(name: str, text: str) -> str:
    """Return the day that a text names, where all else in it says no more than the command: "this week's incidents"."""
    text = FOR_WHOM.sub("", text)
    said = Sentence(text) if name in OF_DAYS and len(text.split()) > 1 else None
    if not said or said.words & SCOPES or not all(_is_of_its_kind(piece, name) for piece in said.pieces):
        return text
    return said.day if said.day or name == "stats_chart" else text


def _is_of_its_kind(piece: Piece, name: str) -> bool:
    """Return whether a piece is a day, or a word for what a command shows anyway."""
    ideas = OF_DAYS[name]
    return bool(piece.day) or piece.is_filler or piece.words == "everything" or bool(piece.ideas & ideas)
