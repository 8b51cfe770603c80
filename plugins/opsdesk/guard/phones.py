"""Telephone numbers that are not the team's own."""

import re
from collections.abc import Iterator

from opsdesk.guard.allowed import Allowed, digits_of
from opsdesk.guard.beside import Beside, Screened
from opsdesk.guard.folding import Folded
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.words import wording
from opsdesk.patterns import regex

END = r"(?![0-9])(?![-./:][0-9])"
# 202-555-0123 and (202) 555-0123: ten digits with signs, blanks or a line break between them.
TEN = Screened(
    regex(r"[-./ \n][0-9]{3}[-./ ]{0,3}\n?[0-9]{4}"),
    regex(
        r"[0-9](?<![0-9][0-9])(?<![02-9][-./][0-9])(?<![0-9]1[-./][0-9])[0-9]{2}([-./ ]{1,2}\n?| - |\n)"
        rf"[0-9]{{3}}([-./ ]{{0,3}}\n?)[0-9]{{4}}{END}"
    ),
)
BRACKETED = regex(rf"\((?<![0-9]\()[0-9]{{3}}\)[-./ \n]{{0,2}}[0-9]{{3}}[-./ \n]{{0,3}}[0-9]{{4}}{END}")
COUNTRY = regex(r"(?:\+|\b00)?(?<![0-9.])1[-./ (]{0,2}\Z")
EXTENSION = regex(r",? {0,2}(?:x|ext\.?|extension) ?[:.#]? ?[0-9]{1,6}(?![0-9a-z])")
ABROAD = regex(r"\+[0-9]{1,3}(?:[-./ ]{0,2}\(?[0-9]{1,4}\)?){2,7}(?![0-9])")  # +44 20 7946 0958
# 202 555 0123 might be three counts: with a unit behind, in a log of requests, in a longer row.
COUNTED = regex(r" ?(?:ms|s|secs?|seconds|bytes|kb|mb|%|errors|requests|hits|total|rows)(?!\w)|[ ,/]{1,2}[0-9]")
BEFORE_COUNTS = regex(
    r'(?:[0-9] |"|\b(?:http(?:/[0-9.]{1,3})?|status(?:es)?|counts?|was|were|took|got|p[0-9]{1,4}|codes?|ports?'
    r"|stations?|versions?|v|build|sites?|monitors?|get|post|put|patch|delete|latency)[:=]?) ?\Z"
)
WHOM = r"(?:_(?:him|her|them|me|us|patient|veteran|vet|pt))?"
PHONE = (
    r"(?:(?:home|work|cell|mobile|day|evening|contact|patient|veteran|primary|alt|alternate)_)?(?:tele)?phones?"
    r"(?:_(?:number|num|nbr|no)\b|_\#)? cell(?:_(?:phone|number|no\b|\#))? mob(?:ile)?(?:_(?:phone|number|no\b))?"
)
CALLS, CALL = (
    "ph cell mob call tel fax txt sms mms msisdn landline voice vm text reach dial opt",
    (
        rf"{PHONE} tel ph fax(?:ed)? sms mms msisdn landline voice_mail vm"
        rf" call(?:ed|ing|s|er_id)?(?:_backs?)?{WHOM}(?:_back)?(?:_(?:at|on))?"
        rf" txt(?:ed|s)?(?:{WHOM}|_msg)?(?:_(?:at|on|to))?"
        rf" text(?:ed|ing|s)?(?:{WHOM}|_message|_to)?(?:_(?:at|on|to))?"
        rf" reach(?:ed|able)?{WHOM}(?:_(?:at|on))?"
        rf" dial(?:ed|ing)? opt(?:ed)?_(?:in|out)(?:_(?:for|of))?"
    ),
)
# "2025550123" is a telephone number near such a word; a ticket's number is not.
OF_OTHERS = (
    *("ticket", "incident", "build", "case", "order", "serial", "job", "id", "issue", "monitor", "change", "request"),
    *("row", "port", "line", "version", "account", "event", "trace", "run", "record", "reference", "confirmation"),
    *("tracking", "error", "message", "session", "process", "item", "site", "station", "clinic"),
)
NUMBER = "n" + "".join(rf"(?<!{word}\x20n)" for word in OF_OTHERS) + "umbers?"
JOINED = Beside(
    Kind.PHONE,
    wording(
        f'{CALLS} number contact message sent deliver "to" "from"',
        rf"{CALL} {NUMBER} contact(?:ed)? (?:messages?|sent|(?:un)?delivered|delivery)_to"
        r" t(?<=\"t)o(?=\") f(?<=\"f)rom(?=\")",
    ),
    regex(
        r"[+1-9](?<![0-9][+1-9])(?:(?<=\+)1[2-9]|(?<=1)[2-9]|(?<=[2-9]))"
        rf"[0-9]{{2}}[-. \n]?[2-9][0-9]{{2}}[-. \n]?[0-9]{{4}}(?![0-9a-z]){END}"
    ),
    near=True,
    rare=True,
    before=regex(
        r"((?<![0-9])(?:\+?1)?[2-9][0-9]{2}[2-9][0-9]{6})[\"')]{0,2} ?(?:(?:is|was)\b|-|\()? ?"
        r"(?:(?:his|her|their|the|a|an|any|our|no|not|never|still|did|does|do|has|had|have|been|was|is|will|can|didn't|didnt"
        r"|doesn't|hasn't|isn't|wasn't|can't|won't|get|gets|got|getting|home|work"
        r"|receiv(?:e|ed|es|ing)(?: [a-z -]{0,30})?)\b ?){0,6}\Z"
    ),
)
CALLING, OF_PHONES = wording(CALLS, CALL), wording("phone cell mob", PHONE)
SEVEN_DIGITS = regex(rf"[2-9][0-9]{{2}}[-.][0-9]{{4}}(?![0-9a-z]){END}")
OTHERWISE = (
    Beside(Kind.PHONE, CALLING, SEVEN_DIGITS, rare=True),
    Beside(Kind.PHONE, OF_PHONES, SEVEN_DIGITS, near=True, rare=True),
    Beside(Kind.PHONE, OF_PHONES, regex(r"[2-9](?<=[:=\"'][2-9])[0-9]{6}(?![0-9a-z])"), rare=True),
    Beside(Kind.PHONE, OF_PHONES, regex(r"[0-9](?<=[\"'][0-9])[0-9]{9}(?=[\"'])"), rare=True),
)
DIALLED = Beside(
    Kind.PHONE, CALLING, regex(r"0(?:0|11)[-. ]?[0-9]{1,3}+(?:[-. ]?[0-9]{1,4}+){2,6}+(?![0-9])"), rare=True
)


TOLL_FREE = regex(
    r"\+?(?:1[-. ]?)?\(?8(?:00|33|44|55|66|77|88)[-. )]{0,2}[0-9]{3}[-. ]?[0-9]{4}(?![0-9])"
)  # nobody's own


def phones(folded: Folded, allowed: Allowed) -> Iterator[Found]:
    """Return each telephone number that nobody allows, with its extension."""
    for found in _all(folded):
        if not TOLL_FREE.match(folded.lower, found.start) and not allowed.has_number(
            folded.lower[found.start : found.end]
        ):
            extension = EXTENSION.match(folded.lower, found.end)
            yield Found(Kind.PHONE, found.start, extension.end() if extension else found.end)


def _all(folded: Folded) -> Iterator[Found]:
    yield from DIALLED.find(folded)
    if not folded.has_seven_together:
        return
    for ten in TEN.finditer(folded.lower):
        if _is_written(folded.lower, ten):
            yield _with_country(folded.lower, ten)
    for bracketed in BRACKETED.finditer(folded.lower):
        yield _with_country(folded.lower, bracketed)
    for abroad in ABROAD.finditer(folded.lower):
        if _can_be_called(abroad[0]):
            yield Found(Kind.PHONE, abroad.start(), abroad.end())
    for beside in (JOINED, *OTHERWISE):
        yield from beside.find(folded)


def _is_written(lower: str, ten: re.Match[str]) -> bool:
    """Return whether ten digits are written as a telephone number is, rather than as an address or counts are."""
    signs = {sign.strip() for sign in ten.groups()}
    if "-" in signs or (len(signs) > 1 and signs != {"/", ""}):
        return True
    area, exchange = ten[0][0], ten[0][3 + len(ten[1])]
    if area in "01" or exchange in "01" or "/" in signs:
        return False
    before = lower[max(0, ten.start() - 20) : ten.start()]
    is_row = COUNTED.match(lower, ten.end()) or (BEFORE_COUNTS.search(before) and not before.endswith("1 "))
    return "." in signs or not is_row


def _with_country(lower: str, found: re.Match[str]) -> Found:
    country = COUNTRY.search(lower[max(0, found.start() - 6) : found.start()])
    return Found(Kind.PHONE, found.start() - len(country[0]) if country else found.start(), found.end())


def _can_be_called(number: str) -> bool:
    """Return whether a number with a country's in front can be one of a telephone."""
    import phonenumbers  # only here: it takes a while to load

    try:
        read = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(read) and len(digits_of(number)) >= 9
