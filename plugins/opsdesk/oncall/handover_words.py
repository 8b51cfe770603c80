"""Words around the start of a shift."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

import msgspec

from opsdesk.chat.chat import Person, mention
from opsdesk.clock import day_of
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.words import shortened
from opsdesk.oncall.handover import Brief
from opsdesk.oncall.rotation import OnCallSlot, is_same
from opsdesk.text.moments import tell_age, tell_day, tell_hour, tell_lost, tell_time, tell_when, tell_zone

LONGEST_WORD = 160  # characters of an incident's last word
MOST_INCIDENTS = 15
LATE = timedelta(minutes=5)  # after which a shift no longer "has begun"


class HandoverWords(msgspec.Struct, frozen=True):
    """The words, with times as `zone` shows them."""

    zone: tzinfo

    def brief(self, brief: Brief, at: datetime) -> str:
        """The brief, and what it asks for."""
        return "\n".join(
            filter(None, (brief.said, self._head(brief, at), *self._parts(brief, at), self._request(brief)))
        )

    def line(self, stretch: OnCallSlot, outgoing: Person | None, open_ones: int, lost: Collection[date]) -> str:
        """ "Alice is on call until 8pm ET. 2 incidents are open."."""
        turn = f", taking over from {outgoing.name}" if outgoing else ""
        known = _how_many(open_ones, lost, stretch.shift.day)
        return f"{mention(stretch.primary)} is on call {self._until(stretch)}{turn}. {known}"

    def ask_again(self, stretch: OnCallSlot) -> str:
        """The second request to take the shift over."""
        return (
            f"You are on call {self._until(stretch)} and have not taken the shift yet. "
            "Type `!shift accept` or react with ✅; `!oncall cover` finds somebody else."
        )

    def untaken(self, stretch: OnCallSlot, asked: Sequence[datetime]) -> str:
        """That nobody has taken the shift, for the admins."""
        times = " and ".join(tell_time(at, self.zone) for at in asked)
        return (
            f"Nobody has taken the shift {self._until(stretch)}: {stretch.primary.name} was asked at {times}. "
            "Whoever is on the rotation takes it with `!oncall take`."
        )

    def unasked(self, stretch: OnCallSlot, reason: str) -> str:
        """That whoever is on call could not be asked, for the admins."""
        return (
            f"{stretch.primary.name} is on call {self._until(stretch)} but could not be asked: {reason}. "
            "Whoever is on the rotation takes the shift with `!oncall take`."
        )

    def topic(self, stretch: OnCallSlot) -> str:
        """ "On call: Alice until 8pm"."""
        return f"On call: {stretch.primary.name} until {tell_hour(stretch.end, self.zone)}"

    def topic_to_paste(self, stretch: OnCallSlot, reason: str) -> str:
        """The topic for somebody to set by hand."""
        return f"The channel's topic could not be set ({reason}). The line to paste:\n`/topic {self.topic(stretch)}`"

    def holiday_ahead(self, day: date, name: str, downtimes: str, said: str) -> str:
        """That alerting downtimes may be needed for a holiday."""
        when = tell_day(day).rsplit(",", 1)[0]
        told = f"{when} is {name}, and this is the last working day before it: alerting downtimes may be needed."
        return "\n".join(filter(None, (said, f"{told} {downtimes}".strip())))

    def rehearsal(self, meant_for: str) -> str:
        """The first line of what is only rehearsed."""
        return f"(rehearsal: meant for {meant_for})"

    def _head(self, brief: Brief, at: datetime) -> str:
        stretch = brief.stretch
        if not stretch.primary.id:
            return self._nobodys(stretch, at)
        told = f"*You are on call {self._until(stretch)}.*"
        if brief.outgoing:
            told += f" A new turn: {stretch.primary.name} takes over from {brief.outgoing.name}."
        elif brief.before and brief.before.id and not is_same(brief.before, stretch.primary):
            told += f" Before you: {brief.before.name}."
        elif brief.before and brief.before.id:
            told += " You had the last shift too."
        return told + (f" Secondary: {stretch.secondary.name}." if stretch.secondary else "")

    def _nobodys(self, stretch: OnCallSlot, at: datetime) -> str:
        if at - stretch.start < LATE:
            return f"*A shift has begun* and lasts {self._until(stretch)}."
        shift = stretch.shift
        return f"*The shift {tell_hour(shift.start, self.zone)} to {tell_hour(shift.end, self.zone)} is on.*"

    def _parts(self, brief: Brief, at: datetime) -> Iterator[str]:
        if brief.incidents:
            yield f"*Open incidents*\n{self._incidents(brief.incidents, at)}"
        elif not brief.lost:
            yield "No incident is open."
        if brief.lost:
            yield tell_lost(brief.lost, day_of(at, self.zone))
        if brief.notes:
            yield "*Handed over*\n" + "\n".join(f"• {note}" for note in brief.notes)
        if brief.counts:
            yield "\n".join(brief.counts)

    def _incidents(self, incidents: Sequence[Incident], at: datetime) -> str:
        lines = [f"• {self._incident(incident, at)}" for incident in incidents[:MOST_INCIDENTS]]
        more = len(incidents) - MOST_INCIDENTS
        return "\n".join([*lines, *([f"• and {more} more: `!incident list`"] if more > 0 else [])])

    def _incident(self, one: Incident, at: datetime) -> str:
        owner = f", owner {one.owner.name}" if one.owner else ", no owner"
        head = f"#{one.number} {one.title}: *{one.status}* (sev {one.severity}, {tell_age(one.age(at))} old{owner}"
        word = shortened(one.last_word, LONGEST_WORD)
        return f"{head}, last news {tell_when(one.written_at, at, self.zone)})" + (f". {word}" if word else "")

    def _request(self, brief: Brief) -> str:
        if not brief.stretch.primary.id or brief.stretch.start != brief.stretch.shift.start:
            return ""
        if brief.accepted_at:
            return f"You took the shift at {tell_time(brief.accepted_at, self.zone)}."
        return "Take the shift with `!shift accept`, or react with ✅."

    def _until(self, stretch: OnCallSlot) -> str:
        return f"until {tell_hour(stretch.end, self.zone)} {tell_zone(stretch.end, self.zone)}"


def _how_many(open_ones: int, lost: Collection[date], today: date) -> str:
    many = {0: "No incident is open.", 1: "1 incident is open."}.get(open_ones, f"{open_ones} incidents are open.")
    return " ".join(filter(None, ("" if lost and not open_ones else many, tell_lost(lost, today))))
