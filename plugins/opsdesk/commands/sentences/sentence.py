"""A sentence taken apart: the ideas of its words, the incident's number in it, its day, and how it is said."""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import msgspec

from opsdesk.commands.line import is_word, plainly
from opsdesk.commands.word_lists.lexicon import FILLERS, hints, ideas, longest_phrase
from opsdesk.patterns import regex
from opsdesk.text import TIME

MOST_PIECES = 24  # of a sentence that a request may stand behind
LONGEST = 500  # characters of a line that can be a sentence
NUMBER = regex(r"(?:#|inc-?)?(\d{1,9})", re.IGNORECASE)
SEVERITIES = "sev"  # the idea that is known by a digit, too
SEVERITY = regex(r"(?:sev(?:erity)?-?|p|prio)([1-5])s?")
ASKING = ("who", "what", "when", "where", "how", "how many", "how long", "why", "is")
ASKED_FOR = ("show me ", "give me ", "send me ", "tell me ", "get a ", "get the ", "show the ", "see the ")
SUBJECTS = ("it", "this", "that", "there", "these", "those")
INCIDENT = ("incident", "inc", "ticket")
BREAKS = (",", ";", ":", ".", "!", "?")
DASHES = ("-", "–", "—", "/")
OF_A_NUMBER = ("incident", "inc", "ticket", "issue", "problem", "number", "no", "nr", "num", "case")
NOT_OF_AN_INCIDENT = (  # before a number that is something else: error 500, site 688, next 4
    "who", "error", "http", "code", "site", "port", "version", "v", "last", "next", "status", "sev", "severity",
    "since", "til", "priority", "prio", "page", "past", "until", "till", "from",
    "jan", "feb", "mar", "apr", "may", "jun", "jul",
    "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
CALLING = ("call", "page", "ping", "ask", "text", "message")
THINGS = ("thing", "one", "same", "todo", "item", "items", "action", "followup", "follow-up")  # "the thing from 9"
LOOKING = (  # at an incident, not at an hour
    "are", "back", "eyes", "glance", "glancing", "is", "it", "look", "looked", "looking", "looks", "peek", "peeking",
    "staring", "we", "working",
)  # fmt: skip
UNITS = (
    "m", "min", "mins", "minutes", "minute", "h", "hr", "hrs", "hour", "hours", "am", "pm", "days", "day", "weeks",
    "oclock", "nxt", "next", "sites", "users", "more", "times", "people", "errors", "others", "tickets", "incidents",
    "alerts", "characters",
)  # fmt: skip
DAYS = {
    "today": "today", "tonight": "today", "yesterday": "yesterday", "yday": "yesterday", "yest": "yesterday",
    "tomorrow": "tomorrow", "tmrw": "tomorrow", "tmr": "tomorrow", "tomo": "tomorrow", "tmw": "tomorrow",
    "tday": "today", "tomoro": "tomorrow", "tomorow": "tomorrow", "tmrow": "tomorrow",
    "todays": "today", "yesterdays": "yesterday", "tonights": "today", "tomorrows": "tomorrow",
    "week": "week", "wk": "week", "month": "month", "weekly": "week", "monthly": "month",
}  # fmt: skip
WEEKDAY = regex(r"(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sun)(?:day)?(?:'?s)?")
OF_WEEKDAYS = frozenset({"mo", "tu", "we", "th", "fr", "sa", "su"})  # how a weekday begins
PARTS = ("morning", "afternoon", "evening", "night")
WHICH = ("this", "last", "next", "past", "previous")
SPANS = {"week": "week", "wk": "week", "weeks": "week", "month": "month", "months": "month", "night": "night"}
SAID_APART = {"lastnight": "yesterday", "previousweek": "last week", "pastweek": "week", "nextweek": "next week"}


class Piece(msgspec.Struct, frozen=True):
    """A word or phrase of a sentence: its ideas, where it stands, and whether a clause ends behind it."""

    words: str
    start: int
    end: int
    ideas: frozenset[str] = frozenset()
    number: int | None = None  # that an incident may have
    sev: str = ""
    day: str = ""
    breaks: bool = False
    mark: str = ""

    @property
    def is_filler(self) -> bool:
        """Return whether nothing would be missing without it."""
        return not self.number and all(word in FILLERS for word in self.words.split())

    @property
    def is_time(self) -> bool:
        """Return whether it is a time of day."""
        return re.fullmatch(TIME, self.words) is not None

    @property
    def is_content(self) -> bool:
        """Return whether it is text: neither filler, nor number, nor day."""
        return self.number is None and not self.sev and not self.day and not self.is_filler and is_word(self.words)


class Sentence:
    """A line of chat as pieces."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()

    @cached_property
    def pieces(self) -> list[Piece]:
        """Return the words and phrases in the order they stand."""
        words = [_word(found) for found in re.finditer(r"\S+", self.text)]
        return list(_joined(words))

    def has(self, *wanted: str) -> bool:
        """Return whether a piece stands for one of these ideas."""
        return self.may_have(*wanted) and not self.ideas.isdisjoint(wanted)

    def may_have(self, *wanted: str) -> bool:
        """Return whether a piece may stand for one of these ideas: False is sooner found than what the pieces are."""
        if "ideas" in vars(self) or not self.text.isascii() or SEVERITIES in wanted:
            return True
        bare = self.text.lower().replace("'", "")
        return any(hint in bare for idea in wanted for hint in hints(idea))

    @cached_property
    def ideas(self) -> frozenset[str]:
        """Return the ideas of all its pieces."""
        return frozenset[str]().union(*[piece.ideas for piece in self.pieces])

    def first(self, *wanted: str) -> int | None:
        """Return the place of the first piece that stands for one of these ideas."""
        return next((at for at, piece in enumerate(self.pieces) if piece.ideas.intersection(wanted)), None)

    def clause(self, at: int) -> range:
        """Return the places of the clause that the piece `at` stands in."""
        start = next((one + 1 for one in range(at - 1, -1, -1) if self.pieces[one].breaks), 0)
        end = next((one + 1 for one in range(at, len(self.pieces)) if self.pieces[one].breaks), len(self.pieces))
        return range(start, end)

    def has_beside(self, places: list[int], *wanted: str) -> bool:
        """Return whether one of these ideas stands in a clause of these places."""
        beside = {near for at in places for near in self.clause(at)}
        return any(self.pieces[at].ideas.intersection(wanted) for at in beside)

    @cached_property
    def numbers(self) -> list[int]:
        """Return the places of what may be incidents' numbers."""
        return [at for at, piece in enumerate(self.pieces) if piece.number is not None]

    @cached_property
    def day(self) -> str:
        """Return the day or days it speaks of, "" for none."""
        return next((piece.day for piece in self.pieces if piece.day), "")

    @cached_property
    def begins(self) -> Piece | None:
        """Return the first piece that is more than a greeting."""
        return next((one for one in self.pieces if one.ideas or not one.is_filler), None)

    @property
    def comes_first(self) -> bool:
        """Return whether it is said in a way that no command is typed in."""
        asked = self.is_question or self.text.casefold().startswith(ASKED_FOR)
        of_alert = self.first("alert") if self.numbers else None
        is_alert = of_alert is not None and (of_alert > 0 or self.numbers[0] == 1)
        told = is_alert or (self.has("post") and self.has("out", "skip"))
        called = bool(self.numbers) and self.pieces[0].words in CALLING and self.numbers[0] > 1
        return asked or told or called or self.has("handover")

    def is_unlike(self, other: "Sentence") -> bool:
        """Return whether it asks, denies or makes depend what the other does not."""
        doubts = [one.has("not", "if", "maybe") for one in (self, other)]
        is_denied = self.has("not") and not other.has("not")
        return (self.is_question and not other.is_question) or doubts == [True, False] or is_denied

    @property
    def names_a_subject(self) -> bool:
        """Return whether it speaks of an incident, of the hand-over or of undoing, and of nothing else by that."""
        return self.has("handover", "undo") or any(
            piece.words in ("incident", "inc", "ticket") for piece in self.pieces
        )

    @cached_property
    def is_request(self) -> bool:
        """Return whether somebody is asked to do something: "can you close 12?"."""
        start = 0  # of the clause
        for at, piece in enumerate(self.pieces):
            if "can" in piece.ideas and at - start < 4:
                return True
            start = at + 1 if piece.breaks else start
        return False

    @cached_property
    def is_question(self) -> bool:
        """Return whether it asks for something to be told."""
        if self.is_request:
            return False
        begins = self.begins
        if begins and any(piece.words in SUBJECTS for piece in self.pieces[: self.pieces.index(begins)]):
            return self.text.endswith("?")  # "this is fixed"
        return (begins is not None and not begins.ideas.isdisjoint(ASKING)) or self.text.endswith("?")

    def between(self, start: int, end: int) -> str:
        """Return the text of the pieces from `start` up to `end`, as typed, without what stands around it."""
        ones = self.pieces[start:end]
        return self.text[ones[0].start : ones[-1].end].strip(" \t\n,:;-–—.") if ones else ""

    def content(self, start: int, end: int) -> list[Piece]:
        """Return what is text among the pieces from `start` up to `end`: not "the incident" before a number."""
        of_numbers = {at - 1 for at in self.numbers if at and self.pieces[at - 1].ideas & {"incident", "alert"}}
        ones = enumerate(self.pieces[start:end], start)
        return [piece for at, piece in ones if piece.is_content and at not in of_numbers]

    def is_of_alert(self, at: int) -> bool:
        """Return whether an alert with its number is all that is named from the piece `at` on, but for a severity."""
        named = [piece for piece in self.pieces[at:] if not piece.is_filler]
        if len(named) < 2 or "alert" not in named[0].ideas or named[1].number is None:
            return False
        is_apart = any(piece.breaks for piece in self.pieces[at - 1 : self.pieces.index(named[0])])
        return not is_apart and all(_is_of_severity(piece) for piece in named[2:])

    def later_clauses(self) -> Iterator[str]:
        """Yield what stands behind the first clause, behind the second, and so on."""
        for piece, behind in pairwise(self.pieces[:MOST_PIECES]):
            if piece.breaks:
                yield self.text[behind.start :]

    def names(self) -> list[int]:
        """Return the places of the words that stand for no idea."""
        return [at for at, piece in enumerate(self.pieces) if piece.is_content and not piece.ideas]


def _is_of_severity(piece: Piece) -> bool:
    return bool(piece.sev) or piece.words.lstrip("-") in ("sev", "severity") or piece.words.isdigit()


def _word(found: re.Match[str]) -> Piece:
    plain = plainly(found[0]).replace("'", "")
    breaks = found[0].endswith(BREAKS) or found[0] in DASHES
    return Piece(plain, found.start(), found.end(), breaks=breaks, mark=found[0][:1])


def _joined(words: list[Piece]) -> Iterator[Piece]:
    """Yield the words, those of a phrase or a day as one piece."""
    at = 0
    while at < len(words):
        many, piece = _phrase(words, at)
        yield piece
        at += many


def _phrase(words: list[Piece], at: int) -> tuple[int, Piece]:
    first = words[at].words
    longest = max(longest_phrase(first), 2 if first in WHICH else 1)
    for many in range(min(longest, len(words) - at), 1, -1):
        ones = words[at : at + many]
        if any(one.breaks for one in ones[:-1]):
            continue
        said = [one.words for one in ones]
        meant, day = ideas().get(tuple(said), frozenset()), _day(said)
        if meant or day:
            return many, msgspec.structs.replace(_whole(ones, meant), day=day)
    meant, day = ideas().get((first,), frozenset()), _day([first])
    if meant or day:
        return 1, msgspec.structs.replace(_whole(words[at : at + 1], meant), day=day)
    return 1, _valued(words, at)


def _whole(ones: list[Piece], meant: frozenset[str]) -> Piece:
    words = " ".join(one.words for one in ones)
    return Piece(words, ones[0].start, ones[-1].end, meant, breaks=ones[-1].breaks)


def _day(words: list[str]) -> str:
    """Return the day or days that the words name, as the commands take them; "" for none."""
    if len(words) == 1:
        return DAYS.get(words[0]) or (words[0].removesuffix("s") if _is_weekday(words[0]) else "")
    if len(words) != 2 or words[0] not in WHICH:
        return ""
    if words[0] == "this" and words[1] in PARTS:
        return "today"
    which, what = words[0], SPANS.get(words[1].replace("'", "").removesuffix("s"), "")
    joined = f"{which} {what}" if what else ""
    if WEEKDAY.fullmatch(words[1]):
        joined = f"{which} {words[1]}" if which == "last" else words[1]
    return SAID_APART.get(joined.replace(" ", ""), joined)


def _is_weekday(word: str) -> bool:
    return word[:2] in OF_WEEKDAYS and WEEKDAY.fullmatch(word) is not None


def _valued(words: list[Piece], at: int) -> Piece:
    """Return a word with the number or severity that it is."""
    one = words[at]
    if not any(map(str.isdigit, one.words)):
        return one
    before = words[at - 1].words.lstrip("-") if at else ""
    behind = words[at + 1].words if at + 1 < len(words) else ""
    if sev := SEVERITY.fullmatch(one.words):
        return msgspec.structs.replace(one, sev=sev[1], ideas=frozenset({SEVERITIES}))
    found = NUMBER.fullmatch(one.words)
    if before == "from" and at > 1 and words[at - 2].words in OF_A_NUMBER + THINGS:
        before = ""
    is_hour = before in ("at", "@", "around") and at > 1 and words[at - 2].words not in LOOKING
    if not found or (one.mark != "#" and (is_hour or before in NOT_OF_AN_INCIDENT or behind in UNITS)):
        return one
    return msgspec.structs.replace(one, number=int(found[1]))
