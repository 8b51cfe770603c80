"""What is said of an incident where its words stand: shown, done to the one that is meant anyway, or asked about."""

import re
from collections.abc import Callable, Sequence

import msgspec

from opsdesk.commands.by_subject.mentions import Mention
from opsdesk.commands.by_subject.questions import asked_about, which_of
from opsdesk.commands.by_subject.standing_in import ON_IT, ONE, is_certain, numbered, offers, offers_of
from opsdesk.commands.meanings import OF_ONE, Question, Reading
from opsdesk.commands.sentences.sentence import Sentence
from opsdesk.commands.vocabulary import Risk
from opsdesk.incidents import Incident, OpenSubjects
from opsdesk.patterns import regex
from opsdesk.text import Offer

TAKING_NO_TEXT = ("incident_assign", "incident_snooze")  # before whom or how long
SIGHING = regex(r"(?:lol|omg|wow|ugh|argh|wtf|haha|damn|dang|geez|sigh|yikes|oof|h+m+|uh)\b", re.IGNORECASE)
ENDED = regex(r"\s*[,:;]|\s+[-–—]")
PLURAL = regex(r"\s+(?:ones|incidents|issues|problems|outages|tickets)\b", re.IGNORECASE)

Meant = Reading | Question | None


class Place(msgspec.Struct, frozen=True):
    """What is known where a line is typed: the incident of its thread, the newest one, the last that its typer changed.

    `resolved` gives the latest resolved incidents about some words.
    """

    here: int | None = None
    newest: int | None = None
    own: int | None = None
    resolved: Callable[[str], Sequence[Incident]] = lambda words: ()


def merges_another(line: str) -> bool:
    """Return whether something is merged, and one number alone is named: "fold the texts one into 12"."""
    said = Sentence(line)
    return len(said.numbers) == 1 and said.has("merge")


def sole_of(known: OpenSubjects, place: Place) -> int | None:
    """Return the incident that a missing number means."""
    return place.here or (known.newest() if len(known.by_number) == 1 else None)


class SaidOf(msgspec.Struct, frozen=True):
    """A line that was read as `meant`, with the words `found` in it for an incident."""

    line: str
    meant: Meant
    found: Mention
    known: OpenSubjects
    place: Place

    def meaning(self) -> Meant:
        """Return what is said of the incident that the words stand for."""
        change, sole, numbers = self._change, sole_of(self.known, self.place), sorted(self.found.numbers)
        if not change and PLURAL.match(self.line, self.found.end) and self.found.is_subsystem:
            return Reading("incident_list", self.line[self.found.start : self.found.end])
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
        also = [one for one in offers_of(self.meant) if one.name == "incident_open" and "--title" not in ones[0].text]
        if also and (ones[0].name in ("incident_assign", "incident_escalate") or " --sev" in ones[0].text):
            also = []
        if also and not self.found.is_named:
            ones = [Offer("incident_update", f"{ONE} {self.line}")]
        if sole and not self.found.is_named and ones[0].name not in TAKING_NO_TEXT:
            also = [Offer(one.name, f"{sole} {one.text}") for one in offers_of(self.meant)]
        about = [numbered(one, numbers[0]) for one in (ones[:1] if also else ones)]
        if is_shown:
            return Reading(about[0].name, about[0].text)
        return asked_about([*about, *also], self.known.by_number.get(numbers[0]))

    def _offers(self) -> list[Offer]:
        if merges_another(self.line):
            return [one for one in offers(self.line, self.meant, self.found) if one.name == "incident_merge"]
        is_opened = isinstance(self.meant, Reading) and self.meant.name == "incident_open"
        if is_opened and self.found.is_named and Sentence(self.line).has("mistake"):
            return [Offer("incident_void", f"{ONE} opened by mistake")]
        ones = offers(self.line, self.meant, self.found)
        is_open_still = bool(ones) and ones[0].name == "incident_reopen"
        if is_open_still or (SIGHING.match(self.line) and not self._change):
            return [Offer(name, f"{ONE} {self.line}") for name in ("incident_update", "incident_note")]
        return [self._moved(one) for one in ones]

    def _moved(self, offer: Offer) -> Offer:
        """Return a command; of a sentence that gives an incident to a subsystem, the one that puts it there."""
        name = offer.text.removeprefix(f"{ONE} ")
        is_moved = offer.name == "incident_assign" and not self._change and self.known.is_subsystem(name)
        return Offer("incident_update", f"{ONE} --on {name}") if is_moved else offer


def _changes(meant: Reading) -> bool:
    return meant.spoken.risk is not Risk.READS
