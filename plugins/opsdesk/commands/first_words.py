"""What the first words of a line name: a command, a group of them, or an incident's number."""

import re
from collections.abc import Mapping

from msgspec.structs import replace

from opsdesk.commands.incident_lines import numbered, setting
from opsdesk.commands.line import ARTICLES, SHOWING, Line, plainly
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
    question,
    reading,
    split,
    verb,
    verbs,
    words_alone,
)
from opsdesk.commands.put_right.slips import is_command_word
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.sentences.this import THIS, without_this
from opsdesk.commands.sentences.topics import about_a_topic
from opsdesk.commands.sentences.trouble_told import tells_of_trouble
from opsdesk.commands.vocabulary import GROUPS, SPOKEN, Risk
from opsdesk.commands.word_lists.ambiguous import AMBIGUOUS, NUMBERED
from opsdesk.commands.word_lists.lexicon import is_word_of_sentences
from opsdesk.patterns import regex
from opsdesk.text import reference

OF_A_STATE = ("incident_open", "incident_resolve", "incident_ack", "incident_reopen", "incident_void")
OWN_NAMES = frozenset(GROUPS).union(("inc",)) - {"alerts", "watch", "report", "shift", "undo"}
OF_ALERTS = ("alerts_mute", "alerts_unmute")
OPENED = ("links", "runbook", "stats_chart")  # as one opens a page
MOST_OF_A_COMMAND = 4  # words of one that shows something: "incident list last week"
MOST_OF_A_NAME = 2  # words of a group's name and an article
TOLD_OF = ("has", "is", "was", "will", "took", "takes", "owns", "got", "said", "says")  # what somebody does
SEV_AND_NUMBER = regex(r"sev(?:erity)?[ -]?(\d)\s+(?:#|INC-)?(\d{1,9})[.!]?", re.IGNORECASE)


def is_typed(meant: Reading | Question | None, typed: str, line: Line, at: int) -> bool:
    """Return whether a line is typed as a command is: its group is first, or a change's word with a number or colon."""
    if is_named(line, at) or (meant and not OWN_NAMES.isdisjoint((line.word(at), line.word(at).removesuffix("s")))):
        return True
    if not isinstance(meant, Reading) or meant.spoken.risk is Risk.READS:
        return False
    known = named(line, at)
    if not isinstance(known, Reading) or known.name != meant.name:
        return False
    before = typed.removesuffix(meant.text) if meant.text else ""
    is_taken = meant.text.removeprefix("me ").isdecimal()  # "take 12" is "assign me 12"
    return is_taken or reference(meant.text)[0] is not None or before.rstrip().endswith(":")


def is_named(line: Line, at: int) -> bool:
    """Return whether a line begins with a group and one of its verbs, as no saying does."""
    group = groups().get(line.phrase(at, 1))
    return group is not None and line.word(at + 1) in verbs(group)


def opens(meant: Reading | Question | None, line: Line, at: int) -> bool:
    """Return whether a line opens an incident by the command's very name: all behind is its title, unless a number."""
    if not isinstance(meant, Reading) or meant.name != "incident_open" or meant.taken:
        return False
    return is_named(line, at) and reference(meant.text)[0] is None


def named(line: Line, at: int) -> Reading | Question | None:
    """Return what the words from the word `at` on name, as they are spelt; None where they name nothing."""
    return numbered(line, at) or _exact(line, at)


def names_command(typed: str) -> bool:
    """Return whether a line is a command by its group and verb that only shows something, or names an incident."""
    line = Line(typed)
    meant = named(line, 0) if typed.lstrip()[:1].isalpha() and is_named(line, 0) else None
    is_shown = isinstance(meant, Reading) and meant.spoken.risk is Risk.READS and len(line) <= MOST_OF_A_COMMAND
    return is_shown or (isinstance(meant, Reading) and reference(meant.text)[0] is not None)


def _exact(line: Line, at: int) -> Reading | Question | None:
    """Return what the longest phrase that the line begins with means."""
    if shown := _shown(line, at):
        return shown
    for many in range(min(longest_from(line.word(at)), len(line) - at), 0, -1):
        phrase = line.phrase(at, many)
        meant = alone().get(phrase)
        if meant == ("incident_open", "") and at + many >= len(line) and line.behind(at)[-1:] == "?":
            return Reading("incident_list", "")
        if meant and (meant[0] != "desk_status" or at + many >= len(line)):  # "ping rob about 12"
            return behind_alone(line, at + many, meant)
        if (group := groups().get(phrase)) and phrase[0] not in NUMBERED:
            return _in_group(line, at + many, group, plural=phrase[-1] == "incidents")
    return _turned_round(line, at) or _with_number(line, at) or _severity(line, at) or _ambiguous(line, at)


def behind_alone(line: Line, at: int, meant: Meant) -> Reading | Question:
    """Return a command named without its group, which may stand behind it: "open an incident: VistA is slow".

    Another group with a number or nothing behind it has the command of its own: "ack alert 3", "ack that alert".
    """
    own = _behind_group(line, at, SPOKEN[meant[0]].group) or at
    said = Sentence(line.behind(own)) if meant[0] == "incident_open" else None
    if said and said.is_of_alert(0):
        return Reading("alerts_open", said.between(said.numbers[0], len(said.pieces)))
    standing = _groups_behind(line, at)
    for group, behind in ((group, standing[group]) for group in GROUPS if group in standing):
        if behind >= len(line) and line.phrase(at - 1, 2) == ("open", "alerts"):
            return Reading("alerts", "")
        if group == "watch" and meant[0] in OF_ALERTS:
            return reading(verbs(group)[line.word(at - 1)], line.behind(behind))
        is_all = behind >= len(line) or line.number(behind) is not None
        if is_all and (other := verbs(group).get(line.word(at - 1))):
            return reading(other, line.behind(behind))
    if asked := _of_another_group(line, at, meant):
        return asked
    return reading(meant, line.behind(own))


def _of_another_group(line: Line, at: int, meant: Meant) -> Reading | Question | None:
    """Return what is shown by "open the vista runbook"; the question about "close summary", an incident's change."""
    behind = line.behind(at)
    if meant[0] not in OF_A_STATE or not behind or reference(behind)[0] is not None:
        return None
    words = behind.split()
    first = next((word for word in map(plainly, words) if word not in ARTICLES), "")
    is_numbered = any(reference(word)[0] is not None for word in words[:MOST_OF_A_NAME])
    if (
        meant[0] != "incident_open"
        and not is_numbered
        and groups().get((first,), "incident") not in ("incident", "alerts", "desk")
    ):
        return either(reading((bare(groups()[first,]), ""), ""), reading(meant, behind))  # "fix the counts: 1121"
    group = groups().get((plainly(words[-1]),), "incident")
    shown = about_a_topic(Sentence(behind)) if meant[0] == "incident_open" and not tells_of_trouble(behind) else None
    if isinstance(shown, Reading) and shown.name in OPENED:
        return shown
    if group == "incident" or len(words) > MOST_OF_A_NAME:
        return None
    other = verbs(group).get(line.word(at - 1), (bare(group), ""))[0]
    return either(Reading(other, ""), reading(meant, behind))


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
    return _groups_behind(line, at).get(group, 0)


def _groups_behind(line: Line, at: int) -> Mapping[str, int]:
    """Return the place behind the name of each group that stands there, with or without an article."""
    while line.word(at) in (*ARTICLES, "that"):
        at += 1
    named = ((groups().get(line.phrase(at, many)), at + many) for many in (1, 2))
    return {group: behind for group, behind in named if group}


def _turned_round(line: Line, at: int) -> Reading | None:
    """Return a command whose group stands behind its verb: "post the summary"."""
    for group in GROUPS:
        meant = verbs(group).get(line.word(at))
        if meant and (behind := _behind_group(line, at + 1, group)):
            return reading(meant, line.behind(behind))
    return None


def _with_number(line: Line, at: int) -> Reading | Question | None:
    """Return what a word means that is about an incident where a number stands behind it: "link 12 https://..."."""
    with_number, without = NUMBERED.get(line.word(at), ("", ""))
    meant = with_number if line.number(at + 1) is not None else without
    if with_number.startswith("incident_escalate") and THIS.match(line.behind(at + 1)):
        return question((with_number,), without_this(line.behind(at + 1)))
    if line.word(at) == "call" and meant == with_number and line.behind(at + 2):  # "call 12 fixed"
        return None
    return reading(split(meant), line.behind(at + 1)) if meant else None


def _severity(line: Line, at: int) -> Reading | None:
    """Return the update in "sev 1 12" and "sev1 12": with words behind it, it may as well be an opening."""
    found = SEV_AND_NUMBER.fullmatch(line.behind(at))
    return Reading("incident_update", f"sev {found[1]} {found[2]}") if found else None


def _ambiguous(line: Line, at: int) -> Question | None:
    names = AMBIGUOUS.get(line.word(at))
    if not names or (line.word(at + 1) == "over" and len(line) > at + 2):
        return None
    behind = line.behind(at + 1)
    return replace(question(names, behind), gives_way=bool(Sentence(behind).numbers or THIS.match(behind)))


def _in_group(line: Line, at: int, group: str, *, plural: bool = False, taken: str = "") -> Reading | Question | None:
    """Return what stands behind the group's name: a verb, an incident's number, or anything the group itself takes."""
    word, of_incidents = line.word(at), group == "incident"
    otherwise = "incident_list" if plural else bare(group)
    if group == "undo" and (alert := _behind_group(line, at, "alerts")) and line.number(alert) is not None:
        return Reading("alerts_undo", line.behind(alert))
    if group == "undo" and Sentence(line.behind(at)).numbers:  # it takes the last change back, whatever that was about
        return question(("undo",), "")
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
    if of_incidents and (names := [one for one in AMBIGUOUS.get(word, ()) if one.startswith(group)]):
        return question(names, line.behind(at + 1))
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


def nearly_named(line: Line, at: int, *, of_sentences: bool = True) -> Reading | Question | None:
    """Return what is meant where the first word has one letter wrong."""
    word = line.word(at)
    if is_command_word(word) or (is_word_of_sentences(word) and not of_sentences) or _is_somebody(line, at):
        return None
    near = {groups()[known,] for known in near_words(word) if (known,) in groups()}
    near = near.intersection(near_words(word)) or near
    if len(near) == 1:
        group = near.pop()
        return _in_group(line, at + 1, group, taken=group)
    if near:
        return question(map(bare, sorted(near)), line.behind(at + 1))
    return nearest(line, at, words_alone())


def _is_somebody(line: Line, at: int) -> bool:
    """Return whether a word is whom something is told of, or who is to do it: "lisa has 12", "grace, close 12"."""
    if line.word(at + 1) in TOLD_OF:
        return True
    pieces = Sentence(line.behind(at)).pieces
    return bool(pieces) and pieces[0].breaks and isinstance(named(line, at + 1), Reading)
