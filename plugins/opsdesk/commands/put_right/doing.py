"""What somebody says to be doing, read as the command that does it: "escalating 12 to charley"."""

from opsdesk.commands.first_words import named
from opsdesk.commands.line import Line
from opsdesk.commands.meanings import Question, Reading, careful, groups, question
from opsdesk.commands.put_right.another import said_as
from opsdesk.commands.put_right.slips import stems
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.understood import understood
from opsdesk.commands.vocabulary import Risk
from opsdesk.commands.word_lists.sayings import FIRST
from opsdesk.text import reference

ONESELF = (("i'm",), ("im",), ("i", "am"))


def being_done(line: Line, at: int) -> Reading | Question | None:
    """Return what somebody says to be doing who types "escalating 12 to charley".

    A change is asked about where a misspelt one is, and where somebody speaks of themselves: "im accepting my shift".
    One that names no number, severity or group is none: "opening hours" opens nothing.
    """
    of_oneself = next((len(words) for words in ONESELF if line.phrase(at, len(words)) == words), 0)
    at += of_oneself
    for done in stems(line.word(at)):
        put = Line(f"{done} {line.behind(at + 1)}".strip())
        meant = said_as(put, 0, FIRST) or named(put, 0) or understood(Sentence(put.behind(0)))
        if not isinstance(meant, Reading) or meant.spoken.risk is Risk.READS:
            return None if _is_of_none(meant) else meant
        is_named = any(groups().get(put.phrase(place, 1)) == meant.spoken.group for place in range(1, len(put)))
        is_named |= reference(meant.text)[0] is not None or Sentence(meant.text).has("sev")
        if is_named or not meant.spoken.risk.is_done_misspelt:
            done_so = Reading(meant.name, meant.text, done)
            return question((meant.name,), meant.text) if of_oneself else careful(done_so)
    return None


def _is_of_none(meant: Reading | Question | None) -> bool:
    """Return whether something stands behind a command that takes nothing: "watching it for a bit"."""
    return isinstance(meant, Reading) and meant.name in ("watch", "shift") and bool(meant.text)
