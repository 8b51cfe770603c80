"""A rotation for tests: Alice, Bob and Charlie, a week each from Monday, November 23, 2026, 1pm to 8pm Eastern."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opsdesk.oncall.rotation import Member, Pattern, Rotation
from opsdesk.oncall.shifts import Calendar, ShiftTimes

EASTERN = ZoneInfo("America/New_York")
WEEKDAYS = frozenset(range(5))
WEEK, SPRINT = timedelta(weeks=1), timedelta(weeks=2)
SUPPORT = ShiftTimes("support", time(13), time(20), WEEKDAYS)
MORNING = ShiftTimes("morning", time(7), time(13), WEEKDAYS)
AFTERNOON = ShiftTimes("afternoon", time(13), time(20), WEEKDAYS)

ALICE = Member("alice", "U0ALICE", "Alice", EASTERN)
BOB = Member("bob", "U0BOB", "Bob", ZoneInfo("America/Los_Angeles"))
CHARLIE = Member("charlie", "U0CHARLIE", "Charlie", EASTERN)
FIRST = Member("first", "", "First Engineer", EASTERN)
TEAM = (ALICE, BOB, CHARLIE)

WEEKLY = Rotation(
    Calendar(EASTERN, (SUPPORT,)), TEAM, (Pattern(date(2026, 11, 23), WEEK, {"support": TEAM}),), "https://dd.example"
)
SPRINTS = Rotation(
    Calendar(EASTERN, (MORNING, AFTERNOON)),
    TEAM,
    (Pattern(date(2026, 1, 5), SPRINT, {"morning": (ALICE, BOB), "afternoon": (CHARLIE, ALICE, BOB)}, standby=True),),
)

ROTATION_TOML = """
[people]
alice = { id = "@alice", name = "Alice" }
bob = { id = "@bob", name = "Bob", zone = "America/Los_Angeles" }
charlie = { id = "@charlie", name = "Charlie" }

[[shifts]]
name = "support"
start = "1pm"
end = "8pm"

[[turns]]
first_day = 2026-11-23
each = "week"
order.support = ["alice", "bob", "charlie"]

[holidays]
downtimes = "https://dd.example/downtimes"
"""


def eastern(local: str) -> datetime:
    """The moment at which clocks in New York show "2026-11-23 15:35"."""
    return datetime.fromisoformat(local).replace(tzinfo=EASTERN).astimezone(UTC)
