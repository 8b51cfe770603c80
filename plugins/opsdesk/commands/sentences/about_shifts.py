"""What a sentence means that is about turns on call: who works when, a day or hours that another is to take."""

import re

from opsdesk.commands.line import plainly
from opsdesk.commands.meanings import Question, Reading, careful
from opsdesk.commands.sentences.pieces import DAYS
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.vocabulary import SPOKEN
from opsdesk.commands.word_lists.lexicon import words_in
from opsdesk.patterns import regex
from opsdesk.text import DAY, TIME

SHORT_DAYS = "|".join(word for word in DAYS if word.startswith(("tom", "tmr", "tmw", "tonight")))
SOME_DAY = rf"(?i:(?<!\w)(?:(?:next|this)\s+(?={DAY}))?(?:{DAY}|{SHORT_DAYS})(?:['’]?s)?(?!\w))"
DAYS_OF = regex(rf"{SOME_DAY}(?:\s*(?:-|–|to|through|thru|until|till?)\s*{SOME_DAY})?")
HOUR = r"(?:\d{1,2}(?::?\d\d)?(?!\d)\s?(?:[ap]\.?m\.?|h(?![\w]))?|noon)"
OF_24 = regex(r"(\d{1,2})\s?h\Z", re.IGNORECASE)  # "15h"
HOURS = regex(rf"(?i:(?:from |between )?(?P<start>{HOUR})\s?(?:to|-|–|until|till?|and)\s?(?P<end>{HOUR})(?![\w/-]))")
FROM_NOW = regex(
    r"(?i:for (?:the next )?(?:an?|\d+|one|two|three|half an?|a couple(?: of)?)[\s-]?"
    rf"(?:hours?|hrs?|h|min(?:ute)?s?)(?!\w)|(?:until|till?) {TIME})"
)
PERSON = r"(?P<who>@?[a-z][\w.'’-]*|<@[uw][a-z0-9]+>)"
ASKED = (  # somebody, and what they are to do
    rf"\b(?:can|could|would|will|might|may|does|maybe) {PERSON} (?:please |pls |be able to )?"
    r"(?:take|cover|do|have|work|swap|trade|switch|fill|step|sub|make|handle|stand)\b",
    rf"\b(?:ask|get|have|need|want|let) {PERSON} (?:to )?(?:take|cover|do|work|swap|trade|switch|fill|step|sub|make)\b",
    rf"(?<![\w<@.'’-]){PERSON} (?:can|could|will|would|'ll|said (?:he|she|they)(?:'ll| will| can)|agreed to|"
    r"is going to|takes|covers|is taking|is covering) ?(?:take|cover|do|have|work|make|swap|trade)?\b",
    rf"\b(?:swap|trade|switch|exchange|override)\b.*?\b(?:with(?!\w)|w/|w(?!\w)) ?{PERSON}",
    rf"\b(?:give|hand|pass)\b.*?\bto {PERSON}",
    rf"\b(?:give|hand|pass) {PERSON} my\b",
    rf"(?<![\w<@.'’-]){PERSON} (?:and|n|&) (?:me|i|myself)\b",
    rf"\b(?:me|i|myself) (?:and|n|&|with) {PERSON}",
)
ASKED_OF = tuple(regex(rf"(?i:{one})") for one in ASKED)
NOBODY = words_in(
    "someone somebody anyone anybody you i we he she they who it this that the my a an me us one there people folks "
    "take cover shift please to not be with w"
)
COVERING = regex(
    r"\b(?:(?:need|want|looking for|find|find me) (?:someone|somebody|anyone|a sub|a stand-in)|"
    r"cover(?:ed|ing|age|s)?|tak(?:e|es|ing) (?:my|over|the)|swap|trad(?:e|ing)|switch(?:ing)?|fill(?:ing)? in|"
    r"step(?:ping)? in|sub(?:bing)? for|stand(?:ing)? in|exchange|override)\b",
    re.IGNORECASE,
)
ABSENT = regex(
    r"\b(?:i(?:['’]?m| am|['’]?ll be| will be)(?: \w+)? (?:out|off|away|sick|gone|unavailable|on leave|on pto|"
    r"on vacation|not (?:available|in|working|around))|"
    r"i (?:can['’]?t|cannot|won['’]?t|am unable to|could not) (?:do|work|make|be|come|cover|take)|"
    r"(?:i )?(?:have|need|got|must|want) (?:to )?(?:leave|step out|head out|take|be out|go|get)?[^,.]*\boff|"
    r"i (?:have|need|got|must|['’]?ve got) (?:to )?(?:leave|step out|head out|be out)|taking \w+ off|"
    r"afk|ooo|out of (?:office|pocket)|(?:gonna|going to) (?:be )?(?:away|out|off))\b",
    re.IGNORECASE,
)
OWN_SHIFT = regex(r"\bmy (?:shift|turn|duty|day)\b", re.IGNORECASE)
MINE = regex(r"\b(?:my|me|i|i['’]?m|im|mine|our)\b", re.IGNORECASE)
OF_ME = regex(r"(?:for )?(?:me|my|us)\b(?!.*\d ?[ap]m\b)", re.IGNORECASE)  # without half of a day
OTHERS = ("alert", "post", "handover", "undo", "watch", "if", "noise", "mute", "snooze", "who", "when", "what", "how")
TELLING = ("is", "are", "was", "were", "does", "did", "do")  # whether somebody works then
BARE = regex(r"\b(\d{1,2})(\d\d)\b")  # "430"
NOON = 12  # hours up to this one are of the afternoon, where neither half of the day is named


def about_a_shift(said: Sentence) -> Reading | Question | None:
    """Return what asks for the swap of a day or the cover of hours; both go out to others, so they are asked about."""
    text = said.text
    day, hours = DAYS_OF.search(text), HOURS.search(text) or FROM_NOW.search(text)
    if not _is_of_a_turn(said) or any(not _is_within(said.pieces[at].start, day, hours) for at in said.numbers):
        return None
    who = who_is_asked(text)
    if hours:
        return _asked("oncall_cover", " ".join(filter(None, (day[0] if day else "", hours_named(hours)))))
    if day:
        return _asked("oncall_swap", f"{who or '@somebody'} {day[0]}")
    return _asked("oncall_swap", f"{who} today") if who and OWN_SHIFT.search(text) else None


def _is_of_a_turn(said: Sentence) -> bool:
    """Return whether somebody cannot work, or another is to: not whether somebody does."""
    text, is_absent = said.text, ABSENT.search(said.text) is not None
    if not said.pieces or said.pieces[0].words in TELLING or said.has(*OTHERS) or (said.has("not") and not is_absent):
        return False
    is_covered = COVERING.search(text) is not None
    return is_absent or is_covered or (bool(who_is_asked(text)) and MINE.search(text) is not None)


def _is_within(at: int, *spans: re.Match[str] | None) -> bool:
    return any(found.start() <= at < found.end() for found in spans if found)


def reads_as_typed(meant: Reading) -> bool:
    """Return whether a command is followed by what it takes: not "swap friday with bob", not "cover me 5 to 6"."""
    return reads_as_swap(meant.text) if meant.name == "oncall_swap" else not OF_ME.match(meant.text)


def reads_as_swap(text: str) -> bool:
    """Return whether somebody stands before the day, as the command takes it: not "friday with bob"."""
    first = DAYS_OF.search(text)
    return first is None or bool(text[: first.start()].removeprefix("my ").strip())


def _asked(name: str, text: str) -> Reading | Question:
    return careful(Reading(name, text, SPOKEN[name].verb))


def who_is_asked(text: str) -> str:
    """Return who is asked, as it is typed, "" for nobody by name."""
    found = (match["who"].rstrip(".") for one in ASKED_OF for match in one.finditer(text))
    return next((name for name in found if plainly(name) not in NOBODY and not DAYS_OF.fullmatch(name)), "")


def hours_named(found: re.Match[str]) -> str:
    """Return the hours with the half of the day that the shift is in, where none is named: "4 to 5" is "4 to 5pm"."""
    parts = found.groupdict()
    if not parts:
        return found[0]
    start, end = parts["start"].strip(), parts["end"].strip()
    if OF_24.search(start) or OF_24.search(end):
        return " to ".join(OF_24.sub(r"\1:00", one) for one in (f"from {start}", end))
    start, end = (BARE.sub(r"\1:\2", one) for one in (start, end))
    half = "pm" if end[-1:].isdigit() and int(end.partition(":")[0]) <= NOON else ""
    is_like = not half and BARE.search(found[0]) is None and "between" not in found[0].casefold()
    return found[0].strip() if is_like else f"from {start} to {end}{half}"
