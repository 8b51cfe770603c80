"""Every word of a command with one letter wrong, in every way there is: that command, what only shows, or a question.

Each run of the tests takes every 101st slip of these 75,000 lines; `make fuzz` takes them all.
"""

import os
import string
from collections.abc import Iterator

from opsdesk.commands import SPOKEN, Risk
from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read
from tests.commands.test_any_word import known

EVERY = 1 if "DESK_FUZZ" in os.environ else 101
SHORT = 3  # letters of a group's name that are too few to be known with one wrong


def slips(word: str) -> set[str]:
    """The word with one letter left out, added, changed, or swapped with the next."""
    found = set[str]()
    for at in range(len(word)):
        found |= {word[:at] + word[at + 1 :], word[:at] + word[at : at + 2][::-1] + word[at + 2 :]}
        for letter in string.ascii_lowercase:
            found |= {word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]}
    return found - {word, ""}


def lines() -> Iterator[tuple[str, str]]:
    """Each command's name, with lines in which its verb or its group has a slip that is no word itself."""
    verbs = [(name, word) for name, one in SPOKEN.items() if one.verb for word in sorted(slips(one.verb))]
    for name, word in verbs[::EVERY]:
        group = SPOKEN[name].group
        if not known(word, group):
            yield from ((name, f"{group} {word}{rest}") for rest in (" 1 fixed", " VistA is slow", ""))
    groups = [
        (name, word) for name, one in SPOKEN.items() if len(one.group) > SHORT for word in sorted(slips(one.group))
    ]
    yield from ((name, f"{word} {SPOKEN[name].verb}".strip()) for name, word in groups[::EVERY] if not known(word))


def is_harmless(meant: Reading | Question | None, name: str) -> bool:
    """Whether a slip is asked about, only shows something, or is the command itself, where that is done misspelt."""
    if not isinstance(meant, Reading):
        return meant is not None
    risk = meant.spoken.risk
    return risk is Risk.READS or (meant.name == name and risk.is_done_misspelt and bool(meant.taken))


def test_no_slip_makes_another_change_or_none_that_is_answered() -> None:
    tried = list(lines())
    assert len(tried) > 500
    assert [typed for name, typed in tried if not is_harmless(read(typed), name)] == []
