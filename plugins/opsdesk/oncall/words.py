"""Words about the rotation: who is on call, who is next, what was asked and agreed."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo

import msgspec

from opsdesk.chat import Person, mention
from opsdesk.clock import day_of
from opsdesk.oncall.calendar_links import CalendarAddresses
from opsdesk.oncall.roster import NOBODY_YET, Colleague
from opsdesk.oncall.rotation import NOBODY, Member, OnCallSlot, Override, OverrideAnswer, OverrideKind, is_same
from opsdesk.oncall.shifts import Calendar, Shift
from opsdesk.oncall.spans import shift_in, taking, tell_span, tell_weekday, whose
from opsdesk.text import tell_day, tell_hour, tell_time, tell_zone

MANY_RUNS = 4  # lines of one answer


class RotationWords(msgspec.Struct, frozen=True):
    """The words as of `at`, with days and times in `zone`."""

    at: datetime
    zone: tzinfo

    def now(self, slot: OnCallSlot | None, coming: Iterable[OnCallSlot], accepted_at: datetime | None) -> str:
        """Return who is on call and until when, or that nobody is, and who is next."""
        following = iter(coming)
        if not slot:
            first = next(following, None)
            return f"No shift is on now.\n{self._next(first)}" if first else "No shift is on now, and none is to come."
        lines = [self._on_call(slot, accepted_at)]
        if slot.secondary:
            lines.append(f"Secondary: {self.who(slot.secondary)}")
        other = next((one for one in following if self.who(one.primary) != self.who(slot.primary)), None)
        if other:
            lines.append(self._next(other))
        elif slot.primary.id:
            lines.append("Nobody else is to come.")
        return _explained_once("\n".join(lines))

    def days(self, days: Iterable[tuple[date, Sequence[OnCallSlot]]], calendar: Calendar) -> str:
        """Return a line a day. Days without a shift are left out, except holidays."""
        told = ((day, self._slots(slots) if slots else calendar.holiday(day)) for day, slots in days)
        lines = [f"{self._head(day)}: {who}" for day, who in told if who]
        return _explained_once("\n".join(lines)) or "There is no shift in these days."

    def one_day(self, day: date, slots: Sequence[OnCallSlot], calendar: Calendar) -> str:
        """Return who is on call on a day, or that it has no shift and why."""
        who = self._slots(slots) if slots else calendar.holiday(day)
        return _explained_once(f"{self._head(day)}: {who}" if who else f"There is no shift on {tell_day(day)}.")

    def turns(self, turns: Iterable[Sequence[OnCallSlot]], many: int) -> str:
        """Return a line for each of the next `many` turns: its days, who has it, and agreements to the contrary."""
        lines = [self._turn(slots) for slots in itertools.islice(turns, many)]
        return _explained_once("\n".join(lines)) or "No turn is to come."

    def when(self, member: Member, runs: Iterable[Sequence[OnCallSlot]]) -> str:
        """Return when a member is on call from now on."""
        lines = self._runs(runs)
        return (
            "\n".join([f"{member.name} is on call:", *lines])
            if lines
            else f"{member.name} is not on call in the year to come."
        )

    def colleague(self, known: Colleague) -> str:
        """Return "*Bob* · on the rotation, next Mon Nov 30 · `!oncall when bob`"."""
        slot, which = known.slot, "on the rotation, no turn to come"
        if slot:
            which = f"on the rotation, next {self.day(slot.shift.day)}"
            which = f"on call until {self._until(slot)}" if self.at in slot else which
        return f"*{known.member.name}* · {which} · `!oncall when {known.member.key}`"

    def nearly(self, known: Colleague | None) -> str:
        """Return the line about a member, below the question whether that is who was meant; "" for nobody."""
        return f"Did you mean {known.member.name}?\n{self.colleague(known)}" if known else ""

    def mine(
        self, runs: Iterable[Sequence[OnCallSlot]], waiting: Sequence[Override], own: Sequence[Override], zone: tzinfo
    ) -> str:
        """Return when the asker is on call, also in their own `zone`, and the requests that wait for an answer."""
        when = self._runs(runs, zone)
        lines = ["You are on call:", *when] if when else ["You are not on call in the year to come."]
        lines += [f"{self._asked(one)} `!oncall accept {one.number}`" for one in waiting]
        lines += [f"You wait for an answer: {self._taking(one, one.by)}. `!oncall undo` withdraws it." for one in own]
        return "\n".join(lines)

    def asked(self, one: Override) -> str:
        """Return the request, for whoever has to answer it."""
        return f"{self._asked(one)} Type `!oncall accept` or react with ✅; `!oncall decline` says no."

    def asking(self, one: Override, untold: Mapping[str, str]) -> str:
        """Return the answer to whoever asked for a swap."""
        asked, span = one.asked or NOBODY, self.span(one.start, one.end)
        what = f"give you the {shift_in(span)}" if is_same(asked, one.giver) else f"take {whose(one, one.by, span)}"
        return self.told(f"{asked.name} is asked to {what}; nothing changes until {asked.name} accepts.", untold)

    def offered(self, one: Override, others: Sequence[Person] = ()) -> str:
        """Return the offer, for everybody who may take it."""
        asks = f"{one.giver.name} asks for cover {self.span(one.start, one.end)}."
        return " ".join([asks, *map(mention, others), "The first with `!oncall accept` or ✅ has it."])

    def offering(self, one: Override, others: Sequence[Person], untold: Mapping[str, str]) -> str:
        """Return the answer to whoever made an offer in a direct message."""
        names = ", ".join(person.name for person in others if person.name not in untold) or "nobody"
        what = f"Whoever is first takes {whose(one, one.by, self.span(one.start, one.end))}"
        return self.told(f"Asked: {names}. {what}; nothing changes until somebody accepts.", untold)

    def became(self, one: Override, days: Iterable[tuple[date, Sequence[OnCallSlot]]], reader: Person) -> str:
        """Return how a request was answered, as `reader` is told, and who is on call in those days now."""
        if one.answer is not OverrideAnswer.ACCEPTED:
            return self._refused(one, reader)
        return "\n".join([f"{self._done(one)}.", *(f"{self._head(day)}: {self._slots(slots)}" for day, slots in days)])

    def told(self, text: str, untold: Mapping[str, str]) -> str:
        """Return the text, and a line for each person who could not be told."""
        return "\n".join([text, *(f"{name} could not be told: {reason}." for name, reason in untold.items())])

    def terms(self, one: Override) -> str:
        """Return who takes what from whom: "Bob takes over from Alice tomorrow, 1pm to 8pm"."""
        taker = one.taker.name if one.taker else "Whoever is first"
        return f"{taker} takes over from {one.giver.name} {self.span(one.holds_from, one.end)}"

    def calendars(self, links: CalendarAddresses, *, replaced: bool) -> str:
        """Return a person's links, for them alone, and what becomes of them."""
        lines = [f"Your shifts: {links.own}", f"Everybody's: {links.everybody}"]
        if replaced:
            return "\n".join([*lines, "These are new. Those you had before open nothing any more."])
        how = "Subscribe to one by its address, in Outlook, Google or Apple Calendar: covers and swaps follow."
        whose = "Whoever has a link reads that calendar. `!oncall calendar new` replaces both."
        return "\n".join([*lines, how, whose])

    def shift(self, slot: OnCallSlot | None, accepted_at: datetime | None, following: OnCallSlot | None) -> str:
        """Return the shift that is on and whether it was accepted; else the next one."""
        if not slot:
            return f"No shift is on now.\n{self._next(following)}" if following else "No shift is on, none is to come."
        told = f"Shift {self.span(slot.shift.start, slot.shift.end)}: {self.who(slot.primary)}"
        if not slot.primary.id:
            return told
        return told + (self._taken(accepted_at) or ", not accepted yet: `!shift accept`")

    def accepted(self, slot: OnCallSlot, since: datetime) -> str:
        """Return that a shift was accepted."""
        already = "" if since == self.at else f" (accepted {tell_time(since, self.zone)})"
        return f"✅ {slot.primary.name} has the shift {self.span(slot.start, slot.end)}{already}."

    def who(self, person: Person) -> str:
        """Return the person's name; for a placeholder, that it is nobody yet."""
        return person.name if person.id or is_same(person, NOBODY) else NOBODY_YET

    def span(self, start: datetime, end: datetime) -> str:
        """Return a span for the middle of a sentence: "today, 3pm to 5pm", "on Fri Nov 27, 1pm to 8pm"."""
        return tell_span(start, end, self.at, self.zone)

    def day(self, day: date) -> str:
        """Return "today", "tomorrow" or "Mon Nov 30", with the year if it is another one."""
        return tell_weekday(day, day_of(self.at, self.zone))

    def hours(self, slot: OnCallSlot | Shift, zone: tzinfo | None = None) -> str:
        """Return "1pm to 8pm"."""
        zone = zone or self.zone
        return f"{tell_hour(slot.start, zone)} to {tell_hour(slot.end, zone)}"

    def _on_call(self, slot: OnCallSlot, accepted_at: datetime | None) -> str:
        whole = "" if slot.is_whole else f" (shift {self.hours(slot.shift)})"
        until = f"until {self._until(slot)}{whole}"
        if not slot.primary.id:
            return f"On call {until}: {self.who(slot.primary)}"
        return f"On call: *{slot.primary.name}* {until}{self._taken(accepted_at)}"

    def _refused(self, one: Override, reader: Person) -> str:
        """Return that a request was declined ("Bob says no: you still have the shift on Fri Nov 27, 1pm to 8pm.") or
        withdrawn.
        """
        by, is_mine = one.answered_by or NOBODY, bool(one.answered_by and is_same(one.answered_by, reader))
        withdrawn = "take back what was asked" if is_mine else "takes back what was asked"
        declined = "say no" if is_mine else "says no"
        did = declined if one.answer is OverrideAnswer.DECLINED else withdrawn
        still = "you still have" if is_same(one.giver, reader) else f"{one.giver.name} still has"
        return f"{'You' if is_mine else by.name} {did}: {still} the {shift_in(self.span(one.start, one.end))}."

    def _taking(self, one: Override, reader: Person) -> str:
        return taking(one, reader, self.span(one.start, one.end))

    def _done(self, one: Override) -> str:
        if one.kind is not OverrideKind.UNDO:
            return f"✅ {self.terms(one)}"
        had, gave = one.giver.name, one.taker.name if one.taker else "nobody"
        return f"↩ {one.by.name} has undone that {had} takes over from {gave} {self.span(one.holds_from, one.end)}"

    def _asked(self, one: Override) -> str:
        span = self.span(one.start, one.end)
        if one.asked and is_same(one.asked, one.giver):
            return f"{one.by.name} asks to take {whose(one, one.asked, span)}."
        return f"{one.by.name} asks you to take over {span}."

    def _head(self, day: date) -> str:
        told = self.day(day)
        return told[0].upper() + told[1:]

    def _span_of_days(self, slots: Sequence[OnCallSlot]) -> str:
        first, last = slots[0].shift.day, slots[-1].shift.day
        if first == last:
            return self._head(first)
        told = self._head(first).removesuffix(f" {last.year}")
        return f"{told} to {self.day(last)}"

    def _next(self, slot: OnCallSlot) -> str:
        return f"Next: {self.who(slot.primary)}, {self.day(slot.shift.day)} {self.hours(slot)} {self._zone(slot.start)}"

    def _until(self, slot: OnCallSlot) -> str:
        return f"{tell_hour(slot.end, self.zone)} {self._zone(slot.end)}"

    def _zone(self, at: datetime) -> str:
        return tell_zone(at, self.zone)

    def _taken(self, accepted_at: datetime | None) -> str:
        return f", accepted {tell_time(accepted_at, self.zone)}" if accepted_at else ""

    def _slots(self, slots: Sequence[OnCallSlot]) -> str:
        return ", ".join(f"{self.who(slot.primary)} {self.hours(slot)}" for slot in slots)

    def _turn(self, slots: Sequence[OnCallSlot]) -> str:
        shifts = dict.fromkeys(slot.shift.name for slot in slots)
        planned = {name: next(slot.planned for slot in slots if slot.shift.name == name) for name in shifts}
        who = ", ".join(
            f"{name} {self.who(one)}" if len(shifts) > 1 else self.who(one) for name, one in planned.items()
        )
        changed = [slot for slot in slots if not is_same(slot.primary, slot.planned)]
        others = [f"{self.day(slot.shift.day)} {self._short(slot)}" for slot in changed]
        return f"{self._span_of_days(slots)}: {who}" + (f" (but {', '.join(others)})" if others else "")

    def _short(self, slot: OnCallSlot) -> str:
        return self.who(slot.primary) if slot.is_whole else f"{self.hours(slot)} {self.who(slot.primary)}"

    def _runs(self, runs: Iterable[Sequence[OnCallSlot]], zone: tzinfo | None = None) -> list[str]:
        """Return a line for each series of days with the same hours, MANY_RUNS at most."""
        lines = (line for run in runs for line in self._run(run, zone))
        return list(itertools.islice(lines, MANY_RUNS))

    def _run(self, run: Sequence[OnCallSlot], zone: tzinfo | None) -> Iterator[str]:
        for hours, same in itertools.groupby(run, self.hours):
            slots = list(same)
            own = f", {self.hours(slots[0], zone)} your time" if zone and zone != self.zone else ""
            yield f"{self._span_of_days(slots)}, {hours} {self._zone(slots[0].start)}{own}"


def _explained_once(text: str) -> str:
    """Return `text` with the reason for "nobody yet" only at its first occurrence."""
    before, nobody, behind = text.partition(NOBODY_YET)
    return before + nobody + behind.replace(NOBODY_YET, "nobody yet")
