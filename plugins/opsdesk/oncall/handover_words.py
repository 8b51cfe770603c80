"""Words around the start of a shift. Times are told in `zone`."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

from opsdesk import guard
from opsdesk.chat import Person, mention
from opsdesk.clock import day_of
from opsdesk.oncall.brief import Brief, OpenWork
from opsdesk.oncall.rotation import OnCallSlot, is_same
from opsdesk.posts import sentence
from opsdesk.text import tell_day, tell_hour, tell_lost, tell_time, tell_zone

LATE = timedelta(minutes=5)  # after which a shift no longer "has begun"


def brief(handed: Brief, at: datetime, zone: tzinfo) -> str:
    """Return the brief and what it asks for."""
    parts = (handed.said, _head(handed, at, zone), *_sections(handed, at, zone), _request(handed, zone))
    return "\n".join(filter(None, parts))


def line(slot: OnCallSlot, outgoing: Person | None, work: OpenWork, zone: tzinfo) -> str:
    """Return the channel's line: "Alice is on call until 8pm ET. 2 incidents are open."."""
    turn = f", taking over from {outgoing.name}" if outgoing else ""
    known = _how_many(work, slot.shift.day)
    return f"{mention(slot.primary)} is on call {_until(slot, zone)}{turn}. {known}"


def ask_again(slot: OnCallSlot, zone: tzinfo) -> str:
    """Return the second request to accept the shift."""
    return (
        f"You are on call {_until(slot, zone)} and have not taken the shift yet. "
        "Type `!shift accept` or react with ✅; `!oncall cover` finds somebody else."
    )


def untaken(slot: OnCallSlot, asked: Sequence[datetime], zone: tzinfo) -> str:
    """Return the message to the admins that nobody has accepted the shift."""
    times = " and ".join(tell_time(at, zone) for at in asked)
    return (
        f"Nobody has taken the shift {_until(slot, zone)}: {slot.primary.name} was asked at {times}. "
        "Whoever is on the rotation takes it with `!oncall take`."
    )


def unasked(slot: OnCallSlot, reason: str, zone: tzinfo) -> str:
    """Return the message to the admins that the person on call could not be asked."""
    return (
        f"{slot.primary.name} is on call {_until(slot, zone)} but could not be asked: {sentence(reason)} "
        "Whoever is on the rotation takes the shift with `!oncall take`."
    )


def topic(slot: OnCallSlot, zone: tzinfo) -> str:
    """Return the channel's topic: "On call: Alice until 8pm"."""
    return f"On call: {slot.primary.name} until {tell_hour(slot.end, zone)}"


def topic_to_paste(slot: OnCallSlot, reason: str, zone: tzinfo) -> str:
    """Return the message with the topic to set by hand."""
    return f"The channel's topic could not be set ({reason}). The line to paste:\n`/topic {topic(slot, zone)}`"


def holiday_ahead(day: date, name: str, downtimes: str, said: str) -> str:
    """Return the reminder that alerting downtimes may be needed for a holiday."""
    when = tell_day(day).rsplit(",", 1)[0]
    told = f"{when} is {name}, and this is the last working day before it: alerting downtimes may be needed."
    return "\n".join(filter(None, (said, f"{told} {downtimes}".strip())))


def _head(brief: Brief, at: datetime, zone: tzinfo) -> str:
    slot = brief.slot
    if not slot.primary.id:
        return _nobodys(slot, at, zone)
    told = f"*You are on call {_until(slot, zone)}.*"
    if brief.outgoing:
        told += f" A new turn: {slot.primary.name} takes over from {brief.outgoing.name}."
    elif brief.before and brief.before.id and not is_same(brief.before, slot.primary):
        told += f" Before you: {brief.before.name}."
    elif brief.before and brief.before.id:
        told += " You had the last shift too."
    return told + (f" Secondary: {slot.secondary.name}." if slot.secondary else "")


def _nobodys(slot: OnCallSlot, at: datetime, zone: tzinfo) -> str:
    if at - slot.start < LATE:
        return f"*A shift has begun* and lasts {_until(slot, zone)}."
    shift = slot.shift
    return f"*The shift {tell_hour(shift.start, zone)} to {tell_hour(shift.end, zone)} is on.*"


def _sections(brief: Brief, at: datetime, zone: tzinfo) -> Iterator[str]:
    if brief.open.lines:
        yield "*Open incidents*\n" + "\n".join(f"• {line}" for line in brief.open.lines)
    elif not brief.open.lost:
        yield "No incident is open."
    if brief.open.lost:
        yield tell_lost(brief.open.lost, day_of(at, zone))
    if brief.notes:
        yield "*Handed over*\n" + "\n".join(f"• {guard.plain(note)}" for note in brief.notes)
    if brief.alerts:
        yield "\n".join(brief.alerts)
    if brief.counts:
        yield "\n".join(brief.counts)


def _request(brief: Brief, zone: tzinfo) -> str:
    if not brief.slot.primary.id or brief.slot.start != brief.slot.shift.start:
        return ""
    if brief.accepted_at:
        return f"You took the shift at {tell_time(brief.accepted_at, zone)}."
    return "Take the shift with `!shift accept`, or react with ✅."


def _until(slot: OnCallSlot, zone: tzinfo) -> str:
    return f"until {tell_hour(slot.end, zone)} {tell_zone(slot.end, zone)}"


def _how_many(work: OpenWork, today: date) -> str:
    many = {0: "No incident is open.", 1: "1 incident is open."}.get(work.many, f"{work.many} incidents are open.")
    return " ".join(filter(None, ("" if work.lost and not work.many else many, tell_lost(work.lost, today))))
