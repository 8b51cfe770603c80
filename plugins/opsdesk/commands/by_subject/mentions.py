"""Where a line names an open incident without its number: "the texts one", "vista" or "the other one"."""

import re
from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from opsdesk.commands.put_right.slips import is_command_word
from opsdesk.commands.word_lists.lexicon import FILLERS, is_word_of_sentences
from opsdesk.incidents import NOUNS, OpenSubjects
from opsdesk.patterns import regex
from opsdesk.text import is_day

LONGEST = 500  # characters of a line that names one
MOST_WORDS = 40
MOST_OF_A_KEYWORD = 4  # words
WORD = regex(r"[^\W_]+(?:['’/-][^\W_]+)*")
NO_SUBJECT = regex(  # options, links, people, code
    r"(?:--|[—–] ?)\w{1,20}[\s=:]{1,5}\S+|[a-z]{1,10}://\S+|<[^<>]{1,200}>|@\S+|`[^`]{1,200}`", re.IGNORECASE
)
OWNING = regex(r"['’]s\Z")
ARTICLES, ANY = ("the", "that", "this", "our", "my", "your"), ("an", "a", "any", "another", "no")
ABSTRACT = NOUNS - {"one"}  # of which something is said behind "about": "the incident about texts"
ABOUT = ("about", "with", "on", "for", "of", "in", "at")
ORDINARY = r"(?:incident|inc|one|ticket|issue|problem)"
OTHER = regex(rf"(?<!\w)the other (?:open )?{ORDINARY}(?!\w)", re.IGNORECASE)
LATEST = regex(
    rf"(?<!\w)(?:(?:the|our) )?(?:very )?(?:latest|newest|last|most recent) (?:open )?{ORDINARY}(?!\w)"
    r"|\A(?:the )?newest(?=[\s?!.]*\Z)",
    re.IGNORECASE,
)


class Mention(msgspec.Struct, frozen=True):
    """Where a line speaks of an open incident, and which ones that may be.

    `is_named` is whether it is spoken of as an incident: "the texts one", and not "texts" alone; `is_sure` whether its
    own words do that, and not its place among others; `is_subsystem` whether they are but the name of a subsystem.
    """

    start: int
    end: int
    numbers: frozenset[int]
    is_named: bool
    is_sure: bool = True
    is_subsystem: bool = False


def mentions(line: str, known: OpenSubjects) -> list[Mention]:
    """Return where a line names open incidents by what they are about, in the order they stand.

    Where it names none, a word may have a letter wrong, if it is spoken of as an incident: "the vsita one".
    """
    if len(line) > LONGEST or not known.by_number:
        return []
    words = _words(line)
    if found := list(_runs(line, _pointing(line, words, known), known)):
        return found
    if not any(one.plain in NOUNS for one in words):
        return []
    near = [replace(one, numbers=known.nearly(one.plain)) if not _is_ordinary(one.plain) else one for one in words]
    return [one for one in _runs(line, near, known) if one.is_named]


def other(line: str, known: OpenSubjects, here: int | None, own: int | None) -> Mention | None:
    """Return "the other one": the open ones but that of the thread, `here`, or else the person's `own` last."""
    found = OTHER.search(line)
    others = frozenset(known.by_number) - {here if here in known.by_number else own}
    return Mention(*found.span(), others, is_named=True, is_sure=False) if found and others else None


def latest(line: str, number: int | None) -> Mention | None:
    """Return "the latest one", which has this number; None where a line speaks of none."""
    found = LATEST.search(line)
    return Mention(*found.span(), frozenset({number}), is_named=True, is_sure=False) if found and number else None


class _Word(msgspec.Struct, frozen=True):
    """A word of a line, plainly, and the incidents that it points to."""

    start: int
    end: int
    plain: str
    numbers: frozenset[int] = frozenset()


def _words(line: str) -> list[_Word]:
    """Return the words of the first line that may be about something."""
    bare = NO_SUBJECT.sub(lambda found: " " * len(found[0]), line.partition("\n")[0])
    return [_word(found) for found in WORD.finditer(bare)][:MOST_WORDS]


def _pointing(line: str, ones: Sequence[_Word], known: OpenSubjects) -> list[_Word]:
    """Return words with the incidents that each points to, by itself or within a keyword."""
    about = {word: known.about(word) for word in {one.plain for one in ones} - FILLERS}
    pointed = [about.get(one.plain, frozenset[int]()) for one in ones]
    for many in range(2, MOST_OF_A_KEYWORD + 1):
        for at in range(len(ones) - many + 1):
            if on := known.about(line[ones[at].start : ones[at + many - 1].end]):
                pointed[at : at + many] = [on] * many
    return [replace(one, numbers=numbers) for one, numbers in zip(ones, pointed, strict=True)]


def _word(found: re.Match[str]) -> _Word:
    plain = OWNING.sub("", found[0])
    return _Word(found.start(), found.start() + len(plain), plain.casefold().replace("’", "'"))


def _runs(line: str, words: Sequence[_Word], known: OpenSubjects) -> Iterator[Mention]:
    """Yield where words that point to incidents stand side by side, with what belongs to them."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and words[end].numbers and not (end > at and _is_apart(line, words, end)):
            end += 1
        if end > at and (found := _mention(line, words, at, end)):
            name = line[words[at].start : words[end - 1].end]
            yield replace(found, is_subsystem=known.is_subsystem(name))
        at = max(end, at + 1)


def _is_apart(line: str, words: Sequence[_Word], at: int) -> bool:
    """Return whether something ends before the word `at`."""
    return any(sign in ",;:.!?()" for sign in line[words[at - 1].end : words[at].start])


def _mention(line: str, words: Sequence[_Word], at: int, end: int) -> Mention | None:
    """Return what the words from `at` up to `end` name; None where they only say what is done or how."""
    ones = words[at:end]
    first, last = _with_article(words, at), end - 1
    begins = _behind_noun(words, first)
    named = _to_noun(line, words, last)
    if named and at and words[at - 1].plain in ANY:  # "a vista outage" is none in particular
        return None
    is_named = bool(named and (first < at or first > 0)) or begins < first
    if not is_named and all(_is_ordinary(one.plain) for one in ones):
        return None
    numbers = [one.numbers for one in ones]
    both = frozenset.intersection(*numbers) or frozenset.union(*numbers)
    return Mention(words[begins].start, words[named or last].end, both, bool(named) or begins < first)


def _with_article(words: Sequence[_Word], at: int) -> int:
    return at - 1 if at and words[at - 1].plain in ARTICLES else at


def _to_noun(line: str, words: Sequence[_Word], last: int) -> int:
    """Return the place of "one" or "incident" behind the word `last`, with no more than a word between; else 0."""
    for place in (last + 1, last + 2):
        if place >= len(words) or _is_apart(line, words, place):
            return 0
        if words[place].plain in NOUNS:
            return place
        if words[place].plain in FILLERS or _is_ordinary(words[place].plain):
            return 0
    return 0


def _behind_noun(words: Sequence[_Word], first: int) -> int:
    """Return the place where "the incident about" begins before the word `first`, or that itself."""
    if first < 2 or words[first - 1].plain not in ABOUT or words[first - 2].plain not in ABSTRACT:
        return first
    return _with_article(words, first - 2)


def _is_ordinary(word: str) -> bool:
    """Return whether it is a word of commands or sentences, or a day, which titles have, too."""
    return is_command_word(word) or is_word_of_sentences(word) or is_day(word)
