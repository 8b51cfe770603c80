"""Numbers in words, where they stand for an incident, an alert, a severity or an hour: "twelve is fixed"."""

import re

from opsdesk.commands.line import plainly
from opsdesk.commands.sentences.pieces import UNITS
from opsdesk.commands.word_lists.lexicon import FILLERS, ideas, words_in
from opsdesk.patterns import regex

TO_NINETEEN = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = {
    **{word: number for number, word in enumerate(TO_NINETEEN.split(), 1)},
    **{word: 10 * tens for tens, word in enumerate(TENS.split(), 2)},
}
UP_TO_NINE = TO_NINETEEN.split()[:9]
IN_WORDS = rf"(?:(?:{'|'.join(TENS.split())})[ -](?:{'|'.join(UP_TO_NINE)})|{'|'.join(NUMBERS)})"
CLOCK = rf"(?:{IN_WORDS}|quarter|half)(?: (?:to|past|before|after) {IN_WORDS}| o['’]?clock)"  # "about ten to one"
NUMBER = regex(
    rf"(?<!\w)(?P<clock>{CLOCK})(?!\w)|(?<![\w'’-])(?P<word>{IN_WORDS})(?P<is>['’]s)?(?![\w'’-])", re.IGNORECASE
)
NAMED = regex(
    rf"(?<![\w-])(?P<of>alert|sev|severity) (?:number )?(?P<word>{IN_WORDS})(?P<is>['’]s)?(?![\w-])", re.IGNORECASE
)
NAMING = words_in("alert alarm incident inc ticket number no sev severity priority til till until at by")
OF_MANY = words_in("the these those other last next past first all both any or half")  # before what is counted
BEING = regex(
    r"(?<![\w'’-])(?P<number>\d{1,4})['’]s(?!\w)|\A(?:(?:ugh|argh|ok|hey|yo|so),? )?(?P<bare>\d{1,3})s(?= [a-z])"
)
FOR = regex(r"(?<!\w)4(?= (?:me|us|you|him|her|them|the|my|a|an)(?!\w))", re.IGNORECASE)
ERROR_DIGITS = 3  # of 404 and 500
APART = (",", ":", ";", ".", "!", "?")  # behind a number that is said by itself


def in_digits(line: str) -> str:
    """Return a line with the numbers as digits that count nothing: not "two hours", not "the other two".

    "12's" is "12 is", and "4 me" no number.
    """
    return NUMBER.sub(_digits, BEING.sub(_being, FOR.sub("for", line)))


def _being(found: re.Match[str]) -> str:
    """Return "12 is" for "12's", and for "12s" at the beginning; "500s" are errors."""
    bare = found["bare"]
    if bare and bare.startswith(("4", "5")) and len(bare) == ERROR_DIGITS:
        return found[0]
    return f"{found[0].removesuffix('s').rstrip(chr(39) + '’')} is"


def named_in_digits(line: str) -> str:
    """Return a line with the number of an alert or a severity as digits: "alert two", "sev one"."""
    return NAMED.sub(lambda found: f"{found['of']} {_value(found['word'])}{' is' if found['is'] else ''}", line)


def _value(word: str) -> int:
    return sum(NUMBERS[part] for part in word.casefold().replace("-", " ").split())


def _digits(found: re.Match[str]) -> str:
    if found["clock"]:
        return found[0]
    number = _value(found["word"])
    before = plainly(next(iter(found.string[: found.start()].rsplit(maxsplit=1)[-1:]), ""))
    behind = found.string[found.end() :]
    following = plainly(next(iter(behind.split(maxsplit=1)), ""))
    is_named = before in NAMING and (before, number) != ("no", 1)  # "no one is answering"
    if following in UNITS or not (is_named or _is_number(number, before, behind, following)):
        return found[0]
    return f"{number} is" if found["is"] else f"{number}"


def _is_number(number: int, before: str, behind: str, following: str) -> bool:
    """Return whether a number stands where one of an incident does: at an end, or before what is said of it."""
    is_alone = not following or behind.startswith(APART) or behind.lstrip().startswith(("http", "->"))
    is_said_of = following in FILLERS or (following,) in ideas()
    return number > 1 and before not in OF_MANY and (is_alone or is_said_of)
