"""Who may do what, by data/permissions.toml, and what is kept of those who may not."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opsdesk import settings
from opsdesk.access import Emoji, KnownStanding, OnCall, Right, build, permissions_remarks, read_permissions
from opsdesk.chat import Command, Person, Place, Reaction
from opsdesk.commands import SPOKEN
from opsdesk.errors import SettingsError, UserError
from opsdesk.store import open_store
from tests.conftest import ROOT

AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
ALICE, BOB, CHARLIE = (Person(f"U0{name.upper()}", name) for name in ("alice", "bob", "charlie"))
EMOJI = Emoji(anywhere=frozenset({"pushpin"}), on_apps=frozenset({"white_check_mark"}))
REFUSED = "That is for whoever is on call and the admins. Ask one of them."


class Team:
    """Alice is on call, Charlie is an admin, and #visitors is shared with another workspace."""

    def __init__(
        self, folder: Path, *, admins: str = CHARLIE.id, on_call: Person | None = ALICE, file: str = ""
    ) -> None:
        data = folder / "data"
        data.mkdir()
        (data / "desk.toml").write_text((ROOT / "data" / "desk.toml").read_text())
        if file:
            (data / "permissions.toml").write_text(file)
        told = settings.read({"DESK_DATA_DIR": str(data), "DESK_STATE_DIR": str(folder), "DESK_ADMINS": admins})
        self.chat = SimpleNamespace(trusts_everybody=False, is_shared=lambda room: room == "C0VISITORS")
        self.store = open_store(folder / "state")
        rota = OnCall(lambda person, at: bool(on_call) and person.id == on_call.id, lambda: on_call is not None)
        self.access = build(told, self.store, self.chat, told.zone, self.fail, rota, EMOJI)  # type: ignore[arg-type]

    def ask(self, by: Person, right: Right, room: str = "C0OURS", what: str = "!summary post") -> str:
        """What they are told: "" if they may."""
        try:
            return self.access.check(self.command(by, "", room), what, right)
        except UserError as refusal:
            return str(refusal)

    def reacts(self, by: Person, emoji: str = "pushpin", room: str = "C0OURS", *, added: bool = True) -> bool:
        """Whether an emoji of theirs may have something done."""
        return self.access.may_react(Reaction(emoji, room, "1.0", by.id, added), AT)

    def audit(self, text: str = "") -> Any:
        return self.access.show(self.command(CHARLIE, text), self.access.settings.zone)

    def command(self, by: Person, text: str, room: str = "") -> Command:
        return Command(text=text, by=by, place=Place(room=room), at=AT)

    def fail(self, wrong: SettingsError) -> None:
        raise wrong


@pytest.mark.parametrize(
    ("by", "may"),
    [
        (ALICE, [Right.READ, Right.CHANGE, Right.PUBLISH]),
        (BOB, [Right.READ, Right.CHANGE]),
        (CHARLIE, list(Right)),
    ],
)
def test_by_default_members_change_and_whoever_is_on_call_or_an_admin_publishes(
    tmp_path: Path, by: Person, may: list[Right]
) -> None:
    team = Team(tmp_path)
    assert [right for right in Right if not team.ask(by, right)] == may


def test_where_nobody_is_an_admin_or_on_the_rotation_members_publish_and_it_is_said(tmp_path: Path) -> None:
    team = Team(tmp_path, admins="", on_call=None)
    said = "(Anybody may do this as long as nobody is an admin or on the rotation.)"
    assert team.ask(BOB, Right.PUBLISH) == said
    assert (
        team.ask(BOB, Right.ADMINISTER)
        == "That is for the admins (nobody yet: DESK_ADMINS names them). Ask one of them."
    )


def test_the_team_names_who_else_may(tmp_path: Path) -> None:
    team = Team(tmp_path, file=f'[may]\nchange = ["on call", "{BOB.id}"]\npublish = ["admins"]\n')
    assert [team.ask(one, Right.CHANGE) for one in (ALICE, BOB, CHARLIE)] == ["", "", ""]
    dave = Person("U0DAVE", "dave")
    assert team.ask(dave, Right.CHANGE) == (
        "That is for whoever is on call and 1 person named in data/permissions.toml. Ask one of them."
    )
    assert team.ask(ALICE, Right.PUBLISH) == "That is for the admins. Ask one of them."
    assert [team.reacts(one) for one in (ALICE, dave)] == [True, False]
    assert team.audit().text.endswith(
        "1:12pm U0DAVE (U0DAVE) in C0OURS: :pushpin:. "
        "That is for whoever is on call and 1 person named in data/permissions.toml. Ask one of them."
    )
    kept = len(team.audit().text.splitlines())
    assert not any([team.reacts(dave), team.reacts(dave, added=False), team.reacts(dave, "tada")])
    assert len(team.audit().text.splitlines()) == kept


def test_a_channel_shared_with_another_workspace_is_silent_unless_it_is_named(tmp_path: Path) -> None:
    team = Team(tmp_path)
    assert team.ask(CHARLIE, Right.READ, "C0VISITORS").startswith("This channel is shared with another workspace")
    assert not team.reacts(ALICE, room="C0VISITORS")
    (tmp_path / "data" / "permissions.toml").write_text('shared_channels = ["C0VISITORS"]\n')
    assert team.ask(BOB, Right.READ, "C0VISITORS") == ""


def test_at_the_console_whoever_types_may_do_everything(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.chat.trusts_everybody = True
    assert [team.ask(BOB, right, "C0VISITORS") for right in Right] == [""] * 4


def test_what_was_refused_is_listed_by_person_and_day(tmp_path: Path) -> None:
    team = Team(tmp_path)
    assert team.ask(BOB, Right.PUBLISH) == REFUSED
    team.ask(Person("U0DAVE", "=dave"), Right.ADMINISTER, "", "!desk audit")
    assert team.audit().text == (
        "2 refused to anybody on Monday, November 23, 2026:\n"
        f"1:12pm bob (U0BOB) in C0OURS: !summary post. {REFUSED}\n"
        "1:12pm =dave (U0DAVE) in private: !desk audit. That is for the admins. Ask one of them."
    )
    assert team.audit("@Bob today").text.count("\n") == 1
    assert team.audit("yesterday").text == "Nothing was refused to anybody on Sunday, November 22, 2026."
    file = team.audit("csv").file.read_text()
    assert file.splitlines()[0] == "at,id,name,what,where,why"
    assert "'=dave" in file


def test_a_mistake_in_the_file_is_told_by_key(tmp_path: Path) -> None:
    (tmp_path / "permissions.toml").write_text('[may]\npublish = ["oncall"]\nread = "members"\n')
    with pytest.raises(SettingsError) as wrong:
        read_permissions(tmp_path / "permissions.toml")
    assert "permissions.toml [may] read: " in str(wrong.value)
    (tmp_path / "permissions.toml").write_text('[may]\npublish = ["oncall"]\n')
    with pytest.raises(SettingsError, match='publish: "oncall" is nobody; did you mean "on call"'):
        read_permissions(tmp_path / "permissions.toml")


def test_who_is_nobody_and_what_is_no_channel_is_told_and_the_other_rules_stay_in_force(tmp_path: Path) -> None:
    file = tmp_path / "permissions.toml"
    file.write_text('shared_channels = ["#ours"]\n[may]\nread = ["everyone"]\nchange = ["on call"]\n')
    assert read_permissions(file).may.change == ("on call",)
    assert [*permissions_remarks(file)] == [
        'permissions.toml [may] read: "everyone" is nobody; "members" are all that the chat knows',
        'permissions.toml shared_channels: "#ours" is not a Slack channel id, such as C02UP02HHGX',
    ]


def test_what_many_are_told_of_is_not_everybody_s() -> None:
    publish = {name for name, spoken in SPOKEN.items() if spoken.right is Right.PUBLISH}
    assert publish == {
        *("summary_post", "summary_skip", "summary_resume"),
        *("alerts_mute", "alerts_unmute", "watch_off", "watch_on"),
        *("incident_announce", "desk_try"),
    }


def test_an_address_that_a_proxy_gives_in_small_letters_is_the_one_in_the_file(tmp_path: Path) -> None:
    team = Team(tmp_path, file='[may]\nread = ["Alice@Example.gov"]\n')
    named, other = (Person(address, address) for address in ("alice@example.gov", "bob@example.gov"))
    assert (team.access.may_read(named, AT), team.access.may_read(other, AT)) == (True, False)


def test_whoever_was_deactivated_reads_nothing_more_elsewhere(tmp_path: Path) -> None:
    team = Team(tmp_path)
    assert team.access.may_read(ALICE, AT)
    team.access.standings.change(None, ALICE.id, lambda before: KnownStanding("GONE", AT))
    assert not team.access.may_read(ALICE, AT)
    assert team.access.may_read(BOB, AT)


NARROWED = f'[may]\nchange = ["{BOB.id}"]\n'


@pytest.mark.parametrize(
    ("broken", "may_read", "in_force"),
    [
        ("[may\n", True, "all but reading is for the admins"),
        (f'{NARROWED}publish = "members"\n', True, "all but reading is for the admins"),
        (f'[may]\nread = ["{ALICE.id}"]\nchange = "members"\n', False, "all but reading is for the admins"),
        ('[may]\nread = ["member"]\n', False, "everything is for the admins"),
        ('[may]\nread = "members"\n', False, "everything is for the admins"),
        ('may = "members"\n', False, "everything is for the admins"),
    ],
)
def test_a_file_that_never_was_right_lets_nobody_but_the_admins_change_anything(
    tmp_path: Path, broken: str, may_read: bool, in_force: str
) -> None:
    team = Team(tmp_path, file=broken)
    team.access.file.known()
    with pytest.raises(SettingsError) as told:
        team.access.file()
    assert told.value.complaints[-1] == f"There is no earlier version to go by. Until it is right, {in_force}."
    assert (team.ask(BOB, Right.READ) == "") is may_read
    refused = "That is for the admins, as long as data/permissions.toml is wrong. Ask one of them."
    assert [team.ask(one, Right.CHANGE) for one in (ALICE, BOB)] == [refused] * 2
    assert team.ask(ALICE, Right.PUBLISH) == refused
    assert [team.ask(CHARLIE, right) for right in Right] == [""] * 4


def test_who_was_narrowed_stays_so_where_a_start_finds_the_file_wrong(tmp_path: Path) -> None:
    team = Team(tmp_path, file=NARROWED)
    team.access.file()
    team.access.file.keep()
    refused = team.ask(ALICE, Right.CHANGE)
    assert refused.startswith("That is for 1 person named in")
    (tmp_path / "data" / "permissions.toml").write_text("[may\n")
    again = build(
        team.access.settings, team.store, team.chat, team.access.settings.zone, lambda wrong: None,
        team.access.on_call, EMOJI,
    )  # type: ignore[arg-type]  # fmt: skip
    again.file()
    team.access = again
    assert [team.ask(one, Right.CHANGE) for one in (ALICE, BOB)] == [refused, ""]
