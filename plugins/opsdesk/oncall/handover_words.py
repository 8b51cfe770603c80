"""Words around the start of a shift."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

import msgspec

from opsdesk.chat import Person, mention
from opsdesk.clock import day_of
from opsdesk.oncall.brief import Brief, OpenWork
from opsdesk.oncall.rotation import OnCallSlot, is_same
from opsdesk.text import tell_day, tell_hour, tell_lost, tell_time, tell_zone

LATE = timedelta(minutes=5)  # after which a shift no longer "has begun"


class HandoverWords(msgspec.Struct, frozen=True):
    """The words, with times as `zone` shows them."""

    zone: tzinfo

    def brief(self, brief: Brief, at: datetime) -> str:
        """The brief, and what it asks for."""
        return "\n".join(
            filter(None, (brief.said, self._head(brief, at), *self._parts(brief, at), self._request(brief)))
        )

    def line(self, stretch: OnCallSlot, outgoing: Person | None, work: OpenWork) -> str:
        """ "Alice is on call until 8pm ET. 2 incidents are open."."""
        turn = f", taking over from {outgoing.name}" if outgoing else ""
        known = _how_many(work, stretch.shift.day)
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
        if brief.open.lines:
            yield "*Open incidents*\n" + "\n".join(f"• {line}" for line in brief.open.lines)
        elif not brief.open.lost:
            yield "No incident is open."
        if brief.open.lost:
            yield tell_lost(brief.open.lost, day_of(at, self.zone))
        if brief.notes:
            yield "*Handed over*\n" + "\n".join(f"• {note}" for note in brief.notes)
        if brief.counts:
            yield "\n".join(brief.counts)

    def _request(self, brief: Brief) -> str:
        if not brief.stretch.primary.id or brief.stretch.start != brief.stretch.shift.start:
            return ""
        if brief.accepted_at:
            return f"You took the shift at {tell_time(brief.accepted_at, self.zone)}."
        return "Take the shift with `!shift accept`, or react with ✅."

    def _until(self, stretch: OnCallSlot) -> str:
        return f"until {tell_hour(stretch.end, self.zone)} {tell_zone(stretch.end, self.zone)}"


def _how_many(work: OpenWork, today: date) -> str:
    many = {0: "No incident is open.", 1: "1 incident is open."}.get(work.many, f"{work.many} incidents are open.")
    return " ".join(filter(None, ("" if work.lost and not work.many else many, tell_lost(work.lost, today))))
