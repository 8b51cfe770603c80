"""Reads which command a line of chat means, however its words are written, ordered or misspelt."""

import re

from opsdesk.commands.ahead import ahead
from opsdesk.commands.ambiguous import AMBIGUOUS, NUMBERED
from opsdesk.commands.incident_lines import numbered, setting
from opsdesk.commands.lexicon import is_word_of_sentences
from opsdesk.commands.line import ARTICLES, POLITE, SHOWING, Line
from opsdesk.commands.meanings import (
    Meant,
    Question,
    Reading,
    alone,
    bare,
    careful,
    either,
    groups,
    longest_from,
    near_words,
    nearest,
    of_a_day,
    question,
    reading,
    split,
    verb,
    verbs,
    words_alone,
)
from opsdesk.commands.offers import offered
from opsdesk.commands.sayings import FIRST, LAST, Sayings
from opsdesk.commands.sentence import Sentence
from opsdesk.commands.slips import is_command_word, one_letter_away
from opsdesk.commands.topics import in_trouble
from opsdesk.commands.understood import likely, understood
from opsdesk.commands.vocabulary import GROUPS, SPOKEN, Risk
from opsdesk.patterns import regex
from opsdesk.text import reference, retyped

ASKING = ("me", "how", "are", "is", "many", "what", "about", "doing")  # may stand around what is asked for
PLEASE = regex(r"(?<![,\s?!.])[,\s?!.]*+(?:\b(?:please|pls|doing)\b)?[\s?!.]*+\Z", re.IGNORECASE)
SEV_AND_NUMBER = regex(r"sev(?:erity)?[ -]?(\d)\s+(?:#|INC-)?(\d{1,9})[.!]?", re.IGNORECASE)


def read(typed: str, *, called: bool = True) -> Reading | Question | None:
    """Return the command that `typed` means, a question where that is not sure, None where it means none.

    Without being `called` (by "!" or by name) a change has to be typed exactly, with an incident's number or its
    group: what people say in a direct message may well begin with "done".
    """
    line = Line(typed)
    at = _polite(line)
    meant = of_a_day(_meant(line, at))
    if isinstance(meant, Question):
        return Question(meant.text, meant.is_chat)
    if meant and meant.spoken.risk is not Risk.READS:
        meant = ahead(meant, line, at) or _or_another(meant, line, at)
    if called or not isinstance(meant, Reading) or _is_plain(meant, line, at):
        return meant
    return Question(f"Did you mean `{retyped(meant.spoken.typed, meant.text)}`? Type it like that.")


def means_something(typed: str) -> bool:
    """Return whether there is a command or a question that `typed` is read as."""
    line = Line(typed)
    return _meant(line, _polite(line)) is not None


def _meant(line: Line, at: int) -> Reading | Question | None:
    said = Sentence(line.behind(at))
    if (meant := _said(line, at, FIRST)) and not said.has("handover"):
        return meant
    meant = _plainly(line, at)
    if not _changes(meant, said) and said.comes_first:
        meant = _of_its_group(understood(said), line, at) or meant
    if _gives_way(meant):
        meant = (
            _near(line, at, of_sentences=False)
            or _of_its_group(understood(said), line, at)
            or meant
            or offered(line.behind(at))
            or _said(line, at, LAST)
            or in_trouble(said)
            or _near(line, at)
        )
    return (likely(said) or meant) if _gives_way(meant) else meant


def _of_its_group(meant: Reading | Question | None, line: Line, at: int) -> Reading | Question | None:
    """Return what a sentence means, but for another group's change where a command's group stands at its beginning."""
    group = groups().get(line.phrase(at, 1))
    is_other = isinstance(meant, Reading) and meant.spoken.group != group and meant.spoken.risk is not Risk.READS
    return None if group and is_other else meant


def _changes(meant: Reading | Question | None, said: Sentence) -> bool:
    return isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS and not said.has("handover")


def _gives_way(meant: Reading | Question | None) -> bool:
    return meant is None or (isinstance(meant, Question) and meant.gives_way)


def _plainly(line: Line, at: int) -> Reading | Question | None:
    return numbered(line, at) or _exact(line, at)


def _said(line: Line, at: int, sayings: Sayings) -> Reading | Question | None:
    """Return what a sentence means that is said where a command would do; asked about as a misspelt one is."""
    for command in sayings.put(line.behind(at)):
        meant = _plainly(Line(command), 0)
        if isinstance(meant, Reading):
            done = meant.spoken.risk.is_done_misspelt
            return meant if done else careful(Reading(meant.name, meant.text, meant.spoken.verb))
    return None


def _or_another(meant: Reading, line: Line, at: int) -> Reading | Question:
    """Return what is meant; a question where the line is a letter away from a sentence that is another command.

    Who names the group has typed no sentence. The first word of a command is no slip for that of another.
    """
    if line.phrase(at, 1) in groups():
        return meant
    said, sentence = Sentence(line.behind(at)), _sentence(line, at)
    is_typed = isinstance(_plainly(line, at), Reading)
    is_same = isinstance(sentence, Reading) and sentence.name == meant.name
    is_sentence = is_same or (is_typed and sentence is not None and line.number(at) is not None)
    for slip in one_letter_away(line.behind(at)):
        near = Line(slip.line)
        other = None if is_sentence and slip.was_known else _sentence(near, 0)
        if not slip.was_known and (meant.taken or not slip.is_first):
            other = other or _plainly(near, 0)
        if isinstance(other, Reading) and other.name != meant.name:
            return either(meant, other)
        if not (slip.was_known or is_typed) and Sentence(near.behind(0)).is_unlike(said):
            return question((meant.name,), meant.text)
    return meant


def _sentence(line: Line, at: int) -> Reading | Question | None:
    """Return what a sentence means, or a phrase of two words or more."""
    longest = min(longest_from(line.word(at)), len(line) - at)
    phrases = ((many, alone().get(line.phrase(at, many))) for many in range(longest, 1, -1))
    many, meant = next(((many, meant) for many, meant in phrases if meant), (0, None))
    said = _said(line, at, FIRST) or (_behind_alone(line, at + many, meant) if meant else None)
    return said or _change(understood(Sentence(line.behind(at))))


def _change(meant: Reading | Question | None) -> Reading | None:
    return meant if isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS else None


def shown(typed: str) -> str:
    """Return what is asked for, without the words around it: "show me the check-ins, please" is "check-ins"."""
    line = Line(typed)
    at = _polite(line)
    while line.word(at) in (*SHOWING, *ARTICLES, *ASKING):
        at += 1
    return PLEASE.sub("", line.behind(at))


def _polite(line: Line) -> int:
    """Return the place of the first word that is more than politeness."""
    at = 0
    while many := next((many for many in (3, 2, 1) if " ".join(line.phrase(at, many)) in POLITE), 0):
        at += many
    return at


def _is_plain(meant: Reading, line: Line, at: int) -> bool:
    """Return whether a change is meant for sure by somebody who only talks to the desk."""
    if meant.spoken.risk is Risk.READS or reference(meant.text)[0] is not None:
        return True
    names_group = any(line.phrase(at, many) in groups() for many in (1, 2))
    return not meant.taken and (names_group or Sentence(line.behind(at)).names_a_subject)


def _exact(line: Line, at: int) -> Reading | Question | None:
    """Return what the longest phrase that the line begins with means."""
    if shown := _shown(line, at):
        return shown
    for many in range(min(longest_from(line.word(at)), len(line) - at), 0, -1):
        phrase = line.phrase(at, many)
        if meant := alone().get(phrase):
            return _behind_alone(line, at + many, meant)
        if (group := groups().get(phrase)) and phrase[0] not in NUMBERED:
            return _in_group(line, at + many, group, plural=phrase[-1] == "incidents")
    return _turned_round(line, at) or _with_number(line, at) or _severity(line, at) or _ambiguous(line, at)


def _behind_alone(line: Line, at: int, meant: Meant) -> Reading:
    """Return a command named without its group, which may stand behind it: "open an incident: VistA is slow".

    Another group with a number behind it has the command of its own: "ack alert 3".
    """
    own = _behind_group(line, at, SPOKEN[meant[0]].group) or at
    said = Sentence(line.behind(own)) if meant[0] == "incident_open" else None
    if said and said.is_of_alert(0):
        return Reading("alerts_open", said.between(said.numbers[0], len(said.pieces)))
    for group in GROUPS:
        behind = _behind_group(line, at, group)
        if behind and line.number(behind) is not None and (other := verbs(group).get(line.word(at - 1))):
            return reading(other, line.behind(behind))
    return reading(meant, line.behind(own))


def _shown(line: Line, at: int) -> Reading | None:
    """Return what is to be shown by the command that stands behind a word for that: "show alerts", "show me 12"."""
    if line.word(at) not in SHOWING:
        return None
    behind = at + 1
    while line.word(behind) in (*ARTICLES, "me"):
        behind += 1
    meant = numbered(line, behind) if line.word(behind - 1) == "me" else _exact(line, behind)
    return meant if isinstance(meant, Reading) and meant.spoken.risk is Risk.READS else None


def _behind_group(line: Line, at: int, group: str) -> int:
    """Return the place behind the group's name, with or without an article; 0 where it does not stand there."""
    while line.word(at) in ARTICLES:
        at += 1
    return next((at + many for many in (2, 1) if groups().get(line.phrase(at, many)) == group), 0)


def _turned_round(line: Line, at: int) -> Reading | None:
    """Return a command whose group stands behind its verb: "post the summary"."""
    for group in GROUPS:
        meant = verbs(group).get(line.word(at))
        if meant and (behind := _behind_group(line, at + 1, group)):
            return reading(meant, line.behind(behind))
    return None


def _with_number(line: Line, at: int) -> Reading | None:
    """Return what a word means that is about an incident where a number stands behind it: "link 12 https://..."."""
    with_number, without = NUMBERED.get(line.word(at), ("", ""))
    meant = with_number if line.number(at + 1) is not None else without
    return reading(split(meant), line.behind(at + 1)) if meant else None


def _severity(line: Line, at: int) -> Reading | None:
    """Return the update in "sev 1 12" and "sev1 12": with words behind it, it may as well be an opening."""
    found = SEV_AND_NUMBER.fullmatch(line.behind(at))
    return Reading("incident_update", f"sev {found[1]} {found[2]}") if found else None


def _ambiguous(line: Line, at: int) -> Question | None:
    names = AMBIGUOUS.get(line.word(at))
    return question(names, line.behind(at + 1)) if names else None


def _in_group(line: Line, at: int, group: str, *, plural: bool = False, taken: str = "") -> Reading | Question | None:
    """Return what stands behind the group's name: a verb, an incident's number, or anything the group itself takes."""
    word, of_incidents = line.word(at), group == "incident"
    otherwise = "incident_list" if plural else bare(group)
    if at >= len(line):
        return careful(Reading(otherwise, "", taken))
    if word == "help" and group != "desk":
        return Reading("desk_help", f"{group} {line.behind(at + 1)}".strip(), taken)
    if of_incidents and (found := numbered(line, at) or setting(line, at)):
        return found
    if plural and word == "open":
        return _plural_open(line, at + 1)
    if meant := verb(group, word):
        return _misspelt_group(reading(meant, line.behind(at + 1), taken), word)
    if of_incidents and word in AMBIGUOUS:
        return question([one for one in AMBIGUOUS[word] if one.startswith(group)], line.behind(at + 1))
    return nearest(line, at, verbs(group), taken) or careful(reading((otherwise, ""), line.behind(at), taken))


def _misspelt_group(meant: Reading, word: str) -> Reading | Question:
    """Return the reading, careful where the group's name or the plural of what goes out was taken for it."""
    is_plural = word.removesuffix("s") != word and word.removesuffix("s") == meant.spoken.verb
    if is_plural and not meant.spoken.risk.is_done_misspelt:
        return careful(Reading(meant.name, meant.text, meant.spoken.verb))
    return careful(meant)


def _plural_open(line: Line, at: int) -> Reading | Question:
    """Return the list for "incidents open"; with more words behind it a title may be meant."""
    rest = line.behind(at)
    return question(("incident_open", "incident_list"), rest) if rest else Reading("incident_list", "open")


def _near(line: Line, at: int, *, of_sentences: bool = True) -> Reading | Question | None:
    """Return what is meant where the first word has one letter wrong."""
    word = line.word(at)
    if is_command_word(word) or (is_word_of_sentences(word) and not of_sentences):
        return None
    near = {groups()[known,] for known in near_words(word) if (known,) in groups()}
    near = near.intersection(near_words(word)) or near
    if len(near) == 1:
        group = near.pop()
        return _in_group(line, at + 1, group, taken=group)
    if near:
        return question(map(bare, sorted(near)), line.behind(at + 1))
    return nearest(line, at, words_alone())
