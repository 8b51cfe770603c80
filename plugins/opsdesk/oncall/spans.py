"""Words for the times of shifts, and for who takes whose."""

from datetime import date, datetime, tzinfo

from opsdesk.chat import Person
from opsdesk.clock import day_of
from opsdesk.oncall.rotation import Override, is_same
from opsdesk.text import tell_hour


def tell_weekday(day: date, today: date) -> str:
    """Return "today", "tomorrow" or "Mon Nov 30", with the year if it is another one."""
    near = {0: "today", 1: "tomorrow"}.get((day - today).days)
    return near or f"{day:%a %b} {day.day}" + (f" {day.year}" if day.year != today.year else "")


def tell_span(start: datetime, end: datetime, at: datetime, zone: tzinfo) -> str:
    """Return a span of time as seen from `at`, for the middle of a sentence.

    "today, 3pm to 5pm", "on Fri Nov 27, 1pm to 8pm", "from tomorrow 1pm to Fri Nov 27 8pm".
    """
    first, last, today = day_of(start, zone), day_of(end, zone), day_of(at, zone)
    day, since, until = tell_weekday(first, today), tell_hour(start, zone), tell_hour(end, zone)
    if first != last:
        return f"from {day} {since} to {tell_weekday(last, today)} {until}"
    return f"{'' if day in ('today', 'tomorrow') else 'on '}{day}, {since} to {until}"


def shift_in(span: str) -> str:
    """Return "shift today, 3pm to 5pm", or for several days "shifts from tomorrow 1pm to Fri Nov 27 8pm"."""
    return f"shifts {span}" if span.startswith("from ") else f"shift {span}"


def whose(one: Override, reader: Person, span: str) -> str:
    """Return whose shift it is to `reader`: "your shift on Tue Dec 1, 1pm to 8pm", "Bob's shift today, ..."."""
    owner = "your" if is_same(one.giver, reader) else f"{one.giver.name}'s"
    return f"{owner} {shift_in(span)}"


def taking(one: Override, reader: Person, span: str) -> str:
    """Return who takes what to `reader`: "you take Bob's shift on ...", "Bob takes your shift ..."."""
    what = whose(one, reader, span)
    if one.taker and is_same(one.taker, reader):
        return f"you take {what}"
    return f"{one.taker.name if one.taker else 'whoever is first'} takes {what}"
