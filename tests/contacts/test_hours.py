"""The hours people keep."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from opsdesk.contacts.hours import Presence, read_hours
from opsdesk.contacts.people import Contact
from opsdesk.errors import UserError

CHICAGO = ZoneInfo("America/Chicago")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "presence"),
    [
        ("2026-11-23 07:59", Presence.OUTSIDE),
        ("2026-11-23 08:00", Presence.WITHIN),
        ("2026-11-23 15:59", Presence.WITHIN),
        ("2026-11-23 16:00", Presence.OUTSIDE),
        ("2026-11-22 12:00", Presence.OUTSIDE),  # a Sunday
        ("2026-03-09 08:00", Presence.WITHIN),  # the Monday after the clocks went forward
    ],
)
def test_hours_are_those_of_the_clock_where_somebody_is(at: str, presence: Presence) -> None:
    assert Contact("Alice", hours="8am to 4pm", zone="America/Chicago").presence(local(at)) is presence


@pytest.mark.parametrize(
    ("at", "presence"),
    [
        ("2026-11-27 21:59", Presence.OUTSIDE),
        ("2026-11-27 22:00", Presence.WITHIN),  # Friday night
        ("2026-11-28 05:59", Presence.WITHIN),  # still Friday's
        ("2026-11-28 06:00", Presence.OUTSIDE),
        ("2026-11-28 22:00", Presence.OUTSIDE),  # Saturday night is none of theirs
        ("2026-11-23 03:00", Presence.OUTSIDE),  # nor is Sunday's
    ],
)
def test_a_night_belongs_to_the_day_it_began_on(at: str, presence: Presence) -> None:
    assert Contact("Bob", hours="10pm to 6am", zone="America/Chicago").presence(local(at)) is presence


@pytest.mark.parametrize("known", [{}, {"hours": "8am to 4pm"}, {"zone": "America/Chicago"}])
def test_hours_or_zone_unknown_is_unknown(known: dict[str, str]) -> None:
    assert Contact("Charlie", **known).presence(local("2026-11-23 12:00")) is Presence.UNKNOWN


@pytest.mark.parametrize("text", ["8am to 4:30pm", "8:00 - 16:30", "8am–4:30pm"])
def test_hours_are_read_as_people_write_them(text: str) -> None:
    assert read_hours(text) == (time(8), time(16, 30))


@pytest.mark.parametrize("text", ["", "8am", "mornings", "8am to", "8am to 8am", "8am to noon to 4pm", "25 to 26"])
def test_other_hours_are_refused(text: str) -> None:
    with pytest.raises(UserError):
        read_hours(text)
