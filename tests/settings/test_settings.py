"""data/desk.toml: what the desk as a whole is told."""

from datetime import date
from pathlib import Path

import pytest

from opsdesk.errors import SettingsError
from opsdesk.settings import DeskFile, QuietDay, Target, TargetKind, doubtful, follow, team_file
from opsdesk.settings import read as read_settings

HEAD = 'zone = "America/New_York"\nchannels = { go_live = { id = "C02UP02HHGX" } }\n'


def read(folder: Path, more: str) -> DeskFile:
    path = folder / "desk.toml"
    path.write_text(HEAD + more)
    return team_file.read(path, DeskFile)


def test_quiet_days_are_found_by_their_date(tmp_path: Path) -> None:
    file = read(tmp_path, 'quiet_days = [{ day = 2026-12-24, share = 0.4, name = "Christmas Eve" }]')
    quiet = file.quiet_day(date(2026, 12, 24))
    assert quiet == QuietDay(date(2026, 12, 24), 0.4, "Christmas Eve")
    assert quiet.told == "Christmas Eve, 40% of a usual day"
    assert file.quiet_day(date(2026, 12, 23)) is None
    assert read(tmp_path, "").quiet_days == ()


@pytest.mark.parametrize(
    ("days", "complaint"),
    [
        ("{ day = 2026-12-24, share = 40 }", "desk.toml [quiet_days.1] share: a number below 1 belongs here"),
        ("{ day = 2026-12-24, share = 0 }", "desk.toml [quiet_days.1] share: a number above 0 belongs here"),
        (
            "{ day = 2026-12-24, share = 0.5 }, { day = 2026-12-24, share = 0.4 }",
            "desk.toml quiet_days: 2026-12-24 is named twice",
        ),
    ],
)
def test_a_quiet_day_has_one_share_below_one(tmp_path: Path, days: str, complaint: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        read(tmp_path, f"quiet_days = [{days}]")
    assert wrong.value.complaints == (complaint,)


def test_whose_addresses_are_repeated_is_the_team_s_to_say(tmp_path: Path) -> None:
    file = read(tmp_path, '[not_private]\ndomains = ["va.gov", "example.org"]\nnumbers = ["202-555-01"]')
    assert file.not_private.domains == ("va.gov", "example.org")
    assert read(tmp_path, "").not_private.domains == ("va.gov",)
    with pytest.raises(SettingsError, match="'any' has no digit of a telephone number"):
        read(tmp_path, '[not_private]\nnumbers = ["any"]')


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("C02UP02HHGX", "#go-live", '[channels.go_live] id: "#go-live" is not a Slack channel id, such as C02UP02HHGX'),
        ("C02UP02HHGX", " C02UP02HHGX", '[channels.go_live] id: " C02UP02HHGX" is not a Slack channel id'),
        ("C02UP02HHGX", "", "[channels.go_live] id: missing; it is where the day is told"),
    ],
)
def test_on_slack_the_channel_of_the_day_is_named_by_its_id(tmp_path: Path, old: str, new: str, told: str) -> None:
    (tmp_path / "desk.toml").write_text(HEAD.replace(old, new))
    environment = {"DESK_DATA_DIR": str(tmp_path), "DESK_STATE_DIR": str(tmp_path), "SLACK_BOT_TOKEN": "xoxb-1"}
    with pytest.raises(SettingsError) as wrong:
        read_settings(environment)
    assert str(wrong.value).startswith(f"desk.toml {told}")


def test_elsewhere_a_channel_is_named_as_its_chat_does(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text(HEAD.replace("C02UP02HHGX", "#go-live"))
    environment = {"DESK_DATA_DIR": str(tmp_path), "DESK_STATE_DIR": str(tmp_path)}
    assert read_settings(environment).file.channels.go_live.id == "#go-live"


def test_what_is_of_no_use_is_told_and_keeps_no_desk_from_starting(tmp_path: Path) -> None:
    useless = (
        'not_private = { domains = ["@va.gov", "https://va.gov/", "*.va.gov"] }\n'
        'report = { channel = { id = "c0" } }\n'
        'channels = { alerts = [{ id = "#a" }],'
    )
    (tmp_path / "desk.toml").write_text(HEAD.replace("channels = {", useless))
    environment = {"DESK_DATA_DIR": str(tmp_path), "DESK_STATE_DIR": str(tmp_path), "SLACK_BOT_TOKEN": "xoxb-1"}
    assert [*doubtful(read_settings(environment).file)] == [
        '[not_private] domains: "https://va.gov/" is not a domain, such as va.gov',
        '[not_private] domains: "*.va.gov" is not a domain, such as va.gov',
        '[channels.alerts.1] id: "#a" is not a Slack channel id, such as C02UP02HHGX',
        '[report.channel] id: "c0" is not a Slack channel id, such as C02UP02HHGX',
    ]


def test_an_edit_waits_for_the_next_start_and_the_admins_hear_of_it_once(tmp_path: Path) -> None:
    read(tmp_path, "")
    told: list[str] = []
    settings = read_settings({"DESK_DATA_DIR": str(tmp_path), "DESK_STATE_DIR": str(tmp_path / "state")})
    file = follow(settings, lambda wrong: told.extend(wrong.complaints))
    read(tmp_path, 'quiet_after = "2h"\n')
    assert [file().quiet_after, file().quiet_after] == ["4h", "4h"]
    edited = "desk.toml was edited: the desk takes that with its next start."
    assert file.complaints == (edited,)
    assert told == [edited, "What it said when it was last right stays in force."]
    read(tmp_path, "")
    assert (file().quiet_after, file.complaints) == ("4h", ())


def test_who_is_told_elsewhere_is_named_without_their_address(tmp_path: Path) -> None:
    file = read(tmp_path, '[[targets]]\nname = "Sites"\nkind = "mail"\naddress = "DESK_TARGET_SITES"')
    assert file.targets == (Target("Sites", TargetKind.MAIL, "DESK_TARGET_SITES"),)
    with pytest.raises(SettingsError, match="the address itself is a secret") as wrong:
        read(tmp_path, '[[targets]]\nname = "Sites"\nkind = "mail"\naddress = "sites@example.gov"')
    assert "sites@example.gov" not in str(wrong.value)
    twice = '[[targets]]\nname = "Sites"\nkind = "mail"\naddress = "DESK_TARGET_SITES"\n' * 2
    with pytest.raises(SettingsError, match='two are called "Sites"'):
        read(tmp_path, twice)
