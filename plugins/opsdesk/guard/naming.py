"""What is a name: words told from others by how they are written, and by what is known of them."""

import re

from opsdesk.guard.words import is_common, is_given, is_stop, listed
from opsdesk.patterns import regex

WORD = r"[^\W\d_](?:[^\W\d_]|['.-](?=[^\W\d_])){0,29}\.?"
FIRST_WORD = regex(WORD)
NEXT_WORD = regex(rf"(?: [\"'(]{WORD}[\"')](?= ))?(?P<between>,? {{1,2}}|,)(?P<word>{WORD})")
INITIAL = regex(r"[A-Za-z]\.?\Z")
KEY = regex(r"[=_(]|:\S")  # behind a word that is no name: "last_name=Doe first_name=John"
GIVEN_BEHIND = regex(r",\s?[^\W\d_]")
PARTS = regex(r"[-'.]|^(?:Mc|Mac|De|Di|La|Le|Van|Von|Fitz)(?=[A-Z])")
SUFFIXES = listed("jr sr ii iii iv")
IDENTIFIERS = listed("ssn dob icn edipi dfn mrn ph tel phone stn sta station claim")  # no surname, also in capitals
PARTICLES = listed("van von der den de la las los del di da dos du le bin al el ter zu y st")
MOST_WORDS = 6
# Words that join, do or tell the time, and are surnames all the same behind a given name.
SURNAMES = listed(
    "white black brown green gray grey long small short young page day may love good read field fields case cross "
    "guard price banks wood woods stone hill best bell cook baker king rivers bush frost snow rose lane park parks "
    "church wise hope noble strong sharp swift bird wolf fox english french marsh pond brook waters west east north "
    "hall berry power powers law moody savage little major holder gates mark marks cash coin rice bean close head "
    "hand foot house an"
)


def name_at(text: str, at: int, *, said: bool = False) -> int | None:
    """Return where the name that begins at `at` ends; None where none does. `said`: the text says that one does."""
    first = FIRST_WORD.match(text, at)
    if not first or not _can_begin(first, text, said=said):
        return None
    words, ends = [first[0]], [first.end()]
    following = NEXT_WORD.match(text, first.end())
    while following and len(words) < MOST_WORDS and _goes_on(words, following["between"]):
        if KEY.match(text, following.end()):
            break
        words.append(following["word"])
        ends.append(following.end())
        following = NEXT_WORD.match(text, following.end())
    many = _many(words, comma=text[ends[0] : ends[0] + 1] == ",", said=said)
    if not many:
        return None
    last = words[many - 1]
    is_sentence_end = last.endswith(".") and len(last) > 2 and last.lower().rstrip(".") not in SUFFIXES
    return ends[many - 1] - (2 if last.endswith("'s") else is_sentence_end)


def _goes_on(words: list[str], between: str) -> bool:
    """Return whether another word may belong to the name: one behind a blank, or behind the surname's comma."""
    last = words[-1]
    ends = last.endswith(".") and len(last) > 2 and last.lower().rstrip(".") not in SUFFIXES
    return not ends and (between == " " or len(words) == 1)


def is_sure(name: str) -> bool:
    """Return whether a name is one whatever stands around it: a given name is among its first two words.

    One that is another word as well, such as Grace, counts beside a word that is none.
    """
    words = name.replace(",", " ").split()[:2]
    known = [word for word in words if is_given(word)]
    return any(not is_common(word) for word in known) or (
        bool(known) and len(words) == 2 and not all(map(is_common, words))
    )


def is_full(name: str) -> bool:
    """Return whether a name has two words or more, and is one whatever stands around it."""
    words = name.replace(",", " ").split()
    in_order = "," in name and not any(map(is_common, words[:2]))
    return len(words) > 1 and (in_order or is_sure(name))


def is_written_as_one(word: str) -> bool:
    """Return whether a word is written as names are: Smith, SMITH, smith, O'Neill, McAllister-Jones, not fullName."""
    parts = PARTS.split(word)
    return all(not part or part.islower() or part.isupper() or part.istitle() for part in parts)


def _can_begin(first: re.Match[str], text: str, *, said: bool) -> bool:
    if is_given(first[0]):
        return True
    if is_stop(first[0]):
        return False
    return not is_common(first[0]) or (said and bool(GIVEN_BEHIND.match(text, first.end())))


def _many(words: list[str], *, comma: bool, said: bool) -> int:
    """Return how many of the words are the name; 0 where they are none."""
    first, second = words[0], words[1] if len(words) > 1 else ""
    if comma and second:
        is_place = second.isupper() and not first.isupper()  # "Columbus, OH"
        known = is_given(second) or not (is_place or is_common(first) or is_common(second))
        both = known and first[0].isupper() and second[0].isupper()
        if not both and is_given(second) and not is_common(second):
            both = first.islower() == second.islower()  # "hollis, margaret"
        if not both and first.isupper() and second.isupper():
            both = len(second) > 2 and not is_common(first)  # "LEE, SUN HEE": no state, which has two letters
        return _with_more(words, 2) if both else int(_is_alone(words[:1], said=said))
    if not first[0].isupper():
        many = _in_lower_case(first, second, said=said)
        is_linked = many == 2 and [word for word in words[2:4] if word in PARTICLES]
        return _with_particles(words) if is_linked else many
    if INITIAL.match(first) and first.endswith("."):
        return _with_more(words, 2) if _is_surname(second) and not is_common(second) else 0
    if is_given(first):
        return _with_more(words, 1) if not is_common(first) or _is_surname(second) else 0
    if second[:1].isupper() and not is_common(second) and (said or not first.isupper()):
        return _with_more(words, 2)
    return int(_is_alone(words, said=said))


def _with_more(words: list[str], many: int) -> int:
    """Return how many words the name has, of which the first are sure."""
    particles = 0
    for word in words[many:]:
        if word.lower() in PARTICLES and many + particles + 1 < len(words):
            particles += 1
        elif _goes_with(words[0], word):
            many, particles = many + particles + 1, 0
        else:
            break
    return many


def _with_particles(words: list[str]) -> int:
    """Return how many words the name in lower case has that goes on with "de la": up to the next that is none."""
    rest = [at for at, word in enumerate(words[2:], 2) if word not in PARTICLES]
    return rest[0] + 1 if rest and not is_common(words[rest[0]]) else 2


def _goes_with(first: str, word: str) -> bool:
    """Return whether a word goes on with a name: an initial, a suffix or a surname, no abbreviation behind the name."""
    is_initial = bool(INITIAL.match(word)) and word[0].isupper()
    is_abbreviation = word.isupper() and len(word) > 1 and not first.isupper()
    if is_initial or word.lower().rstrip(".") in SUFFIXES:
        return True
    return _is_surname(word) and not is_abbreviation and word.lower() not in IDENTIFIERS


def _is_surname(word: str) -> bool:
    return word[:1].isupper() and (not is_stop(word) or word.lower().removesuffix("'s") in SURNAMES)


def _is_alone(words: list[str], *, said: bool) -> bool:
    """Return whether the first word is a name by itself: written as one, in no heading, and known for nothing else."""
    first = words[0].rstrip(".").removesuffix("'s")
    is_heading = len(words) > 1 and words[1][0].isupper()
    is_written = len(first) > 2 and first[0].isupper() and is_written_as_one(first) and (said or not first.isupper())
    return is_written and not is_common(first) and (said or not is_heading)


def _in_lower_case(first: str, second: str, *, said: bool) -> int:
    if is_given(first) and not is_common(first):
        return 2 if len(second) > 1 and not is_common(second) else 1
    return 2 if said and second and not is_common(first) and not is_common(second) else 0
