"""Commands about an incident that is named by its subject: "close the texts one", "who owns the VistA outage?".

What only shows something is shown. What changes anything is asked about, with the incident's own number filled in,
but for the one incident that a missing number means anyway.
"""

import re
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from opsdesk.chat import Command
from opsdesk.commands.incident_questions import asked_about, which_of
from opsdesk.commands.line import Line, plainly
from opsdesk.commands.meanings import OF_ONE, WITH_TEXT, Question, Reading
from opsdesk.commands.mentions import OTHER, Mention, in_words, latest, mentions, other
from opsdesk.commands.sentence import Sentence
from opsdesk.commands.standing_in import ON_IT, ONE, is_certain, merged, numbered, offers, offers_of
from opsdesk.commands.vocabulary import Risk
from opsdesk.incidents import Incident, IncidentDesk, OpenSubjects
from opsdesk.patterns import regex
from opsdesk.text import Offer, reference

OF_SEVERAL = (*OF_ONE, "incident_merge", "incident_export")
SHOWN = ("incident_list", "whois", "whois_escalate", "summary", "desk_status")  # what is asked for may be of one
BESIDE = (*SHOWN, "oncall_take", "summary_status")  # that may be asked about beside a command of an incident
BY_NAME = ("list", "ls", "incident", "incidents", "inc", "incs", "whois", "contact", "contacts", "summary", "desk")
TYPED = ("open", "new", "start", "create", "report", "incident", "inc")  # before the title of a new one
OF_TWO = ("merge", "alike")  # what is said of two incidents
TAKING_NO_TEXT = ("incident_assign", "incident_snooze")  # before whom or how long
OWNED = regex(
    r"\A(?:what|how)|\b(?:owns?|owner|owned|has|have|got|took|takes|taking|taken|working|assigned|on)\b", re.IGNORECASE
)
CALLED = regex(r"\A(?:page|ping|call) ", re.IGNORECASE)
TOLD_OF = regex(r"(?<!\w)(?:with|to|about|on|of)\s+(?:the\s+)?\Z", re.IGNORECASE)
LISTED = regex(r"\b(?:open|incidents|issues|problems|outages|tickets|ones|list|all)\b", re.IGNORECASE)
SIGHING = regex(r"(?:lol|omg|wow|ugh|argh|wtf|haha|damn|dang|geez|sigh|yikes|oof|h+m+|uh)\b", re.IGNORECASE)
NOUN = r"(?:one|incident|ticket|issue|problem|outage|thing)\b"
ENDED = regex(r"\s*[,:;]|\s+[-–—]")
NAMED = regex(  # an incident by words that no open one has
    rf"(?P<led>(?:on|for|to|about) )?(?:the|that) (?:[\w'’-]+ ){{1,3}}{NOUN}"
    r"(?:(?P<colon>:)|(?=[,;.]|\s+[-–—]|\s*\Z))",
    re.IGNORECASE,
)
REOPENED = regex(  # by the words before a noun, or before something else is said
    rf"(?:(?:the|that) )?(?P<words>(?:[\w'’/-]+ ){{0,3}}?[\w'’/-]+)(?: {NOUN}|(?=\s*[,:;.]|\s+[-–—]\s|\s*\Z))",
    re.IGNORECASE,
)
MOST_ASKED = 3  # commands of one question

Meant = Reading | Question | None


class Place(msgspec.Struct, frozen=True):
    """What is known where a line is typed: the incident of its thread, the newest one, the last that its typer changed.

    `resolved` gives the latest resolved incidents about some words.
    """

    here: int | None = None
    newest: int | None = None
    own: int | None = None
    resolved: Callable[[str], Sequence[Incident]] = lambda words: ()


def meant_in(incidents: IncidentDesk, command: Command, line: str, meant: Meant) -> Meant:
    """Return what a line means that was read as `meant`, where it was typed.

    Raises a UserError where what is open cannot be read.
    """
    log, subjects, place = incidents.log, incidents.subjects, command.place
    known, here = subjects.now(), log.by_thread(place.room, place.thread)
    own = subjects.last_changed(command.by) if OTHER.search(line) else None
    found = Place(here.number if here else None, log.latest() or None, own, subjects.resolved)
    return by_subject(line, meant, known, found)


def may_be_meant(line: str, meant: Meant) -> bool:
    """Return whether a line that was read as `meant` may name an incident by its subject, whatever is open."""
    if not _may_name_one(meant) or not isinstance(meant, Reading) or meant.name in OF_SEVERAL:
        return _may_name_one(meant)
    first = plainly(next(iter(line.split(maxsplit=1)), ""))
    is_typed = first in (TYPED if meant.name == "incident_open" else BY_NAME)
    return not is_typed or Sentence(line).has(*OF_TWO)


def _may_name_one(meant: Meant) -> bool:
    """Return whether what was read leaves open which incident it is about."""
    if isinstance(meant, Question) or meant is None:
        return True
    return meant.name in (*SHOWN, *OF_SEVERAL, "incident_open") and not _is_numbered(meant.offer)


def by_subject(line: str, meant: Meant, known: OpenSubjects, place: Place) -> Meant:
    """Return what a line means that was read as `meant`, where it names an incident that is open by its subject.

    Where it names none, or an incident's number, that is what was `meant`.
    """
    if isinstance(meant, Reading) and meant.name == "incident_reopen":
        return _reopened(meant, place) or meant
    if not known.by_number or not _may_be(line, meant, known):
        return meant
    found = _mentions(line, meant, known, place)
    if not found:
        return _of_none(meant, known, place)
    if len(found) > 1:
        return _of_two(line, found, known) or meant
    return _Said(line, meant, found[0], known, place).meaning()


def _may_be(line: str, meant: Meant, known: OpenSubjects) -> bool:
    """Return whether a subject may be named in the place of a number."""
    if isinstance(meant, Question):
        is_typed = reference(line)[0] is not None or "#" in line
        ones = [one for one in meant.offers if _is_numbered(one)]
        is_numbered = any(is_typed or reference(one.text)[0] in known.by_number for one in ones)
        is_numbered &= any(map(str.isdigit, line))  # not in words alone
        return not (is_numbered and not _merges_another(line)) and all(
            one.name.startswith("incident") or one.name in BESIDE for one in meant.offers
        )
    return _may_name_one(meant)


def _merges_another(line: str) -> bool:
    """Return whether something is merged, and one number alone is named: "fold the texts one into 12"."""
    said = Sentence(line)
    return len(said.numbers) == 1 and said.has("merge")


def _is_numbered(offer: Offer) -> bool:
    """Return whether a command names the incident that it is about; a merge names two."""
    said = Sentence(offer.text)
    if offer.name == "incident_merge":
        return len(said.numbers) > 1
    is_behind = offer.name in ("incident_assign", "incident_update") and bool(said.numbers)
    return offer.name in OF_SEVERAL and (reference(offer.text)[0] is not None or is_behind)


def _mentions(line: str, meant: Meant, known: OpenSubjects, place: Place) -> list[Mention]:
    """Return the words that stand for the incident; of a merge there may be two."""
    is_change = isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS
    special = other(line, known, place.here, place.own) or latest(line, known.newest() if is_change else place.newest)
    found = [special] if special else mentions(line, known)
    if not found and (counted := in_words(line, known)):
        found = [counted]
    if found and Sentence(line).has(*OF_TWO):
        others = (one for one in found[1:] if not one.numbers <= found[0].numbers)
        if second := next(others, None):
            return [found[0], second]
    named = [one for one in found if one.is_named] or found
    return [_joined(named)] if named and _is_of_one(line, meant, named[0]) else []


def _is_of_one(line: str, meant: Meant, found: Mention) -> bool:
    """Return whether what was read otherwise is about one incident: "who owns the texts problem", "vista status"."""
    first = Line(line).word(0)
    if not isinstance(meant, Reading) or meant.name in OF_SEVERAL:
        return True
    if meant.name == "incident_open":
        return found.is_named and first not in TYPED
    if first in BY_NAME:
        return False
    return {
        "incident_list": found.is_named or not (found.is_subsystem or LISTED.search(line)),
        "whois": (found.is_named and OWNED.search(line) is not None) or CALLED.match(line) is not None,
        "whois_escalate": found.is_named or " to " in line,
        "summary": found.is_named or TOLD_OF.search(line[: found.start]) is not None,
    }.get(meant.name, found.is_named)


def _joined(found: Sequence[Mention]) -> Mention:
    """Return the first of several words for an incident, with those that all of them may be, or else any."""
    numbers = [one.numbers for one in found]
    return replace(found[0], numbers=frozenset.intersection(*numbers) or frozenset.union(*numbers))


def _of_none(meant: Meant, known: OpenSubjects, place: Place) -> Meant:
    """Return what is `meant`; asked about where words for an incident are none of the one that would be changed."""
    sole = _sole(known, place)
    if not isinstance(meant, Reading) or not sole or meant.name not in OF_ONE or meant.spoken.risk is Risk.READS:
        return meant
    found = NAMED.match(meant.text)
    is_other = found is not None and (found["led"] or found["colon"] or meant.name not in WITH_TEXT)
    about = known.by_number.get(sole)
    return asked_about([Offer(meant.name, f"{sole} {meant.text}")], about) if is_other else meant


def _sole(known: OpenSubjects, place: Place) -> int | None:
    """Return the incident that a missing number means."""
    return place.here or (known.newest() if len(known.by_number) == 1 else None)


class _Said(msgspec.Struct, frozen=True):
    """A line that was read as `meant`, with the words `found` in it for an incident."""

    line: str
    meant: Meant
    found: Mention
    known: OpenSubjects
    place: Place

    def meaning(self) -> Meant:
        """Return what is said of the incident that the words stand for."""
        change, sole, numbers = self._change, _sole(self.known, self.place), sorted(self.found.numbers)
        if sole not in numbers:
            is_text = change and sole and not self._is_object(change)
            return self.meant if is_text else self._filled(numbers, sole if change else None)
        if not change or not self.found.is_sure:
            return self._filled([sole])
        return self._done(change, sole) if self._is_object(change) else change

    @property
    def _change(self) -> Reading | None:
        """Return the command that would change the incident that a missing number means."""
        one = self.meant
        return one if isinstance(one, Reading) and one.name in OF_ONE and _changes(one) else None

    def _is_object(self, change: Reading) -> bool:
        """Return whether the words are what is to be changed, and no part of its text."""
        words, behind = self.line[self.found.start : self.found.end], self.line[self.found.end :]
        is_led = change.text.startswith((words, f"on {words}", f"for {words}", f"to {words}", f"about {words}"))
        is_apart = not behind.strip(" .!") or ENDED.match(behind) is not None
        is_object = is_apart or (self.found.is_named and not ON_IT.match(behind))
        return (is_led and is_object) or change.name in TAKING_NO_TEXT

    def _done(self, change: Reading, number: int) -> Meant:
        """Return the change of the incident that is meant anyway, without the words for it."""
        ones = self._offers()
        if len(ones) != 1 or ones[0].name != change.name or not is_certain(self.line, self.found):
            return self._filled([number])
        return Reading(change.name, numbered(ones[0], number).text)

    def _filled(self, numbers: Sequence[int], sole: int | None = None) -> Meant:
        """Return the commands with the number of the incident, or the question which one it is.

        That may be the `sole` one, with all that was typed as its text, where the words are not those of an incident.
        """
        ones = self._offers()
        if not ones:
            return self.meant
        is_shown = not _changes(Reading(ones[0].name, ""))
        if len(numbers) > 1:
            is_list = isinstance(self.meant, Reading) and self.meant.name == "incident_list"
            return (
                self.meant
                if is_list and is_shown
                else which_of(ones[0], [self.known.by_number[one] for one in numbers])
            )
        also = [one for one in offers_of(self.meant) if one.name == "incident_open"]
        if sole and not self.found.is_named and ones[0].name not in TAKING_NO_TEXT:
            also = [Offer(one.name, f"{sole} {one.text}") for one in offers_of(self.meant)]
        about = [numbered(one, numbers[0]) for one in (ones[:1] if also else ones)]
        if is_shown:
            return Reading(about[0].name, about[0].text)
        return asked_about([*about, *also], self.known.by_number.get(numbers[0]))

    def _offers(self) -> list[Offer]:
        if _merges_another(self.line):
            return [one for one in offers(self.line, self.meant, self.found) if one.name == "incident_merge"]
        if SIGHING.match(self.line) and not self._change:
            return [Offer(name, f"{ONE} {self.line}") for name in ("incident_update", "incident_note")]
        return offers(self.line, self.meant, self.found)


def _changes(meant: Reading) -> bool:
    return meant.spoken.risk is not Risk.READS


def _of_two(line: str, found: Sequence[Mention], known: OpenSubjects) -> Question | None:
    """Return the question about two that are one: "merge the texts one into vista"."""
    one, two = found
    is_merge, is_turned = merged(line, one, two)
    pairs = [(a, b) for a in sorted(one.numbers) for b in sorted(two.numbers) if a != b]
    if not is_merge or len(pairs) > MOST_ASKED:
        return None
    ordered = [pair[::-1] if is_turned else pair for pair in pairs]
    return asked_about([Offer("incident_merge", f"{a} into {b}") for a, b in ordered])


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
