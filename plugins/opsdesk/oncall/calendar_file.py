"""Events as an iCalendar file (RFC 5545), as Outlook, Google and Apple follow it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from opsdesk.oncall.calendar_events import Event

if TYPE_CHECKING:
    import icalendar

PRODUCT = "-//production-support-desk//on call//EN"
ASKED_AGAIN = timedelta(hours=1)


def written(name: str, events: Iterable[Event]) -> bytes:
    """Return a calendar called `name` with these events, in UTC: every clock shows them right by itself.

    The same events make the same bytes, whenever they are written.
    """
    import icalendar  # only a desk whose calendars are read needs it

    calendar = icalendar.Calendar()
    for key, value in (("PRODID", PRODUCT), ("VERSION", "2.0"), ("NAME", name), ("X-WR-CALNAME", name)):
        calendar.add(key, value)
    calendar.add("REFRESH-INTERVAL", ASKED_AGAIN, {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", icalendar.vDuration(ASKED_AGAIN))  # Outlook's word for it
    for event in events:
        calendar.add_component(_written(event))
    return bytes(calendar.to_ical())


def _written(event: Event) -> "icalendar.Event":
    """Return an event as hours in which its person is free for other things."""
    import icalendar

    made = icalendar.Event()
    for key, value in (("UID", event.id), ("SUMMARY", event.title), ("DTSTART", event.start), ("DTEND", event.end)):
        made.add(key, value)
    if event.told:
        made.add("DESCRIPTION", event.told)
    made.add("DTSTAMP", event.revision.at)
    made.add("LAST-MODIFIED", event.revision.at)
    made.add("SEQUENCE", event.revision.number)
    made.add("STATUS", "CONFIRMED")
    made.add("TRANSP", "TRANSPARENT")
    made.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
    return made
