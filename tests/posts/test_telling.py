"""Direct messages about what was not sent: one each, with why it goes to them, for half a day."""

from datetime import date, timedelta

from opsdesk.posts import PostRecord, telling
from tests.oncall.stage import eastern

DAY, AT = date(2026, 11, 23), eastern("2026-11-23 20:30")


def test_each_is_told_once_and_why_it_is_them() -> None:
    people = {"U0ALICE": "", "U0BOB": "You are next."}
    alice, bob = telling(people, "given up:2026-11-23", DAY, AT, lambda why: f"Not posted. {why}".strip())
    assert (alice.key, alice.person, bob.key, bob.person) == (
        *("given up:2026-11-23:U0ALICE", "U0ALICE"),
        *("given up:2026-11-23:U0BOB", "U0BOB"),
    )
    assert [line.text for one in (alice, bob) for line in one.compose(AT, PostRecord(one.key))] == [
        "Not posted.",
        "Not posted. You are next.",
    ]
    assert (alice.day, alice.due, alice.until, alice.lapse) == (DAY, AT, AT + timedelta(hours=12), alice.until)
