"""No text, however long and whatever it holds, keeps a regular expression of the library busy."""

import re
import time

import pytest

from opsdesk import patterns
from tests.desk.patterns import MOST_GROWTH, Used, every_pattern, texts

FIRST, SCREENED, SHORT, LONG = 22, 400, 4_000, 40_000  # characters
NOTHING = 0.001  # seconds: below it, a growth is the machine's
FOR_EVER = 0.25  # seconds for a text of no more than 4,000 characters, which ends in some hundreds of microseconds
TOO_LONG = 0.01  # seconds for the first, of which every part may be tried with every other


def spent(used: Used, text: str) -> float:
    """How long a pattern looks through a text, in seconds of this process's own time; the better of two tries."""

    def once() -> float:
        start = time.process_time()
        if used.anchored:
            used.pattern.match(text)
            used.pattern.fullmatch(text)
        else:
            for _ in used.pattern.finditer(text):
                pass
        return time.process_time() - start

    first = once()
    return first if first > FOR_EVER else min(first, once())


def growth(used: Used, short: int = SHORT, long: int = LONG) -> float:
    """How many times longer the hardest text takes where it is ten times longer."""
    if any(spent(used, text) > TOO_LONG for text in texts(used.pattern, FIRST)):
        return float("inf")
    screened = [spent(used, text) for text in texts(used.pattern, SCREENED)]
    hardest = max(range(len(screened)), key=screened.__getitem__)
    if screened[hardest] > FOR_EVER:
        return float("inf")
    once = spent(used, list(texts(used.pattern, short))[hardest])
    if once > FOR_EVER:
        return float("inf")
    return spent(used, list(texts(used.pattern, long))[hardest]) / max(once, NOTHING)


PATTERNS = sorted(every_pattern(), key=lambda used: (used.where, used.pattern.pattern))


@pytest.mark.parametrize("used", PATTERNS, ids=[used.where for used in PATTERNS])
def test_a_pattern_takes_ten_times_longer_for_ten_times_the_text(used: Used) -> None:
    assert growth(used) < MOST_GROWTH


@pytest.mark.parametrize("pattern", [r"^(\s*\d*)([-+#>.)=])", r"(\w+\s*)+!"])
def test_what_is_not_linear_is_found(pattern: str) -> None:
    assert growth(Used(re.compile(pattern, re.MULTILINE), "here", anchored=False), 400, 4_000) > MOST_GROWTH


def test_a_pattern_is_compiled_when_it_is_first_used() -> None:
    made = patterns.regex(r"(?P<word>[a-z]+) again", re.IGNORECASE)
    assert "compiled" not in vars(made)
    found = made.match("Once AGAIN")
    assert found
    assert found["word"] == "Once"
    assert made.sub("no more", "once again") == "no more"
    assert made.groupindex == {"word": 1}


def test_what_has_not_been_used_yet_is_compiled_one_by_one() -> None:
    while patterns.compile_next():
        pass
    made = [patterns.regex("[a-z]"), patterns.regex("[0-9]")]
    assert patterns.compile_next()
    assert ["compiled" in vars(one) for one in made].count(True) == 1
    assert patterns.compile_next()
    assert all("compiled" in vars(one) for one in made)
    assert not patterns.compile_next()
