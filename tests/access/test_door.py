"""Who may have the desk do something, and who is told that they may not."""

from datetime import UTC, datetime, timedelta

import pytest

from opsdesk.access import Door, Standing, standing_of

HOME, ENTERPRISE = "T0HOME00", "E0ALL000"


@pytest.mark.parametrize(
    ("user", "standing"),
    [
        ({"id": "U0ALICE", "team_id": HOME}, Standing.MEMBER),
        ({"id": "U0ALICE"}, Standing.MEMBER),
        ({"id": "U0ALICE", "team_id": "T"}, Standing.MEMBER),
        ({"id": "U0ALICE", "team_id": "T0OTHER0", "enterprise_user": {"enterprise_id": ENTERPRISE}}, Standing.MEMBER),
        ({"id": "U0GUEST", "team_id": HOME, "is_restricted": True}, Standing.GUEST),
        ({"id": "U0GUEST", "team_id": HOME, "is_restricted": True, "is_ultra_restricted": True}, Standing.GUEST),
        ({"id": "U0EVE", "team_id": "T0OTHER0"}, Standing.FOREIGN),
        ({"id": "U0EVE", "team_id": "T0OTHER0", "enterprise_user": {"enterprise_id": "E0OTHER0"}}, Standing.FOREIGN),
        ({"id": "U0EVE", "team_id": HOME, "is_stranger": True}, Standing.FOREIGN),
        ({"id": "U0BOT", "team_id": HOME, "is_bot": True}, Standing.APP),
        ({"id": "U0GONE", "team_id": HOME, "deleted": True}, Standing.GONE),
    ],
)
def test_what_somebody_is_to_the_workspace(user, standing):
    assert standing_of(user, HOME, ENTERPRISE) is standing


class Doorway:
    """A door, what was told at it, and a clock moved by hand."""

    def __init__(self, **flags):
        self.told, self.at = [], datetime(2026, 11, 23, 18, tzinfo=UTC)
        self.door = Door(
            lambda user: {"id": user, "team_id": HOME} | flags,
            lambda: (HOME, ""),
            lambda room, user, text: self.told.append((room, user, text)),
            lambda: self.at,
        )


def test_a_member_is_let_in():
    doorway = Doorway()
    assert doorway.door.admits("U0ALICE", "C0GENERAL", "!incident list")
    assert doorway.told == []


def test_a_guest_is_told_once_a_day():
    doorway = Doorway(is_restricted=True)
    assert not doorway.door.admits("U0GUEST", "C0GENERAL", "a command")
    assert not doorway.door.admits("U0GUEST", "C0GENERAL", "a command")
    assert doorway.told == [("C0GENERAL", "U0GUEST", Standing.GUEST.told)]
    doorway.at += timedelta(days=1)
    assert not doorway.door.admits("U0GUEST", "C0GENERAL", "a command")
    assert len(doorway.told) == 2


@pytest.mark.parametrize("flag", ["deleted", "is_bot"])
def test_apps_and_the_deactivated_hear_nothing(flag):
    doorway = Doorway(**{flag: True})
    assert not doorway.door.admits("U0GONE", "C0GENERAL", "a command")
    assert doorway.told == []
