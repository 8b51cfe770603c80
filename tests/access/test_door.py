"""Who may have the desk do something, and who is told that they may not."""

from datetime import UTC, datetime, timedelta

import pytest

from opsdesk.access import Door, Emoji, KnownStanding, Standing, standing_of
from opsdesk.access.audit import AuditLog, Refused
from opsdesk.store import open_store

HOME, ENTERPRISE = "T0HOME00", "E0ALL000"


@pytest.mark.parametrize(
    ("user", "standing"),
    [
        ({"id": "U0ALICE", "team_id": HOME}, Standing.MEMBER),
        ({"id": "U0ALICE"}, Standing.MEMBER),
        ({"id": "U0ALICE", "team_id": "T", "is_unknown": True}, Standing.UNKNOWN),
        ({"id": "U0ALICE", "team_id": "T0OTHER0", "enterprise_user": {"enterprise_id": ENTERPRISE}}, Standing.MEMBER),
        ({"id": "U0GUEST", "team_id": HOME, "is_restricted": True}, Standing.GUEST),
        ({"id": "U0GUEST", "team_id": HOME, "is_restricted": True, "is_ultra_restricted": True}, Standing.GUEST),
        ({"id": "U0EVE", "team_id": "T0OTHER0"}, Standing.FOREIGN),
        ({"id": "U0EVE", "team_id": "T0OTHER0", "enterprise_user": {"enterprise_id": "E0OTHER0"}}, Standing.FOREIGN),
        ({"id": "U0EVE", "team_id": HOME, "is_stranger": True}, Standing.FOREIGN),
        ({"id": "U0BOT", "team_id": HOME, "is_bot": True}, Standing.APP),
        ({"id": "USLACKBOT", "team_id": HOME, "is_bot": False}, Standing.APP),
        ({"id": "U0GONE", "team_id": HOME, "deleted": True}, Standing.GONE),
    ],
)
def test_what_somebody_is_to_the_workspace(user, standing):
    assert standing_of(user, HOME, ENTERPRISE) is standing


class Doorway:
    """A door, what was told at it, the audit log, and a clock moved by hand. `flags` is what Slack knows of people."""

    def __init__(self, folder, **flags):
        self.told, self.at, self.flags = [], datetime(2026, 11, 23, 18, tzinfo=UTC), flags
        self.store = open_store(folder)
        self.audit = AuditLog(self.store.keyed("audit", Refused), UTC)
        self.door = Door(
            lambda user: {"id": user, "team_id": HOME} | self.flags,
            lambda: (HOME, ""),
            lambda room, user, text: self.told.append((room, user, text)),
            self.store.keyed("standings", KnownStanding),
            self.audit,
            lambda: self.at,
        )

    def asks(self, user):
        return self.door.admits(user, "C0GENERAL", "!incident list")


@pytest.fixture
def doorway(tmp_path):
    """Makes doors on one folder; each closes the one before."""
    made = []

    def open_one(**flags):
        if made:
            made[-1].store.close()
        made.append(Doorway(tmp_path / "state", **flags))
        return made[-1]

    yield open_one
    made[-1].store.close()


def test_a_member_is_let_in(doorway):
    door = doorway()
    assert door.asks("U0ALICE")
    assert door.told == []
    assert door.audit.of(door.at.date()) == ()


def test_a_guest_is_told_once_a_day_and_each_time_is_kept(doorway):
    door = doorway(is_restricted=True, profile={"display_name": "gus"})
    assert not door.asks("U0GUEST")
    assert not door.asks("U0GUEST")
    assert door.told == [("C0GENERAL", "U0GUEST", Standing.GUEST.told)]
    kept = Refused(door.at, "U0GUEST", "gus", "!incident list", "C0GENERAL", "A guest.")
    assert door.audit.of(door.at.date()) == (kept, kept)
    door.at += timedelta(days=1)
    assert not door.asks("U0GUEST")
    assert len(door.told) == 2


@pytest.mark.parametrize("flag", ["deleted", "is_bot"])
def test_apps_and_the_deactivated_hear_nothing(doorway, flag):
    door = doorway(**{flag: True})
    assert not door.asks("U0GONE")
    assert door.told == []


def test_an_emoji_of_a_guest_does_nothing_and_nobody_is_told(doorway):
    door = doorway(is_restricted=True)
    assert not door.door.admits_emoji("U0GUEST", "C0GENERAL", "")
    assert door.audit.of(door.at.date()) == ()
    assert not door.door.admits_emoji("U0GUEST", "C0GENERAL", ":pushpin:")
    assert [(line.by, line.what, line.why) for line in door.audit.of(door.at.date())] == [
        ("U0GUEST", ":pushpin:", "A guest.")
    ]
    assert door.told == []


@pytest.mark.parametrize(
    ("emoji", "on_a_person_s", "asks"),
    [
        ("pushpin", True, True),
        ("white_check_mark", False, True),
        ("white_check_mark", True, False),
        ("tada", False, False),
    ],
)
def test_an_emoji_asks_something_where_the_desk_hears_it(emoji, on_a_person_s, asks):
    means = Emoji(anywhere=frozenset({"pushpin"}), on_apps=frozenset({"white_check_mark"}))
    assert means.asks(emoji, on_a_person_s=on_a_person_s) is asks


def test_while_slack_cannot_say_what_was_last_known_counts_over_a_restart(doorway):
    assert doorway().asks("U0ALICE")
    assert not doorway(is_restricted=True).asks("U0GUEST")
    failing = doorway(is_unknown=True)
    assert failing.asks("U0ALICE")
    assert [failing.door.is_member(one) for one in ("U0ALICE", "U0GUEST", "U0NEW")] == [True, False, False]
    assert not failing.asks("U0GUEST")
    assert failing.told == [("C0GENERAL", "U0GUEST", Standing.GUEST.told)]


def test_the_latest_that_is_known_counts(doorway):
    door = doorway()
    assert door.asks("U0ALICE")
    door.flags = {"deleted": True}
    assert not door.asks("U0ALICE")
    assert not doorway(is_unknown=True).asks("U0ALICE")


def test_somebody_never_seen_is_asked_to_try_again_each_time(doorway):
    door = doorway(is_unknown=True)
    assert not door.asks("U0NEW")
    assert not door.asks("U0NEW")
    assert door.told == [("C0GENERAL", "U0NEW", Standing.UNKNOWN.told)] * 2
    door.flags = {}
    assert door.asks("U0NEW")


def test_whoever_is_deactivated_is_known_as_that_from_then_on(doorway):
    door = doorway()
    assert door.asks("U0ALICE")
    door.door.hear({"id": "U0ALICE", "team_id": HOME, "deleted": True})
    door.door.hear({"id": "U0NEVER", "team_id": HOME, "deleted": True})
    kept = door.store.keyed("standings", KnownStanding).all(None)
    assert {user: known.standing for user, known in kept.items()} == {"U0ALICE": "GONE"}
