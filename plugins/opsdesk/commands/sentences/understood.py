"""What is understood of a sentence: a command, a question, or nothing."""

import msgspec

from opsdesk.commands.line import Line
from opsdesk.commands.meanings import OF_ONE, Question, Reading, question
from opsdesk.commands.put_right.slips import is_nearly_command_word, one_letter_away, one_letter_wrong
from opsdesk.commands.sentences.about_incidents import about_an_incident
from opsdesk.commands.sentences.about_shifts import about_a_shift
from opsdesk.commands.sentences.about_this import about_this
from opsdesk.commands.sentences.openings import opened
from opsdesk.commands.sentences.sentence import LONGEST, Sentence
from opsdesk.commands.sentences.topics import about_a_topic
from opsdesk.commands.sentences.trouble_told import trouble_told
from opsdesk.commands.vocabulary import Risk
from opsdesk.commands.word_lists.ordinary import ORDINARY
from opsdesk.text import reference

MOST_OF_A_DAY = 2  # words: "last week"
NOT_SAID = ("`", "·", "•", "┊")  # by people: what stands in the desk's own answers is no sentence


def understood(said: Sentence) -> Reading | Question | None:
    """Return what every word of a sentence explains; None where nothing does."""
    if not said.text or len(said.text) > LONGEST or _is_pasted(said.text):
        return None
    if said.has("handover"):
        return about_a_topic(said)
    if asked := about_a_shift(said):
        return asked
    opening = None if "\n" in said.text else opened(said)
    if said.numbers:
        return opening or about_an_incident(said)
    return opening or about_a_topic(said) or about_this(said)


def _is_pasted(text: str) -> bool:
    """Return whether it is an answer of the desk rather than what somebody says."""
    return not (text[0].isalnum() or text[0] in "#@'\"(<") or any(mark in text for mark in NOT_SAID)


def is_only_begun(meant: Reading | Question | None) -> bool:
    """Return whether what stands behind a word is not what it takes: "show errors of vista", "chart of the counts"."""
    if not isinstance(meant, Reading):
        return False
    is_more = meant.name == "incident_show" and bool(meant.text) and reference(meant.text)[0] is None
    is_more |= meant.name == "desk_status" and bool(meant.text)
    is_more |= meant.name == "incident_list" and meant.text.casefold().startswith("of ")
    return is_more or (meant.name == "stats_chart" and len(meant.text.split()) > MOST_OF_A_DAY)


def likely(said: Sentence) -> Reading | Question | None:
    """Return what is understood where one word has a letter wrong, if that is one command, and the word for it.

    It is asked about where it changes anything, and another word may be meant: "wores" may be "worse" or "works".
    """
    if len(said.text) > LONGEST:
        return None
    found, asked, tried = dict[str, Reading](), list[Question](), 0
    for text, word in one_letter_wrong(said.text):
        meant, tried = understood(Sentence(text)), tried + 1
        if isinstance(meant, Question):
            asked.append(meant)
        if isinstance(meant, Reading) and meant.name in OF_ONE and not said.numbers:  # of "it", but for a letter
            continue
        if isinstance(meant, Reading):
            found.setdefault(meant.name, msgspec.structs.replace(meant, taken=word))
    if not any(one.spoken.risk is not Risk.READS for one in found.values()):
        return found.popitem()[1] if len(found) == 1 else None
    if asked:
        return asked[0]
    if len(found) > 1:
        return None
    _, meant = found.popitem()
    return meant if tried == 1 and meant.name != "undo" else question((meant.name,), meant.text)


def opening_told(said: Sentence) -> Reading | Question | None:
    """Return the opening of what somebody tells; asked about a letter away from what asks: "shw whats failing"."""
    told = trouble_told(said)
    if not isinstance(told, Reading):
        return told
    first = Line(said.text).word(0)
    if is_nearly_command_word(first):
        return question((told.name,), told.text)
    is_own = first in ORDINARY
    slips = (slip for slip in one_letter_away(said.text) if not (is_own if slip.is_first else slip.was_known))
    near = (understood(Sentence(slip.line)) for slip in slips)
    is_asked = any(isinstance(one, Reading) and one.spoken.risk is Risk.READS for one in near)
    return question((told.name,), told.text) if is_asked else told
