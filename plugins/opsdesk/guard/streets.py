"""Street addresses of patients."""

import re
from collections.abc import Iterator

from opsdesk.guard.folding import Folded
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.words import is_common, is_near, listed, patients, wording
from opsdesk.patterns import regex

SURE = (
    "street|st|avenue|ave|boulevard|blvd|road|rd|lane|ln|terrace|ter|parkway|pkwy|highway|hwy|drive|dr|court|ct|circle"
    "|cir|trail|trl|pike|turnpike|expressway|freeway"
)
UNSURE = (
    "place|pl|way|loop|square|sq|alley|plaza|plz|crossing|xing|ridge|row|run|pass|path|point|bend|cove|glen|hollow"
    "|landing|broadway|walk"
)
SURE_STREETS = frozenset(SURE.split("|"))
DIRECTION = r"(?:ne|nw|se|sw|n|s|e|w|northeast|northwest|southeast|southwest|north|south|east|west)\b\.?"
STREET = regex(
    r"[0-9](?<![0-9.:#$/-][0-9])(?<![a-z0-9_][0-9])[0-9]{0,5}(?:-[0-9]{1,4}|[a-z]| 1/2)?,? {1,2}"
    rf"(?:{DIRECTION} )?(?P<name>(?:[^\W_][\w'.-]{{0,19}} ){{1,4}}?)(?P<street>{SURE}|(?:{UNSURE}) (?:{SURE})|{UNSURE})"
    r"\b\.?"
    rf"(?: {DIRECTION}(?= ?[,\n\"';)]|\Z))?"
)
ROUTE = regex(
    rf"[0-9](?<![0-9.:#$/-][0-9])[0-9]{{0,5}} (?:{DIRECTION} )?(?:state |county |us |u\.s\. |rural )?"
    r"(?:route|road|rd|highway|hwy|rte) [0-9]{1,4}[a-z]?\b"
)
BOX = regex(r"(?:p\.? ?o\.? ?box \#?[0-9]{1,6}|(?:rr ?[0-9]{1,3}|hc ?[0-9]{1,3}|psc [0-9]{1,5}),? box [0-9]{1,6})\b")
STATES = (
    "al|ak|az|ar|ca|co|ct|de|dc|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|pa"
    "|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|pr|ap|ae|aa|ohio|texas|florida|california|virginia|georgia|illinois|michigan"
    "|pennsylvania|new york|north carolina|arizona|oregon|washington|missouri|maryland|indiana|tennessee|alabama"
)
ZIP = r"[0-9]{5}(?:-[0-9]{4})?(?![0-9])"
IN_STATE = regex(rf"\b(?:{STATES})\b\.?,? {{1,2}}{ZIP}")
ZIP_BEHIND = regex(r"[0-9]{5}(?<=[a-z., ] [0-9]{5})(?![0-9])")
UNIT = regex(
    r"[ ,\n]{0,3}(?:(?:apt|apartment|unit|suite|ste|lot|bldg|floor|fl|rm|room|no)\b\.? ?|\#\s?)\#? ?"
    r"(?:[a-z]-?[0-9]{0,4}|[0-9]{1,5}-?[a-z]?)(?!\w)"
)
TOWN = r"(?:[^\W\d_][\w'.-]{1,19},? ){1,3}"
CITY = regex(rf"[ ,\n]{{1,3}}{TOWN} ?(?:{STATES})\b\.?(?:,? {{1,2}}{ZIP})?|[ ,\n]{{1,3}}(?:{TOWN})?{ZIP}")
NAMED_CITY = regex(r", [A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})?(?=[,.;)\n]|\Z| (?:[A-Z]{2}\b))")
AT_HOME = wording(
    "addr liv resid stay moved house home located mail send sent ship mile travel driv drove dist picked",
    r"(?:(?:home|mailing|street|residential|current|new|old|shipping|physical)_)?addr(?:ess(?:es)?)?(?:_on_file)?"
    r"(?:_(?:is|was|to|of|shows?(?:_as)?|says))?"
    r" (?:lives?|living|resid(?:es?|ing)|stay(?:s|ing)|moved|house_is|home_is|located)_(?:at|on|to|from|in|over_at)"
    r" (?:mileage|miles|travel(?:s|ed|led|ing)?|dr(?:ives?|iving|ove)|distance|picked_up)_(?:from|at)"
    r" (?:shipped|mail(?:ed|s)?|send|sent)(?:_\w{1,10}){0,3}_to",
)
JOINT = regex(r"[\s:=\"'(>,-]{0,4}\Z")
KEY = wording(
    "addr street",
    r"(?:(?:street|mailing|residential|home|physical|patient|veteran)_)?addr(?:ess)?(?:_line)?_[123]?"
    r" s(?<=[\"']s)treet_[1-3]? l(?<=[\"']l)ine_[1-3]? s(?<=[\"']s)treet",
)
KEY_LINK = regex(r"[\"'\\]{1,3}\s?(?:=>|:|=)\s?\\{0,3}[\"']")
BEGINS_WITH_A_NUMBER = regex(r"\s*(?:[0-9]|apt|unit|suite|ste|\#|p\.? ?o|rr ?[0-9]|hc ?[0-9]|psc)\S* +\S")
IN_HL7 = regex(r"(?<=\|)[0-9]{1,6} [^|^\n]{3,60}\^[^|\n]{0,100}")  # |1425 N MAPLE ST^^CHEYENNE^WY^82001|
ZIP_KEY = regex(rf"[\"'](?:zip|postal)[_ ]?(?:code)?[\"']\s?(?:=>|:)\s?[\"']?(?P<zip>{ZIP})")
VALUE = regex(r"[^\"'\\\n{}]{3,100}")
BEFORE, BEHIND = 160, 80  # letters within which a word for a patient, or for where somebody lives, counts
JOINING = listed(
    "in at on of the a to for and or with from by is are was were per times attempts errors minutes hours seconds ms"
)
NAMES_OF_STREETS = listed(
    "main first second third fourth fifth park oak church high center north south east west lake hill old new river "
    "spring school college market front court mill union state county green long valley view forest cherry"
)


def streets(folded: Folded) -> Iterator[Found]:
    """Return each street address that stands beside a word for a patient, or for where somebody lives."""
    lower = folded.lower
    keyed = [found for key in KEY.found(lower) for found in _keyed(lower, key.end())]
    yield from keyed
    if keyed:
        yield from (Found(Kind.ADDRESS, *one.span("zip")) for one in ZIP_KEY.finditer(lower))
    if "pid|" in lower:
        yield from (Found(Kind.ADDRESS, *one.span()) for one in IN_HL7.finditer(lower))
    homes = sorted([*patients(lower), *(one.span() for one in AT_HOME.of(folded))])
    if not homes and not ZIP_BEHIND.search(lower):
        return
    for pattern in (BOX, ROUTE):
        for one in pattern.finditer(lower):
            if _is_a_home(lower, homes, one):
                yield Found(Kind.ADDRESS, one.start(), _end(folded, one.end()))
    for street in STREET.finditer(lower):
        yield from _at(folded, street, homes)


def _at(folded: Folded, street: re.Match[str], homes: list[tuple[int, int]]) -> Iterator[Found]:
    end = _end(folded, street.end())
    at_home = _is_a_home(folded.lower, homes, street)
    if _is_street(folded, street) and (at_home or IN_STATE.search(folded.lower, street.end(), end)):
        yield Found(Kind.ADDRESS, street.start(), end)


def _is_a_home(lower: str, homes: list[tuple[int, int]], found: re.Match[str]) -> bool:
    """Return whether a word for a patient, or for where somebody lives, stands in the same line."""
    start, end = found.span()
    before = min(BEFORE, start - lower.rfind("\n", 0, start) - 1)
    line_end = lower.find("\n", end)
    return is_near(homes, start, end, before, BEHIND if line_end < 0 else min(BEHIND, line_end - end))


def _keyed(lower: str, at: int) -> Iterator[Found]:
    link = KEY_LINK.match(lower, at)
    value = VALUE.match(lower, link.end()) if link else None
    if value and (BEGINS_WITH_A_NUMBER.match(value[0]) or STREET.search(value[0])):
        yield Found(Kind.ADDRESS, value.start(), value.end())


def _is_street(folded: Folded, street: re.Match[str]) -> bool:
    """Return whether a number, some words and "street" are an address: no words that make something else of it."""
    names = folded.text[slice(*street.span("name"))].split()
    before = folded.lower[max(0, street.start() - 60) : street.start()]
    if any(JOINT.match(before, home.end()) for home in AT_HOME.found(before)):
        return True
    is_sure = street["street"] in SURE_STREETS
    first_letters = [folded.text[street.start("street")], *(name[0] for name in names if not name[0].isdigit())]
    if all(letter.isupper() for letter in first_letters):
        return is_sure or not is_common(names[0])
    return is_sure and all(letter.islower() for letter in first_letters) and not any(map(_is_joining, names))


def _is_joining(name: str) -> bool:
    bare = name.lower()
    return bare in JOINING or (is_common(bare) and bare not in NAMES_OF_STREETS)


def _end(folded: Folded, at: int) -> int:
    """Return where the address ends: behind the flat, the city, the state and its number."""
    unit = UNIT.match(folded.lower, at)
    at = unit.end() if unit else at
    city = CITY.match(folded.lower, at) or NAMED_CITY.match(folded.text, at)
    return city.end() if city else at
