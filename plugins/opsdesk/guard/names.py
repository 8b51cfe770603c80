"""Names of patients: beside a word for a patient, under a key for a name, behind Mr. and Mrs."""

import re
from collections.abc import Iterator, Sequence

from opsdesk.guard.allowed import Allowed
from opsdesk.guard.beside import Screened
from opsdesk.guard.folding import Folded, places_of
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.naming import WORD, is_full, is_sure, is_written_as_one, name_at
from opsdesk.guard.words import is_common, listed, patients, wording
from opsdesk.patterns import regex

FIRST_WORD = regex(WORD)
MORE = regex(r",? (?:and|&|or) |, |/")
# What may stand between a word for a patient and the name.
LED_TO = regex(
    r"""(?:'s|\.)?(?:[*_]{0,2}\s?(?:[:=#(>→–-]|->|=>)[*_]{0,2}\s?|(?:\s(?:at|from|in|@)\s\w{2,12})?,\s|\s)["'*_]{0,2}
    (?:(?:(?:full|first|last|legal)\s)?
    (?:names?|named|called|is|was|i\.?e\.?|mr|mrs|ms|miss|mx|a|the|aka|by\ the\ name\ of|goes\ by)\b
    [ \t:=.–-]{1,6}["']?){0,3}(?:(?:for|of)\b\s)?""",
    re.VERBOSE | re.IGNORECASE,
)
SAID = regex(r"(?:names?|named|called|by the name of|goes by)(?:\s(?:is|was))?[\s:=.–-]{1,6}[\"']?\Z", re.IGNORECASE)
# Behind the name: "John Smith (veteran)", "John Smith, a veteran", "John Smith is a patient".
SAID_BEHIND = regex(r"(?:\s\((?:a |the |our )?|, (?:a|the|another|other) |\sis (?:a|the|our) |\s[-–] (?:a |the )?)\Z")
TITLE = regex(r"(?:(?:[Mm]rs?|M[sx]|MRS?|MS|ms)\. ?|(?:Mrs?|M[sx]|MRS|[Mm]iss|mrs) |mr (?=[a-z]))")
TITLES = ("mr", "ms", "miss", "mx")
WHOSE_NAME = regex(
    r"(?:first|last|middle|full|given|family|maiden|patient|veteran|claimant|caller|preferred|legal|nok|member"
    r"|beneficiary|\b[fl]|\bsur)[ _-]?\Z"
)
# Keys that are for a name where the text speaks of names, or of patients.
NAME_KEYS = ('"family', "'family", '"given', "'given", '"first"', '"last"', ".given=", ".family=")
PATIENT_KEYS = (
    *(
        '"patient"',
        "'patient'",
        "patient=",
        '"veteran"',
        "'veteran'",
        "veteran=",
        '"spouse"',
        '"caregiver"',
        '"caller"',
    ),
    *('"nextofkin"', '"emergencycontact"', '"beneficiary"', '"claimant"', '"next_of_kin"'),
)
# The beginning of a message to a patient, as logs repeat it: body="Hi MARGARET, …".
GREETINGS = ('"hi ', '"hello ', '"dear ', "'hi ", "'hello ", "'dear ")
# A name as HL7 and VistA write it, in a line about a patient: PID|1||…||DOE^JOHN^A.
CARETS = regex(r"(?<=\|)[^\W\d_][^\W\d_' -]{1,30}\^[^|\n]{1,60}")
# Four digits behind a name: the last of a Social Security number, with whom it is.
FOUR_BEHIND = Screened(
    regex(r"[ ,/(-][0-9][0-9][0-9][0-9]"),
    regex(r"(?<=[a-z]{2})[ ,/(-]{1,3}[0-9]{4}(?![0-9a-z])(?![-:/.][0-9])"),
)
KEY_LINK = regex(
    r"[\"'\\]{0,3}(?P<link>\s?(?:=>|=)[ \t]?|\s?:\s?|,\s|\sis\s"
    r"|\sof\s(?:the\s)?(?:(?:patient|veteran|vet|pt)\s(?:is|was)\s)?|\s)"
    r"(?P<open>(?:\[\s?)?\\{0,3}[\"']?)"
)
QUOTED = regex(r"(?:[^\"'\\\n{}\[\]]|(?<=[^\W\d_])'(?=[^\W\d_])){1,60}")
QUOTED_NAME = regex(r"[\"']name[\"']\s?(?:=>|:)\s?[\"'](?P<name>[^\"'\\]{3,60})")
OF_WHOM = regex(r"name (?:of (?:the |a |this )?(?:patient|veteran|vet|pt) )?(?:is |was )?|name's ")
# A line of a form: "Name: John Doe".
IN_FHIR = regex(r"<(?:family|given)\s+value=[\"'](?P<name>[^\"'<>]{2,40})")  # as FHIR has it
FORM = regex(r"(?:^|[\n*|;,(] ?)(?:full )?name(?: ?\((?:patient|veteran|vet|pt)\))? ?[:=]\*? ?")
FOR_WHOM = (" for ", " of ", "behalf of ", "checked in ", "checking in ")
WHAT_FOR = regex(r"(?:appointments?|appts?|check-?ins?|visits?|charts?|records?|claims?|profile|session|encounter)\Z")
NUMBERED = wording(
    "dob d.o.b ssn icn edipi dfn mrn birth born last",
    r"dob d\.o\.b ssns? icn edipi dfn mrn date_of_birth born last_4",
)
NUMBERED_LINK = regex(r"[,;:]?\s{0,2}[(\[]?\Z")
LETTERS = regex(r"[^\W\d_]+")
NOT_A_VALUE = listed("null nil none undefined redacted filtered unknown string test n/a true false")


def names(folded: Folded, allowed: Allowed) -> Iterator[Found]:
    """Return each name of a patient, but for those of the team."""
    told = patients(folded.lower)
    for start, end in _all(folded, told):
        if not allowed.has_name(folded.text[start:end].strip(".,")):
            yield Found(Kind.NAME, start, end)


def _all(folded: Folded, told: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in told:
        yield from _beside(folded.text, start, end)
    yield from _under_keys(folded, is_told=bool(told))
    yield from _addressed(folded)
    yield from _numbered(folded)
    if "pid|" in folded.lower:
        yield from (one.span() for one in CARETS.finditer(folded.lower))
    if "<family" in folded.lower or "<given" in folded.lower:
        yield from (one.span("name") for one in IN_FHIR.finditer(folded.lower))
    if "name" in folded.lower and (told or NUMBERED.hinted(folded.lower)):
        yield from _in_a_form(folded)


def _addressed(folded: Folded) -> Iterator[tuple[int, int]]:
    """Return the names behind Mr. and Mrs., behind "appointment for", and in messages to patients."""
    for title in TITLES:
        for at in places_of(title, folded.lower):
            yield from _titled(folded.text, at)
    for word in FOR_WHOM:
        for at in places_of(word, folded.lower):
            yield from _for_whom(folded, at, at + len(word))
    for greeting in GREETINGS:
        for at in places_of(greeting, folded.lower):
            yield from _greeted(folded, at, at + len(greeting))


def _numbered(folded: Folded) -> Iterator[tuple[int, int]]:
    """Return the whole names in front of a number that tells who it is."""
    for number in NUMBERED.of(folded):
        link = NUMBERED_LINK.search(folded.text[max(0, number.start() - 4) : number.start()])
        for start, end in _before(folded.text, number.start() - len(link[0] if link else ""), given=True):
            if "\n" not in folded.text[end : number.start()] or folded.text[start - 1 : start] in ("", "\n"):
                yield start, end
    for four in FOUR_BEHIND.finditer(folded.lower):
        yield from _before(folded.text, four.start(), given=True)


def _under_keys(folded: Folded, *, is_told: bool) -> Iterator[tuple[int, int]]:
    lower = folded.lower
    for at in places_of("name", lower):
        if WHOSE_NAME.search(lower[max(0, at - 12) : at]) and not lower[at + 4 : at + 5].isalpha():
            yield from _keyed(folded, at + 4, is_name=True)
    keys = (*(NAME_KEYS if is_told or "name" in lower or '"given' in lower else ()), *(PATIENT_KEYS if is_told else ()))
    for key in keys:
        for at in places_of(key, lower):
            yield from _keyed(folded, at + len(key.rstrip("\"'=")), is_name=False)


def _beside(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Return the name that stands behind a word for a patient, or in front of it."""
    lead = LED_TO.match(text, end)
    if lead:
        said = bool(SAID.search(lead[0]))
        found = name_at(text, lead.end(), said=said)
        is_loose = not said and (
            lead[0].endswith((", ", " for ", " of "))
            or "\n" in lead[0]
            or (text[end - 1] in "sS" and lead[0].isspace())
        )
        if found and (not is_loose or is_sure(text[lead.end() : found])):
            yield lead.end(), found
            yield from _more(text, found)
    behind = SAID_BEHIND.search(text[max(0, start - 16) : start])
    if behind and (text[end : end + 1] in "),.;:\n" or not text[end : end + 1] or behind[0].startswith((",", " is "))):
        yield from _before(text, start - len(behind[0]), given=False)


def _more(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Return the names that stand in a row behind one: those with a given name that is known."""
    while following := MORE.match(text, at):
        found = name_at(text, following.end())
        name = text[following.end() : found]
        if not found or not (is_sure(name) or (" " in name and not any(map(is_common, name.split())))):
            return
        yield following.end(), found
        at = found


def _before(text: str, end: int, *, given: bool) -> Iterator[tuple[int, int]]:
    """Return the name of two words or more that ends there; `given`: only with a given name that is known."""
    begin = max(0, end - 50)
    window = text[begin:end]
    for word in FIRST_WORD.finditer(window):
        name = window[word.start() :]
        is_one = name[0].isupper() and (is_full(name) or (not given and " " in name))
        if is_one and name_at(window, word.start()) == len(window):
            yield begin + word.start(), end
            return


def _titled(text: str, at: int) -> Iterator[tuple[int, int]]:
    title = TITLE.match(text, at)
    first = FIRST_WORD.match(text, title.end()) if title else None
    before = text[max(0, at - 3) : at].rstrip(" ")[-1:]
    if not title or not first or text[at - 1 : at].isalnum() or before.isdigit() or is_common(first[0]):
        return
    if not is_written_as_one(first[0]):
        return
    yield first.start(), name_at(text, first.start(), said=True) or first.end() - first[0].endswith(".")


def _for_whom(folded: Folded, at: int, end: int) -> Iterator[tuple[int, int]]:
    """Return the whole name behind "appointment for", "on behalf of" and their like."""
    if folded.lower[at] != " " or WHAT_FOR.search(folded.lower[max(0, at - 14) : at]):
        found = name_at(folded.text, end)
        if found and is_full(folded.text[end:found]):
            yield end, found


def _greeted(folded: Folded, at: int, start: int) -> Iterator[tuple[int, int]]:
    """Return the name in the beginning of a message that is the value of a key."""
    end = name_at(folded.text, start, said=True) if folded.lower[at - 1 : at] in ("=", ":", " ") else None
    if end and folded.text[end : end + 1] in ",!.":
        yield start, end


def _in_a_form(folded: Folded) -> Iterator[tuple[int, int]]:
    for pattern in (FORM, OF_WHOM):
        for form in pattern.finditer(folded.lower):
            end = name_at(folded.text, form.end(), said=True)
            name = folded.text[form.end() : end]
            if end and (is_full(name) if form[0] == "name " else " " in name):
                yield form.end(), end
    for quoted in QUOTED_NAME.finditer(folded.text):
        if name_at(quoted["name"], 0) == len(quoted["name"]):
            yield quoted.span("name")


def _quoted(value: re.Match[str], is_name: bool) -> Iterator[tuple[int, int]]:
    words = [word for word in LETTERS.findall(value[0]) if not is_common(word) and word.lower() not in NOT_A_VALUE]
    if words and (is_name or name_at(value[0], 0, said=True)):
        yield value.span()


def _keyed(folded: Folded, at: int, *, is_name: bool) -> Iterator[tuple[int, int]]:
    """Return the value of a key; `is_name`: of one that is for nothing but a name."""
    key = KEY_LINK.match(folded.lower, at)
    if not key:
        return
    value = QUOTED.match(folded.text, key.end()) if key["open"] else None
    if value:
        yield from _quoted(value, is_name)
        return
    link, first = key["link"].strip(), FIRST_WORD.match(folded.text, key.end())
    end = name_at(folded.text, key.end(), said=link not in ("", "of", ","))
    if end:
        yield key.end(), end
    elif first and link in (":", "=", "=>", "is") and is_name and _is_a_word(folded.text, first):
        yield first.span()


def _is_a_word(text: str, found: re.Match[str]) -> bool:
    """Return whether what stands for a name is a plain word, neither common nor a variable's name."""
    word, behind = found[0].rstrip("."), text[found.end() : found.end() + 1]
    is_known = is_common(word) or word.lower() in NOT_A_VALUE
    return is_written_as_one(word) and not is_known and behind not in ("_", "(", "[", ".")
