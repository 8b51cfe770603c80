"""Lines that may mean another command: what is said where a command would do, and what is a letter away from it."""

from opsdesk.commands.first_words import behind_alone, named
from opsdesk.commands.line import Line
from opsdesk.commands.meanings import Question, Reading, alone, careful, either, groups, longest_from, question
from opsdesk.commands.put_right.slips import one_letter_away
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.understood import understood
from opsdesk.commands.vocabulary import Risk
from opsdesk.commands.word_lists.sayings import FIRST, Sayings
from opsdesk.text import reference


def said_as(line: Line, at: int, sayings: Sayings) -> Reading | Question | None:
    """Return what a sentence means that is said where a command would do; asked about as a misspelt one is."""
    for command in sayings.put(line.behind(at)):
        meant = named(Line(command), 0)
        if isinstance(meant, Reading):
            done = meant.spoken.risk.is_done_misspelt
            return meant if done else careful(Reading(meant.name, meant.text, meant.spoken.verb))
    return None


def or_another(meant: Reading, line: Line, at: int, said: Sentence) -> Reading | Question:
    """Return what is meant; a question where the line is a letter away from a sentence that is another command.

    It is `said` from the word `at` of the line on.
    Who names the group has typed no sentence. The first word of a command is no slip for that of another.
    """
    if line.phrase(at, 1) in groups():
        return meant
    sentence = _sentence(line, at, said)
    is_typed = isinstance(named(line, at), Reading)
    is_same = isinstance(sentence, Reading) and sentence.name == meant.name
    is_sentence = is_same or (is_typed and sentence is not None and line.number(at) is not None)
    for slip in one_letter_away(line.behind(at)):
        near = Line(slip.line)
        other = None if is_sentence and slip.was_known else _sentence(near, 0, Sentence(near.behind(0)))
        if not slip.was_known and (meant.taken or not slip.is_first):
            other = other or named(near, 0)
        if isinstance(other, Reading) and other.name != meant.name:
            return either(meant, other)
        if isinstance(other, Question) and not other.gives_way:
            return question((meant.name,), meant.text)
        if slip.is_first and reference(meant.text)[0] is None and _denies(near, said):
            return question((meant.name,), meant.text)
        if meant.name == "incident_open" and isinstance(other, Reading):  # the letter is one of its title
            continue
        if not (slip.was_known or is_typed) and Sentence(near.behind(0)).is_unlike(said):
            return question((meant.name,), meant.text)
    return meant


def _denies(near: Line, said: Sentence) -> bool:
    """Return whether a line denies what is understood of it, unlike what is said: "done post it" may be "dont"."""
    denied = Sentence(near.behind(0))
    is_so_far = any(piece.words == "yet" for piece in said.pieces)
    return denied.is_unlike(said) and (is_so_far or isinstance(understood(denied), Question))


def _sentence(line: Line, at: int, said_so: Sentence) -> Reading | Question | None:
    """Return what a sentence means, or a phrase of two words or more."""
    longest = min(longest_from(line.word(at)), len(line) - at)
    phrases = ((many, alone().get(line.phrase(at, many))) for many in range(longest, 1, -1))
    many, meant = next(((many, meant) for many, meant in phrases if meant), (0, None))
    said = said_as(line, at, FIRST) or (behind_alone(line, at + many, meant) if meant else None)
    return said or change_of(understood(said_so))


def change_of(meant: Reading | Question | None) -> Reading | None:
    """Return what is meant where that changes anything."""
    return meant if isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS else None
