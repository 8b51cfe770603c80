"""All masks together: what is private in a text, and the text without it."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec

from opsdesk.guard import company, identifiers, streets
from opsdesk.guard.allowed import Allowed
from opsdesk.guard.births import births
from opsdesk.guard.emails import emails
from opsdesk.guard.folding import Folded, fold
from opsdesk.guard.kinds import Found, Kind
from opsdesk.guard.links import links
from opsdesk.guard.names import names
from opsdesk.guard.own import NOBODY
from opsdesk.guard.phones import phones
from opsdesk.guard.social import social
from opsdesk.guard.spoken import spoken
from opsdesk.guard.tokens import tokens
from opsdesk.guard.words import patients
from opsdesk.patterns import regex

PASSES = 4  # what is masked no longer stands between a word and a number: after as many nothing is found any more
# Names, and answers that are asked for again and again, are looked through once. Of them no more is kept than a digest:
# what goes out unmasked because some kinds were not looked for may well be private.
MOST_KEPT, LONGEST_KEPT = 1_000, 3_000
_harmless: set[tuple[bytes, Allowed, frozenset[Kind]]] = set()
ORDER = {kind: place for place, kind in enumerate(Kind)}


class Masked(msgspec.Struct, frozen=True):
    """A text without what was private in it, and the kinds of that, in the order in which Kind names them."""

    text: str
    kinds: tuple[Kind, ...] = ()


def mask(typed: str, allowed: Allowed = NOBODY, *, but: frozenset[Kind] = frozenset()) -> Masked:
    """Return `typed` with a label in the place of each piece of private data, `but` for some kinds."""
    known = (_digest(typed), allowed, but) if len(typed) <= LONGEST_KEPT else None
    if known in _harmless:
        return Masked(typed)
    text, kinds = typed, set[Kind]()
    for _ in range(PASSES):
        found = private(text, allowed, but)
        if not found:
            break
        text, kinds = _labelled(text, found), kinds | {one.kind for one in found}
    if known and not kinds:
        _keep(known)
    return Masked(text, tuple(sorted(kinds, key=ORDER.__getitem__)))


def _digest(typed: str) -> bytes:
    return hashlib.blake2b(typed.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _keep(harmless: tuple[bytes, Allowed, frozenset[Kind]]) -> None:
    if len(_harmless) >= MOST_KEPT:
        _harmless.clear()
    _harmless.add(harmless)


def private(typed: str, allowed: Allowed = NOBODY, but: frozenset[Kind] = frozenset()) -> list[Found]:
    """Return what is private in `typed`, in order, nothing over another."""
    searched = fold(typed)
    alone = list(_all(searched, allowed, but))
    together = company.company(searched, alone, allowed) if alone and Kind.NAME not in but else ()
    found = sorted(_whole_links(searched, chain(alone, together)), key=lambda one: (one.start, -one.end))
    patients.cache_clear()  # it keeps texts, private or not
    return [Found(one.kind, *searched.typed(one.start, one.end)) for one in _apart(found)]


def _all(searched: Folded, allowed: Allowed, but: frozenset[Kind]) -> Iterator[Found]:
    if searched.has_digits:
        yield from identifiers.identifiers(searched)
        yield from births(searched)
    if searched.has_four_digits:
        yield from social(searched)
        yield from phones(searched, allowed)
    yield from emails(searched, allowed)
    yield from spoken(searched)
    yield from links(searched)
    yield from tokens(searched)
    if Kind.NAME not in but:
        yield from names(searched, allowed)
    if searched.has_digits and Kind.ADDRESS not in but:
        yield from streets.streets(searched)


SLACK_LINK = regex(r"<(?:tel|mailto):[^<>\n]{1,300}>")


def _whole_links(searched: Folded, found: Iterable[Found]) -> Iterator[Found]:
    """Return the same, where it stands in what Slack makes a link of, with all of that."""
    around = [one.span() for one in SLACK_LINK.finditer(searched.lower)] if "<" in searched.lower else []
    for one in found:
        start, end = next((link for link in around if link[0] < one.start and one.end < link[1]), one[1:])
        yield Found(one.kind, start, end)


def _apart(found: list[Found]) -> Iterator[Found]:
    """Return the same with those that overlap made one, of the kind that counts more."""
    last: Found | None = None
    for one in found:
        if last and one.start < last.end:
            kind = min(last.kind, one.kind, key=ORDER.__getitem__)
            last = Found(kind, last.start, max(last.end, one.end))
        else:
            if last:
                yield last
            last = one
    if last:
        yield last


def _labelled(text: str, found: list[Found]) -> str:
    parts, at = [], 0
    for one in found:
        parts += [text[at : one.start], one.kind.label]
        at = one.end
    return "".join([*parts, text[at:]])
