"""Lines read with a number in the place of the words for an incident, which their commands are given back."""

import re
from collections.abc import Sequence

from opsdesk.commands.by_subject.mentions import Mention
from opsdesk.commands.meanings import OF_ONE, WITH_TEXT, Question, Reading
from opsdesk.commands.reading import read
from opsdesk.commands.sentences.this import GOES_ON, without_this
from opsdesk.patterns import regex
from opsdesk.text import Offer

ONE, OTHER = "999999997", "999999998"  # what is said of them is read as what is said of numbered incidents
BREAK = regex(r"\s*[,:;]|\s+[-–—]\s")
BEING = regex(r"['’]s(?!\w)")
DASHES = ("- ", "– ", "— ")
LED_BY = ("in", "on", "for", "to", "about", "re", "regarding", "under", "at")  # an incident, before a text of it
LEADING = regex(r" (?:to|on|for|of|in|with) \Z", re.IGNORECASE)  # to an incident, behind what is kept of it
ON_IT = regex(rf"\s+(?:{GOES_ON}|(?:are|have|keep|do)(?!\w))", re.IGNORECASE)


def offers_of(meant: Reading | Question | None) -> Sequence[Offer]:
    """Return the commands that are meant, or asked about."""
    return meant.offers if isinstance(meant, Question) else [meant.offer] if meant else []


def offers(line: str, meant: Reading | Question | None, found: Mention) -> list[Offer]:
    """Return the commands of an incident that a line is with ONE in the place of the words for it.

    Where it is none then, that is what was `meant`, with ONE before its text.
    """
    if isinstance(meant, Reading) and meant.name in OF_ONE and _is_told(line, meant.text, found):
        return [Offer(meant.name, f"{ONE} {meant.text}")]
    ones = [one for offer in offers_of(_read(line, found)) if (one := _of_it(offer, line, found))]
    if not ones and isinstance(meant, Reading) and meant.name in OF_ONE:
        return [Offer(meant.name, f"{ONE} {meant.text}")]
    return ones


def _is_told(line: str, text: str, found: Mention) -> bool:
    """Return whether the words belong to a sentence of the text: "done, texts are back"."""
    is_within = line[found.start : found.end] in text and ON_IT.match(line, found.end) is not None
    return is_within and not found.is_named


def is_certain(line: str, found: Mention) -> bool:
    """Return whether a line would be done, and not asked about, with a number in the place of the words."""
    return isinstance(_read(line, found), Reading)


def _read(line: str, found: Mention) -> Reading | Question | None:
    behind = line[found.end :]
    behind = BEING.sub(" is", behind, count=1) if BEING.match(behind) else behind
    return read(f"{line[: found.start]}{ONE}{behind}")


def merged(line: str, one: Mention, two: Mention) -> tuple[bool, bool]:
    """Return whether a line merges two incidents that have numbers in it, and whether the second's stands first."""
    put = f"{line[: one.start]}{ONE}{line[one.end : two.start]}{OTHER}{line[two.end :]}"
    offers = [offer for offer in offers_of(read(put)) if offer.name == "incident_merge"]
    text = offers[0].text if offers else ""
    is_merge, is_after = ONE in text and OTHER in text, line[: one.start].casefold().endswith(" as ")
    return is_merge, is_merge and (is_after or text.index(OTHER) < text.index(ONE))


def numbered(offer: Offer, number: int, chosen_by: int = 0) -> Offer:
    """Return a command about the incident with this number in the place of ONE."""
    return Offer(offer.name, offer.text.replace(ONE, f"{number}"), chosen_by)


def unnumbered(offer: Offer) -> Offer:
    """Return a command without ONE."""
    return Offer(offer.name, " ".join(offer.text.replace(ONE, "").split()))


def _of_it(offer: Offer, line: str, found: Mention) -> Offer | None:
    """Return a command with ONE before its text, and that as it was typed; None where it is of no incident."""
    head, is_numbered, text = _parted(offer.text)
    is_of_one = offer.name in OF_ONE
    if offer.name not in ("incident", "incident_export", "incident_merge") and not is_of_one:
        return None
    if offer.name == "incident_merge" and not any(map(str.isdigit, head + text)):
        return None
    if offer.name in ("incident_link", "incident_action") and head and not text:
        return Offer(offer.name, f"{ONE} {LEADING.sub('', f'{head} ')}".strip())
    if not is_numbered or (head and head.casefold() not in LED_BY and offer.name in WITH_TEXT):
        return Offer(offer.name, f"{ONE} {_as_typed(offer.text, line, found)}".strip()) if is_of_one else None
    text = _as_typed(text, line, found)
    if offer.name in WITH_TEXT and "--" not in text:
        text = _whole(text, line, found)
    if is_of_one:
        text = without_this(text, is_text=offer.name in WITH_TEXT)
    if offer.name == "incident_assign":
        head, text = "", f"{_without_to(head)} {text}".strip()
    is_merge = offer.name == "incident_merge"
    return Offer(offer.name, " ".join(filter(None, (head if is_merge or "sev" in head else "", ONE, text))))


def _as_typed(text: str, line: str, found: Mention) -> str:
    """Return a text with the words for the incident where ONE stands."""
    words = line[found.start : found.end]
    if is_being := BEING.match(line, found.end):
        text = text.replace(f"{ONE} is", words + is_being[0])
    return text.replace(ONE, words)


def _parted(text: str) -> tuple[str, bool, str]:
    """Return what stands before ONE in a command's text, whether that does, and what stands behind it."""
    head, is_numbered, behind = text.partition(ONE)
    rest = behind.lstrip(" ,:;.").strip()
    return head.removesuffix("#").strip(), bool(is_numbered), rest[2:].lstrip() if rest[:2] in DASHES else rest


def _without_to(head: str) -> str:
    words = head.split()
    return " ".join(words[:-1] if words and words[-1].casefold() == "to" else words)


def _whole(text: str, line: str, found: Mention) -> str:
    """Return a text with the words for the incident, where they belong to its sentence: "vista is slow again"."""
    rest = line[found.end :]
    if rest.strip(" ,:;") != text or BREAK.match(rest):
        return text
    if found.is_named and found.start:
        return line[found.start :] if ON_IT.match(rest) else text
    return text if found.is_named else line[found.start :]
