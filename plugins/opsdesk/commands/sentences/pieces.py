"""The words and phrases of a sentence: the ideas each stands for, an incident's number, a severity, a day."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from opsdesk.commands.line import is_word, plainly
from opsdesk.commands.word_lists.hurried import WRITTEN
from opsdesk.commands.word_lists.lexicon import FILLERS, ideas, longest_phrase, words_in
from opsdesk.patterns import regex
from opsdesk.text import TIME

NUMBER = regex(r"(?:#|inc-?)?(\d{1,9})", re.IGNORECASE)
SEVERITIES = "sev"  # the idea that is known by a digit, too
SEVERITY = regex(r"(?:sev(?:erity)?-?|p|prio)([1-5])s?")
BREAKING = ",;:.!?"
BREAKS = tuple(BREAKING)
MENTION = regex(r"<@[UW][A-Z0-9]+(?:\|[^<>\s]*)?>|@[^\W\d][\w.-]*")  # of somebody, as Slack writes it or people do
DASHES = ("-", "–", "—", "/")
OF_A_NUMBER = ("incident", "inc", "ticket", "issue", "problem", "number", "no", "nr", "num", "case")
NOT_OF_AN_INCIDENT = (  # before a number that is something else: error 500, site 688, next 4
    "who", "error", "http", "code", "site", "port", "version", "v", "last", "next", "status", "sev", "severity",
    "since", "til", "priority", "prio", "page", "past", "until", "till", "from",
    "jan", "feb", "mar", "apr", "may", "jun", "jul",
    "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
THINGS = ("thing", "one", "same", "todo", "item", "items", "action", "followup", "follow-up")  # "the thing from 9"
LOOKING = (  # at an incident, not at an hour
    "are", "back", "eyes", "glance", "glancing", "is", "it", "look", "looked", "looking", "looks", "peek", "peeking",
    "staring", "we", "working",
)  # fmt: skip
REMINDING = words_in(
    "remind reminding reminder remindme poke poking nag nagging wake nudge nudging sleep snooze ping bug bugging buzz "
    "quiet hush alone"
)
GRADING = words_in("bump raise lower drop make set upgrade downgrade push move change put bring take")  # a severity
RETURNING = words_in("back brb there ready free home online away afk here")  # "back in 30"
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
VERBS_AND_NAMES = ("mark",)
LONGEST_PHRASE = 8  # words, with what stands behind it
MOST_BEFORE = 250  # words that are looked through before one: no sentence has more
BEFORE_SOMEBODY = words_in("give have let get ask page call ping need want bring pull tell")
BEHIND_SOMEBODY = words_in("has is was will can said says and on for about from")
DOING, NO_IDEAS = frozenset({"take", "ack"}), frozenset[str]()
TIME_OF_DAY = regex(TIME)
WEEKDAY = regex(r"(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?(?:'?s)?")
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
        return TIME_OF_DAY.fullmatch(self.words) is not None

    @property
    def is_content(self) -> bool:
        """Return whether it is text: neither filler, nor number, nor day."""
        return self.number is None and not self.sev and not self.day and not self.is_filler and is_word(self.words)


def first_of(text: str, many: int) -> list[Piece]:
    """Return as many of the words and phrases that a sentence begins with, sooner than all of them."""
    words = [_word(found) for found in islice(re.finditer(r"\S+", text), many * LONGEST_PHRASE)]
    ones = list(islice(_joined(words), many))
    return pieces_of(text)[:many] if any(one.words in VERBS_AND_NAMES for one in ones) else ones


def pieces_of(text: str) -> list[Piece]:
    """Return the words and phrases of a sentence in the order they stand."""
    words = [_word(found) for found in re.finditer(r"\S+", text)]
    ones = list(_joined(words))
    if not any(one.words in VERBS_AND_NAMES for one in ones):
        return ones
    return [msgspec.structs.replace(one, ideas=NO_IDEAS) if _is_name(ones, at) else one for at, one in enumerate(ones)]


def _is_name(ones: list[Piece], at: int) -> bool:
    """Return whether a word is somebody's name, which is a verb as well: "mark has 12", "ask mark", not "mark 12"."""
    if ones[at].words not in VERBS_AND_NAMES:
        return False
    if ones[at].breaks or at + 1 == len(ones) or (at and ones[at - 1].words in BEFORE_SOMEBODY):
        return True
    behind = ones[at + 1]
    return behind.words.partition(" ")[0] in BEHIND_SOMEBODY or (
        bool(behind.ideas & DOING) and not behind.words.endswith("ed")
    )


def _word(found: re.Match[str]) -> Piece:
    typed, (start, end) = found[0], found.span()
    if "@" in typed and MENTION.fullmatch(bare := typed.rstrip(BREAKING)):
        return Piece(bare, start, end, breaks=typed != bare, mark="@")
    plain = plainly(typed).replace("'", "")
    breaks = typed.endswith(BREAKS) or typed in DASHES
    return Piece(WRITTEN.get(plain, plain), start, end, breaks=breaks, mark=typed[:1])


def _joined(words: list[Piece]) -> Iterator[Piece]:
    """Yield the words, those of a phrase or a day as one piece."""
    known, at = ideas(), 0
    while at < len(words):
        longest = _longest(words, at)
        phrase = _phrase(words, at, longest, known) if longest > 1 else None
        many, piece = phrase or (1, _alone(words, at, known))
        yield piece
        at += many


def _longest(words: list[Piece], at: int) -> int:
    """Return of how many words the phrase or day is at most that begins there: a clause ends in none."""
    first = words[at].words
    longest = longest_phrase(first)
    if longest <= 1:
        if first not in WHICH:
            return 1
        longest = 2
    longest = min(longest, len(words) - at)
    return next((many for many in range(1, longest) if words[at + many - 1].breaks), longest)


def _phrase(
    words: list[Piece], at: int, longest: int, known: Mapping[tuple[str, ...], frozenset[str]]
) -> tuple[int, Piece] | None:
    """Return the longest phrase or day of two words or more that begins there, and of how many it is."""
    said = [one.words for one in words[at : at + longest]]
    for many in range(longest, 1, -1):
        meant, day = known.get(tuple(said[:many]), NO_IDEAS), _day(said[:many]) if said[0] in WHICH else ""
        if meant or day:
            return many, _whole(words[at : at + many], meant, day)
    return None


def _alone(words: list[Piece], at: int, known: Mapping[tuple[str, ...], frozenset[str]]) -> Piece:
    """Return a word with its ideas, its day, or the number or severity that it is."""
    one = words[at]
    meant, day = known.get((one.words,), NO_IDEAS), _day_of(one.words)
    return _whole(words[at : at + 1], meant, day) if meant or day else _valued(words, at)


def _whole(ones: list[Piece], meant: frozenset[str], day: str) -> Piece:
    words = " ".join([one.words for one in ones])
    return Piece(words, ones[0].start, ones[-1].end, meant, day=day, breaks=ones[-1].breaks)


def _day_of(word: str) -> str:
    """Return the day or days that a word names, as the commands take them; "" for none."""
    is_weekday = word[:2] in OF_WEEKDAYS and WEEKDAY.fullmatch(word)
    return DAYS.get(word) or (word.removesuffix("s") if is_weekday else "")


def _day(words: list[str]) -> str:
    """Return the day or days that two words name, as the commands take them; "" for none."""
    if len(words) != 2 or words[0] not in WHICH:
        return ""
    if words[0] == "this" and words[1] in PARTS:
        return "today"
    which, what = words[0], SPANS.get(words[1].replace("'", "").removesuffix("s"), "")
    joined = f"{which} {what}" if what else ""
    if WEEKDAY.fullmatch(words[1]):
        joined = f"{which} {words[1]}" if which == "last" else words[1]
    return SAID_APART.get(joined.replace(" ", ""), joined)


def _is_graded(before: list[Piece]) -> bool:
    """Return whether it is said of what has no number that its severity changes: "bump it to", "make this a"."""
    said = [one.words for one in before]
    at = next((at for at, word in enumerate(said) if word in GRADING), None)
    return at is not None and said[at + 1 : at + 2] in (["it"], ["this"], ["that"]) and not any(map(str.isdigit, said))


def _valued(words: list[Piece], at: int) -> Piece:
    """Return a word with the number or severity that it is."""
    one = words[at]
    if one.words.isalpha() or not any(map(str.isdigit, one.words)):
        return one
    before = words[at - 1].words.lstrip("-") if at else ""
    behind = words[at + 1].words if at + 1 < len(words) else ""
    if sev := SEVERITY.fullmatch(one.words):
        return msgspec.structs.replace(one, sev=sev[1], ideas=frozenset({SEVERITIES}))
    lead = words[:at] if before in ("to", "a", "in") and one.mark != "#" and at <= MOST_BEFORE else []
    if before != "in" and one.words in "12345" and _is_graded(lead):
        return msgspec.structs.replace(one, sev=one.words, ideas=frozenset({SEVERITIES}))
    found = NUMBER.fullmatch(one.words)
    if before == "from" and at > 1 and words[at - 2].words in OF_A_NUMBER + THINGS:
        before = ""
    is_back = at > 1 and words[at - 2].words in RETURNING
    if before == "in" and one.mark != "#" and (is_back or any(word.words in REMINDING for word in lead)):
        return one
    is_hour = before in ("at", "@", "around", "by") and at > 1 and words[at - 2].words not in LOOKING
    if not found or (one.mark != "#" and (is_hour or before in NOT_OF_AN_INCIDENT or behind in UNITS)):
        return one
    return msgspec.structs.replace(one, number=int(found[1]))
