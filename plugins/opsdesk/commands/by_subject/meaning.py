"""Commands about an incident that is named by its subject: "close the texts one", "who owns the VistA outage?".

What only shows something is shown. What changes anything is asked about, with the incident's own number filled in,
but for the one incident that a missing number means anyway.
"""

import re
from collections.abc import Sequence
from itertools import islice

from msgspec.structs import replace

from opsdesk.chat import Command
from opsdesk.commands.by_subject.mentions import OTHER, Mention, latest, mentions, other
from opsdesk.commands.by_subject.questions import asked_about, which_of
from opsdesk.commands.by_subject.said_of import Meant, Place, SaidOf, merges_another, sole_of
from opsdesk.commands.by_subject.standing_in import ONE, merged, numbered, offers_of
from opsdesk.commands.by_subject.unnumbered import BY_NAME, OF_SEVERAL, OF_TWO, SHOWN, TYPED, is_numbered, may_name_one
from opsdesk.commands.line import ARTICLES, Line
from opsdesk.commands.meanings import OF_ONE, WITH_TEXT, Question, Reading
from opsdesk.commands.put_right.digits import in_digits
from opsdesk.commands.reading import read
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.vocabulary import Risk
from opsdesk.commands.word_lists.titles import ORDER
from opsdesk.incidents import IncidentDesk, OpenSubjects
from opsdesk.patterns import regex
from opsdesk.text import Offer, reference

MOST_ASKED = 3  # pairs of which one may be meant
REMINDERS = ("reminders", "reminder", "the reminders")  # that are snoozed
BESIDE = (  # that may be asked about where an incident is spoken of
    *SHOWN, "alerts_noise", "oncall_take", "summary_note", "summary_post", "summary_status", "watch_on",
)  # fmt: skip
NUMBER = regex(r"\d{1,9}")
OWNED = regex(
    r"\A(?:what|how)|\b(?:owns?|owner|owned|has|have|got|took|takes|taking|taken|working|assigned|opened|closed|resolved|on)\b",
    re.IGNORECASE,
)
WORKING = regex(
    r"\b(?:working on|looking at|looking into|handling|dealing with|taking care of)\s+(?:the\s+)?\Z", re.IGNORECASE
)
CALLED = regex(r"\A(?:page|ping|call) ", re.IGNORECASE)
TOLD_OF = regex(r"(?<!\w)(?:with|to|about|on|of)\s+(?:the\s+)?\Z", re.IGNORECASE)
LISTED = regex(r"\b(?:open|incidents|issues|problems|outages|tickets|ones|list|all)\b", re.IGNORECASE)
NOUN = r"(?:one|incident|ticket|issue|problem|outage|thing)\b"
NAMED = regex(  # an incident by words that no open one has
    rf"(?P<led>(?:on|for|to|about) )?(?:the|that) (?:[\w'’-]+ ){{1,3}}{NOUN}"
    r"(?:(?P<colon>:)|(?=[,;.]|\s+[-–—]|\s*\Z))",
    re.IGNORECASE,
)
REOPENED = regex(  # by the words before a noun, or before something else is said
    rf"(?:(?:the|that) )?(?P<words>(?:[\w'’/-]+ ){{0,3}}?[\w'’/-]+)(?: {NOUN}|(?=\s*[,:;.]|\s+[-–—]\s|\s*\Z))",
    re.IGNORECASE,
)


def meant_in(incidents: IncidentDesk, command: Command, line: str, meant: Meant) -> Meant:
    """Return what a line means that was read as `meant`, where it was typed.

    Raises a UserError where what is open cannot be read.
    """
    log, subjects, place = incidents.log, incidents.subjects, command.place
    known, here = subjects.now(), log.by_thread(place.room, place.thread)
    own = subjects.last_changed(command.by) if OTHER.search(line) else None
    found = Place(here.number if here else None, log.latest() or None, own, subjects.resolved)
    return by_subject(line, meant, known, found)


def by_subject(line: str, meant: Meant, known: OpenSubjects, place: Place) -> Meant:
    """Return what a line means that was read as `meant`, where it names an incident that is open by its subject.

    Where it names none, or an incident's number, that is what was `meant`.
    """
    if isinstance(meant, Reading) and meant.name == "incident_reopen":
        return _reopened(meant, place) or meant
    if not _may_be(line, meant, known):
        return meant
    found = _mentions(line, meant, known, place)
    if not found:
        came_back = _came_back(line, meant, place) or _in_words(line, meant, known, place)
        return came_back or _of_none(meant, known, place)
    if len(found) > 1:
        return _of_two(line, found, known) or meant
    return SaidOf(line, meant, found[0], known, place).meaning()


def _may_be(line: str, meant: Meant, known: OpenSubjects) -> bool:
    """Return whether a subject may be named in the place of a number."""
    if not isinstance(meant, Question):
        return may_name_one(meant)
    is_typed = reference(line)[0] is not None or "#" in line
    ones = [one for one in meant.offers if is_numbered(one)]
    is_known = any(is_typed or reference(one.text)[0] in known.by_number for one in ones)
    return not (is_known and any(map(str.isdigit, line))) or merges_another(line)  # not in words alone


def _mentions(line: str, meant: Meant, known: OpenSubjects, place: Place) -> list[Mention]:
    """Return the words that stand for the incident; of a merge there may be two."""
    is_change = isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS
    special = other(line, known, place.here, place.own) or latest(line, known.newest() if is_change else place.newest)
    found = [special] if special else mentions(line, known)
    if isinstance(meant, Reading) and meant.name == "incident_snooze":
        found = [one for one in found if line[one.start : one.end].casefold() not in REMINDERS] or found
    if found and Sentence(line).has(*OF_TWO):
        others = (one for one in found[1:] if not one.numbers <= found[0].numbers)
        if second := next(others, None):
            return [found[0], second]
    named = [one for one in found if one.is_named] or found
    return [_joined(named)] if named and _is_of_one(line, meant, named[0]) else []


def _is_of_one(line: str, meant: Meant, found: Mention) -> bool:
    """Return whether what was read otherwise is about one incident: "who owns the texts problem", "vista status"."""
    first = Line(line).word(0)
    if isinstance(meant, Reading) and meant.name == "incident_update" and "--title" in meant.text:
        return found.is_named
    if isinstance(meant, Question):
        names = [one.name for one in meant.offers]
        if CALLED.match(line) and Line(line).word(1) not in (*ARTICLES, "me", "my"):  # "page shane for the timeouts"
            return True
        is_new = first in (*TYPED, "log") or ORDER.search(line) is not None
        if names[0] == "incident_open" and is_new:
            return False
        is_any = names[0].startswith("incident") or all(name in BESIDE for name in names)
        return (is_any and not Sentence(line).has("handover")) or (found.is_named and "undo" not in names)
    if meant is None or meant.name in OF_SEVERAL:
        return True
    if meant.name == "incident_open":
        return not _is_opening(line, found.start) and (found.is_named or not Sentence(line[: found.start]).names())
    if first in BY_NAME:
        return False
    if meant.name == "oncall":
        return WORKING.search(line[: found.start]) is not None
    return {
        "incident_list": found.is_named or not (found.is_subsystem or LISTED.search(line)),
        "whois": (found.is_named and OWNED.search(line) is not None)
        or _is_called(line, found)
        or line[found.end :].startswith(": "),
        "whois_escalate": found.is_named or " to " in line,
        "summary": found.is_named or TOLD_OF.search(line[: found.start]) is not None,
    }.get(meant.name, found.is_named)


def _is_called(line: str, found: Mention) -> bool:
    """Return whether those are called whom an incident concerns: "page vista", and not Bob while his token fails."""
    return CALLED.match(line) is not None and (found.is_named or found.is_subsystem)


def _is_opening(line: str, at: int) -> bool:
    """Return whether a new incident is asked for in so many words, before `at` or at the end, or has a severity."""
    is_asked = Line(line).word(0) in TYPED or Sentence(line[:at]).has("open")
    is_ordered = line.rstrip(" .!").endswith(" open") or ORDER.search(line) is not None
    return is_asked or is_ordered or Sentence(line).has("sev")


def _joined(found: Sequence[Mention]) -> Mention:
    """Return the first of several words for an incident, with those that all of them may be, or else any."""
    numbers = [one.numbers for one in found]
    return replace(found[0], numbers=frozenset.intersection(*numbers) or frozenset.union(*numbers))


def _in_words(line: str, meant: Meant, known: OpenSubjects, place: Place) -> Question | None:
    """Return the question about a change of an incident whose number is a word: "close twelve, restarted"."""
    digits = in_digits(line)
    if digits == line or not all(one.name in OF_SEVERAL for one in offers_of(meant)):
        return None
    ones = [one for one in offers_of(read(digits)) if is_numbered(one) and one.name in OF_SEVERAL]
    number = int(found[0]) if (found := NUMBER.search(ones[0].text if ones else "")) else 0
    if not 0 < number <= (place.newest or 0) or Reading(ones[0].name, "").spoken.risk is Risk.READS:
        return None
    return asked_about(ones, None if ones[0].name == "incident_merge" else known.by_number.get(number))


def _of_none(meant: Meant, known: OpenSubjects, place: Place) -> Meant:
    """Return what is `meant`; asked about where words for an incident are none of the one that would be changed."""
    sole = sole_of(known, place)
    if not isinstance(meant, Reading) or not sole or meant.name not in OF_ONE or meant.spoken.risk is Risk.READS:
        return meant
    found = NAMED.match(meant.text)
    is_other = found is not None and (found["led"] or found["colon"] or meant.name not in WITH_TEXT)
    about = known.by_number.get(sole)
    return asked_about([Offer(meant.name, f"{sole} {meant.text}")], about) if is_other else meant


def _of_two(line: str, found: Sequence[Mention], known: OpenSubjects) -> Question | None:
    """Return the question about two that are one: "merge the texts one into vista"."""
    one, two = found
    is_merge, is_turned = merged(line, one, two)
    any_two = ((a, b) for a in sorted(one.numbers) for b in sorted(two.numbers) if a != b)
    pairs = list(islice(any_two, MOST_ASKED + 1))  # of thousands that are open there may be millions
    if not is_merge or len(pairs) > MOST_ASKED:
        return None
    ordered = [pair[::-1] if is_turned else pair for pair in pairs]
    return asked_about([Offer("incident_merge", f"{a} into {b}") for a, b in ordered])


def _came_back(line: str, meant: Meant, place: Place) -> Question | None:
    """Return the question about a resolved incident of which is said that it came back: "the claims thing is back"."""
    is_asked = meant is None or [(one.name, is_numbered(one)) for one in offers_of(meant)] == [
        ("incident_reopen", False)
    ]
    said = Sentence(line)
    if not is_asked or place.here or not said.has("reopen") or said.has("not", "if", "maybe"):
        return None
    words = [said.pieces[at].words for at in said.names()]
    found = (ones for one in (" ".join(words), *words) if (ones := place.resolved(one)))
    ones, offer = next(found, ()), Offer("incident_reopen", f"{ONE} {line}")
    if len(ones) > 1:
        return which_of(offer, ones)
    return asked_about([numbered(offer, ones[0].number)], ones[0]) if ones else None


def _reopened(meant: Reading, place: Place) -> Question | None:
    """Return the question about a resolved incident that is to be opened again: "reopen the claims one"."""
    found = REOPENED.match(meant.text)
    if reference(meant.text)[0] is not None or not found or (place.here and not NAMED.match(meant.text)):
        return None
    ones = place.resolved(found["words"])
    offer = Offer(meant.name, f"{ONE} {meant.text[found.end() :].lstrip(' ,:;.-–—')}".rstrip())
    if len(ones) > 1:
        return which_of(offer, ones)
    if not ones:
        return None
    return asked_about([numbered(offer, ones[0].number)], ones[0])
