"""The team's contacts, links and runbooks read together: every mistake told at once, by file, table and key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from opsdesk.contacts import file as team_files
from opsdesk.contacts.people import ContactKind, Ref
from opsdesk.errors import SettingsError

Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """A small set of right files in `tmp_path`, and a way to change them."""
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "sidekiq.md").write_text("# Sidekiq\n\n1. Open [the stats](link:stats).\n")
    (tmp_path / "links.toml").write_text('[links.stats]\ntitle = "Stats"\nurl = "https://example.com/stats"\n')
    (tmp_path / "contacts.toml").write_text(
        """
        workspace = "https://team.example.com"
        [subsystems.vista]
        name = "VistA"
        people = ["alice"]
        channels = ["help"]
        links = ["stats"]
        runbooks = ["sidekiq"]
        keywords = ["timeout"]
        [people.alice]
        name = "Alice"
        [people.bob]
        name = "Bob"
        [channels.help]
        id = "C0123ABCD"
        name = "#help"
        """
    )

    def change(name: str, before: str, after: str) -> None:
        path = tmp_path / name
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))

    return change


def complaints(folder: Path) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        team_files.read(folder)
    return list(raised.value.complaints)


def test_right_files_make_a_directory(edit: Edit, tmp_path: Path) -> None:
    assert team_files.read(tmp_path).ask_line("vista") == "Ask Alice · `!runbook vista`"


def test_dead_references_are_told_by_file_table_and_key_all_at_once(edit: Edit, tmp_path: Path) -> None:
    edit("contacts.toml", 'people = ["alice"]', 'people = ["alise", "nobody"]')
    edit("contacts.toml", 'channels = ["help"]', 'channels = ["halp"]')
    edit("contacts.toml", 'links = ["stats"]', 'links = ["states"]')
    edit("contacts.toml", 'runbooks = ["sidekiq"]', 'runbooks = ["puma"]')
    edit("contacts.toml", 'name = "Bob"', 'name = "Bob"\nnext = "zoe"')
    edit("runbooks/sidekiq.md", "(link:stats)", "(link:stat) and [puma](runbook:puma)")
    assert complaints(tmp_path) == [
        'contacts.toml [subsystems.vista] people: there is no person "alise", did you mean alice?',
        'contacts.toml [subsystems.vista] people: there is no person "nobody"',
        'contacts.toml [subsystems.vista] channels: there is no channel "halp", did you mean help?',
        'contacts.toml [subsystems.vista] links: there is no link "states", did you mean stats?',
        'contacts.toml [subsystems.vista] runbooks: there is no runbook "puma"',
        'contacts.toml [people.bob] next: there is no person "zoe"',
        'runbooks/sidekiq.md text: there is no link "stat", did you mean stats?',
        'runbooks/sidekiq.md text: there is no runbook "puma"',
    ]


def test_bad_ids_addresses_hours_and_zones_are_told(edit: Edit, tmp_path: Path) -> None:
    edit("contacts.toml", '"https://team.example.com"', '"team.example.com"')
    edit("contacts.toml", "C0123ABCD", "general")
    edit("contacts.toml", '"#help"\n        ', '"help"\n')
    edit("contacts.toml", 'name = "Alice"', 'name = ""\nslack = "alice"\nemail = "alice"\nphone = "ask her"')
    edit(
        "contacts.toml",
        'name = "Bob"',
        'name = "Bob"\nhours = "mornings"\nzone = "Chicago"\ndays = ["Mon", "mittwoch"]\nnext="bob"',
    )
    edit("contacts.toml", 'runbooks = ["sidekiq"]', 'teams = { name = "Field", url = "teams.example.com" }')
    edit("links.toml", "https://example.com/stats", "http://example.com/a b")
    assert complaints(tmp_path) == [
        'contacts.toml workspace: "team.example.com" is not an https:// address without blanks and braces',
        "contacts.toml [subsystems.vista] teams.url: "
        '"teams.example.com" is not an https:// address without blanks and braces',
        "contacts.toml [people.alice] name: empty",
        'contacts.toml [people.alice] slack: "alice" is not a Slack user id, such as U01ABCDEF',
        'contacts.toml [people.alice] email: "alice" is not an e-mail address',
        'contacts.toml [people.alice] phone: "ask her" is not a telephone number',
        "contacts.toml [people.bob] next: they cannot be next after themselves",
        'contacts.toml [people.bob] hours: "mornings" are not hours I can read. Write them as 8am to 4:30pm.',
        'contacts.toml [people.bob] zone: "Chicago" is not a time zone, such as America/Chicago',
        'contacts.toml [people.bob] days: "mittwoch" is no day of the week; write monday, tuesday ...',
        'contacts.toml [channels.help] id: "general" is not a Slack channel id, such as C02UP02HHGX',
        'contacts.toml [channels.help] name: "help" should begin with #',
        'links.toml [links.stats] url: "http://example.com/a b" is not an https:// address without blanks and braces',
    ]


def test_a_folder_of_runbooks_that_is_not_there_is_told_once(edit: Edit, tmp_path: Path) -> None:
    edit("contacts.toml", "[people.alice]", '[teams.tevi]\nname = "TEVI"\nrunbooks = ["sidekiq"]\n[people.alice]')
    (tmp_path / "runbooks").rename(tmp_path / "Runbooks")
    assert complaints(tmp_path) == ["contacts.toml runbooks: there is no folder runbooks beside this file"]


def test_a_name_of_a_subsystem_that_is_an_alias_of_another_is_told_as_its_name(edit: Edit, tmp_path: Path) -> None:
    edit("contacts.toml", "[people.alice]", '[subsystems.chip]\nname = "VISTA"\n[people.alice]')
    assert complaints(tmp_path) == ['contacts.toml [subsystems.chip] name: "VISTA" is a name of [subsystems.vista] too']


def test_hours_without_a_zone_are_told(edit: Edit, tmp_path: Path) -> None:
    edit("contacts.toml", 'name = "Bob"', 'name = "Bob"\nhours = "8am to 4pm"')
    assert complaints(tmp_path) == [
        "contacts.toml [people.bob] zone: missing; hours are those of a time zone, such as America/Chicago"
    ]


def test_a_name_given_twice_is_told(edit: Edit, tmp_path: Path) -> None:
    edit("contacts.toml", 'name = "Bob"', 'name = "Bob"\naliases = ["VISTA", "A-lice"]')
    assert complaints(tmp_path) == [
        'contacts.toml [people.bob] aliases: "VISTA" is a name of [subsystems.vista] too',
        'contacts.toml [people.bob] aliases: "A-lice" is a name of [people.alice] too',
    ]


def test_namesakes_are_allowed_and_listed(edit: Edit, tmp_path: Path) -> None:
    edit("contacts.toml", "[people.bob]", '[people.alice-2]\nname = "Bob"\n[people.bob-2]')
    found = team_files.read(tmp_path).find("bob").found
    assert found == (Ref(ContactKind.PERSON, "alice-2"), Ref(ContactKind.PERSON, "bob-2"))


def test_a_keyword_given_twice_or_empty_is_told(edit: Edit, tmp_path: Path) -> None:
    more = '[subsystems.chip]\nname = "CHIP"\nkeywords = ["Time-out", "?"]\n[people.alice]'
    edit("contacts.toml", "[people.alice]", more)
    assert complaints(tmp_path) == [
        'contacts.toml [subsystems.chip] keywords: "Time-out" is a keyword of [subsystems.vista] too',
        'contacts.toml [subsystems.chip] keywords: "?" has no letter in it',
    ]


def test_an_address_with_its_times_frozen_or_given_twice_is_told(edit: Edit, tmp_path: Path) -> None:
    frozen = "https://example.com/stats?from_ts=1653411458112&to_ts=1653415058112&live=true"
    edit("links.toml", "https://example.com/stats", frozen)
    with (tmp_path / "links.toml").open("a") as file:
        file.write(f'[links.again]\ntitle = "Again"\nurl = "{frozen}"\n')
    always = "url: shows the same hour for ever; write {from_ms} and {to_ms} for the times in it"
    assert complaints(tmp_path) == [
        f"links.toml [links.stats] {always}",
        f"links.toml [links.again] {always}",
        "links.toml [links.again] url: the same as that of [links.stats]",
    ]


def test_a_wrong_table_is_not_told_again_wherever_it_is_named(edit: Edit, tmp_path: Path) -> None:
    edit("contacts.toml", 'name = "Alice"', "name = 5")
    edit("links.toml", 'title = "Stats"', "title = 5")
    (tmp_path / "runbooks" / "sidekiq.md").write_text("no title")
    assert complaints(tmp_path) == [
        "contacts.toml [people.alice] name: text in quotes belongs here, not a whole number",
        "links.toml [links.stats] title: text in quotes belongs here, not a whole number",
        'runbooks/sidekiq.md: the first line is not a title, such as "# vista-api"',
    ]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(edit: Edit, tmp_path: Path) -> None:
    (tmp_path / "contacts.toml").unlink()
    edit("links.toml", "https://", "ftp://")
    assert complaints(tmp_path) == [
        f"contacts.toml is missing: it should be {tmp_path / 'contacts.toml'}.",
        'links.toml [links.stats] url: "ftp://example.com/stats" is not an https:// address without blanks and braces',
    ]


def test_a_reference_to_a_file_not_yet_written_is_right_once_it_is(edit: Edit, tmp_path: Path) -> None:
    told: list[str] = []
    follow = team_files.follow(tmp_path, lambda wrong: told.append(wrong.complaints[0]))
    assert list(follow().runbooks) == ["sidekiq"]
    edit("contacts.toml", 'runbooks = ["sidekiq"]', 'runbooks = ["sidekiq", "puma"]')
    assert list(follow().runbooks) == ["sidekiq"]
    assert told == ['contacts.toml [subsystems.vista] runbooks: there is no runbook "puma"']
    (tmp_path / "runbooks" / "puma.md").write_text("# Puma\n\n1. Look.\n")
    assert list(follow().runbooks) == ["puma", "sidekiq"]
    assert len(told) == 1
