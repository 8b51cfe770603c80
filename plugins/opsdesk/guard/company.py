"""What else is private because of what it stands with: whoever is named in a line that holds a patient's number."""

from collections.abc import Iterator, Sequence

from opsdesk.guard.allowed import Allowed
from opsdesk.guard.births import OLD_DATE
from opsdesk.guard.folding import Folded
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.naming import FIRST_WORD, is_full, name_at
from opsdesk.patterns import regex

TELLING = (Kind.SSN, Kind.ICN, Kind.EDIPI, Kind.DFN, Kind.MRN, Kind.BIRTH)
NAMED = regex(r"(?:^|[\s,;|{(])[\"']?name[\"']?(?: is|:|=>?)?\s?[\"']?")
SENDER = regex(r"[ \t]?<\Z")
MOST = 2_000  # letters of a line on either side


def company(folded: Folded, found: Sequence[Found], allowed: Allowed) -> Iterator[Found]:
    """Return the names, and the dates of long ago, in each line in which a number of a patient's was found, and the
    name in front of an e-mail address in angles.
    """
    done = 0
    for one in sorted(found, key=lambda one: one.start):
        if one.kind in TELLING and one.start >= done:
            start, done = _line(folded.text, one)
            yield from _names(folded, start, done, allowed)
            yield from (Found(Kind.BIRTH, *date.span()) for date in OLD_DATE.finditer(folded.lower, start, done))
        if one.kind is Kind.EMAIL:
            yield from _sender(folded.text, one.start)


def _line(text: str, found: Found) -> tuple[int, int]:
    start = text.rfind("\n", max(0, found.start - MOST), found.start) + 1 or max(0, found.start - MOST)
    end = text.find("\n", found.end, found.end + MOST)
    return start, min(len(text), found.end + MOST) if end < 0 else end


def _names(folded: Folded, start: int, end: int, allowed: Allowed) -> Iterator[Found]:
    """Return each whole name with a given name that is known, and whatever the line itself calls a name."""
    spans = [(at, name_at(folded.text, at, said=True)) for at in _called(folded.lower, start, end)]
    spans += [
        (word.start(), _whole(folded.text, word.start())) for word in FIRST_WORD.finditer(folded.text, start, end)
    ]
    for begin, stop in spans:
        if stop and stop <= end and not allowed.has_name(folded.text[begin:stop].strip(".,")):
            yield Found(Kind.NAME, begin, stop)


def _called(lower: str, start: int, end: int) -> list[int]:
    return [one.end() for one in NAMED.finditer(lower, start, end)] if "name" in lower else []


def _whole(text: str, at: int) -> int | None:
    end = name_at(text, at) if text[at].isupper() and not text[at - 1 : at].isalnum() else None
    return end if end and is_full(text[at:end]) else None


def _sender(text: str, at: int) -> Iterator[Found]:
    """Return the whole name in front of an address: "John Smith <john@example.org>"."""
    link = SENDER.search(text[max(0, at - 2) : at])
    stop = at - len(link[0]) if link else 0
    begin = max(0, stop - 60, text.rfind("\n", 0, stop) + 1)
    for word in FIRST_WORD.finditer(text, begin, stop):
        if _whole(text, word.start()) == stop:
            yield Found(Kind.NAME, word.start(), stop)
            return
