"""Agreements that no longer cover what they were for, since the team's file was edited: both people are told."""

import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.oncall import spans
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import OnCallSlot, Override, OverrideKind, Rotation, in_force, is_same, slots_of
from opsdesk.posts import PostLine, PostRecord, Scheduled
from opsdesk.remembered import Remembered
from opsdesk.text import tell_hour

Misfit = tuple[Override, str]

TRY_FOR = timedelta(hours=12)


class Misfits:
    """Looks through the agreements whenever the file or one of them has changed."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._found = Remembered(lambda rotation, version: misfits(rotation, roster.agreements.overrides))

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield what is told to the two people of each agreement that is not over and does not fit any more."""
        for one, why in self._found(self._roster.rotation, self._roster.agreements.version):
            people = (one.giver, one.taker) if one.end > at else ()
            for person in filter(None, people):
                if person.id:
                    yield self._notice(one, why, person, at)

    def _notice(self, one: Override, why: str, person: Person, at: datetime) -> Scheduled:
        zone = self._roster.calendar.zone

        def compose(now: datetime, before: PostRecord) -> Sequence[PostLine]:
            return [PostLine("words", told(one, why, person, now, self._roster.rotation))]

        key = f"agreement:{one.number}:{zlib.crc32(why.encode()):08x}:{person.id}"
        return Scheduled(key, day_of(one.start, zone), at, at + TRY_FOR, one.end, compose, person=person.id)


def misfits(rotation: Rotation, overrides: Sequence[Override]) -> list[Misfit]:
    """Return the accepted agreements that do not fit the rotation as it stands, each with why."""
    if rotation.wrong:
        return []
    accepted = in_force(overrides)
    undone = {one.undoes for one in accepted}
    standing = [one for one in accepted if one.kind is not OverrideKind.UNDO and one.number not in undone]
    found = ((one, _why(one, rotation, standing)) for one in standing)
    return [(one, why) for one, why in found if why]


def told(one: Override, why: str, reader: Person, at: datetime, rotation: Rotation) -> str:
    """Return what one of the two people reads."""
    span = spans.tell_span(one.start, one.end, at, rotation.calendar.zone)
    taker = one.taker.name if one.taker else "somebody"
    who = f"you take over from {one.giver.name}" if one.taker and is_same(reader, one.taker) else f"{taker} takes over"
    again = "`!oncall undo` ends the agreement, `!oncall swap` and `!oncall cover` make a new one."
    return f"data/rotation.toml was edited. You agreed that {who} {span}: {why}. {again}"


def _why(one: Override, rotation: Rotation, standing: Sequence[Override]) -> str:
    """Return why an agreement does not fit; "" where it does."""
    if one.taker and one.taker.id and not rotation.member(one.taker.id):
        return f"{one.taker.name} is no longer on the rotation, and is on call then all the same"
    slots = _slots(one, rotation, [other for other in standing if other is not one])
    if not slots:
        return "no shift is left then, so it covers nothing"
    passed_on = any(other.taker and is_same(other.taker, one.giver) for other in standing if other is not one)
    if one.kind is not OverrideKind.TAKE and not passed_on and not _had(one.giver, slots):
        return f"{slots[0].primary.name} has that shift now, not {one.giver.name}, so it covers nothing"
    return _moved(one, slots, rotation)


def _had(giver: Person, slots: Sequence[OnCallSlot]) -> bool:
    return any(is_same(slot.primary, giver) for slot in slots)


def _slots(one: Override, rotation: Rotation, others: Sequence[Override]) -> list[OnCallSlot]:
    """Return the slots, without the agreement itself, that overlap it."""
    calendar, found = rotation.calendar, list[OnCallSlot]()
    day, last = day_of(one.start, calendar.zone), day_of(one.end, calendar.zone)
    while day <= last:
        for shift in calendar.shifts_on(day):
            found += slots_of(rotation, others, shift)
        day += timedelta(days=1)
    return [slot for slot in found if slot.start < one.end and one.start < slot.end]


def _moved(one: Override, slots: Sequence[OnCallSlot], rotation: Rotation) -> str:
    """Return how the shift goes beyond a swap, or the agreement beyond the shift; "" for neither."""
    first, last = slots[0], slots[-1]
    swapped = one.kind is OverrideKind.SWAP
    begun_before = one.start > (one.answered_at or one.at)
    apart = (
        begun_before and (one.start < first.start or (swapped and one.start > first.start)),
        one.end > last.end or (swapped and one.end < last.end),
    )
    if not any(apart):
        return ""
    hour = partial(tell_hour, zone=rotation.calendar.zone)
    return f"that shift is from {hour(first.start)} to {hour(last.end)} now, which the agreement does not fit"
