"""The directory: whom to ask, found by however people call it; and the checks of its files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk import team_files
from opsdesk.contacts import Channel, ContactsFile, Kind, Person, Ref, Subsystem
from opsdesk.directory import Directory, either
from opsdesk.errors import Refusal, SettingsError
from opsdesk.lookup import Match, Matched
from opsdesk.runbooks import Runbook

CONTACTS = ContactsFile(
    workspace="https://team.example.com/",
    subsystems={
        "vista": Subsystem(
            "VistA",
            aliases=("vista-api",),
            people=("alice", "bob"),
            runbooks=("vista-api",),
            keywords=("RPC socket timeout", "timeout"),
        ),
        "chip": Subsystem("CHIP", people=("charlie", "alice"), keywords=("CHIP token timeout",)),
        "clinician-workflow": Subsystem("Clinician Workflow", people=("charlie",), runbooks=("sidekiq", "puma")),
        "datadog": Subsystem("Datadog"),
    },
    people={
        "alice": Person("Alice Ames", slack="U0000ALICE", email="alice@example.com"),
        "bob": Person("Bob Ames", aliases=("Bobby",), next="charlie"),
        "charlie": Person("Charlie"),
    },
    channels={"help": Channel("C0000HELP", "#check-in-help", aliases=("check-in-questions",))},
    teams={"tevi": Subsystem("TEVI", people=("charlie",))},
)
RUNBOOKS = {key: Runbook(key, key.capitalize(), "1. Look.") for key in ("vista-api", "sidekiq", "puma")}
DIRECTORY = Directory(CONTACTS, {}, RUNBOOKS)

VISTA, CHIP, WORKFLOW = (Ref(Kind.SUBSYSTEM, key) for key in ("vista", "chip", "clinician-workflow"))
ALICE, BOB = Ref(Kind.PERSON, "alice"), Ref(Kind.PERSON, "bob")
HELP = Ref(Kind.CHANNEL, "help")


@pytest.mark.parametrize(
    ("typed", "how", "found"),
    [
        ("vista", Matched.NAME, (VISTA,)),
        ("VISTA_API", Matched.NAME, (VISTA,)),
        ('"clinician workflow"', Matched.NAME, (WORKFLOW,)),
        ("CHIP/Clinician-Workflow", Matched.NAME, (CHIP, WORKFLOW)),
        ("chip and vista", Matched.NAME, (CHIP, VISTA)),
        ("Alice Ames", Matched.NAME, (ALICE,)),
        ("@Alice", Matched.NAME, (ALICE,)),
        ("alice or bobby", Matched.NAME, (ALICE, BOB)),
        ("<@U0000ALICE>", Matched.NAME, (ALICE,)),
        ("alice@example.com", Matched.NAME, (ALICE,)),
        ("ames", Matched.WORD, (ALICE, BOB)),
        ("#check-in-help", Matched.NAME, (HELP,)),
        ("#check-in-questions", Matched.NAME, (HELP,)),
        ("<#C0000HELP|check-in-renamed>", Matched.NAME, (HELP,)),
        ("<#C0000HELP>", Matched.NAME, (HELP,)),
        ("rpc socket timeouts since noon", Matched.KEYWORD, (VISTA,)),
        ("clini", Matched.START, (WORKFLOW,)),
        ("vsta", Matched.TYPO, (VISTA,)),
        ("xyzzy", Matched.NOTHING, ()),
    ],
)
def test_it_is_found_by_however_people_call_it(typed: str, how: Matched, found: tuple[Ref, ...]) -> None:
    match = DIRECTORY.find(typed)
    assert (match.how, match.found) == (how, found)


def test_pieces_that_are_not_all_names_are_no_list_of_names() -> None:
    assert DIRECTORY.find("chip/nonsense").how is not Matched.NAME


@pytest.mark.parametrize("typed", ["vista", "VistA", "vista api", "VISTA-API", "vista/api"])
def test_a_subsystem_has_one_key_however_it_is_typed(typed: str) -> None:
    assert DIRECTORY.subsystem_key(typed) == "vista"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("vsta", '"vsta" is not a subsystem I know. Did you mean `vista`?'),
        ("alice", '"alice" is not a subsystem I know. `!whois` lists the subsystems.'),
        ("", '"" is not a subsystem I know. `!whois` lists the subsystems.'),
    ],
)
def test_another_subsystem_is_refused_with_what_is_near(typed: str, told: str) -> None:
    with pytest.raises(Refusal) as refused:
        DIRECTORY.subsystem_key(typed)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[Triggered] RPC Socket Timeouts on prod", "vista"),
        ("RPC-socket-timeout", "vista"),
        ("timeout", "vista"),
        ("CHIP token timeout", "chip"),  # the longer keyword
        ("CHIP says timeout", "vista"),  # a keyword before a name
        ("Datadog: CHIP is slow", "chip"),  # of two names the first in the file
        ("chips are fine", "chip"),
        ("microchip", None),
        ("", None),
    ],
)
def test_a_text_points_to_a_subsystem_by_its_words(text: str, key: str | None) -> None:
    assert DIRECTORY.keyword_subsystem(text) == key


def test_the_line_whom_to_ask_leaves_out_what_is_unknown() -> None:
    assert [DIRECTORY.ask_line(key) for key in ("vista", "chip", "clinician-workflow", "datadog", "gone", "")] == [
        "Ask Alice Ames or Bob Ames · `!runbook vista`",
        "Ask Charlie or Alice Ames",
        "Ask Charlie · `!runbook clinician-workflow`",
        "",
        "",
        "",
    ]


def test_the_runbook_named_in_that_line_is_found() -> None:
    assert DIRECTORY.find_runbooks("vista") == Match(Matched.NAME, ("vista-api",))
    assert DIRECTORY.find_runbooks("clinician-workflow") == Match(Matched.NAME, ("sidekiq", "puma"))
    assert DIRECTORY.find_runbooks("sidekik") == Match(Matched.TYPO, ("sidekiq",), "Sidekiq")
    assert DIRECTORY.find_runbooks("datadog").how is Matched.NOTHING


def test_who_is_next_is_as_the_file_says_else_the_next_in_order() -> None:
    assert DIRECTORY.next_after("alice", ("alice", "bob")) == "bob"
    assert DIRECTORY.next_after("bob", ("bob", "alice")) == "charlie"
    assert DIRECTORY.next_after("charlie", ("alice", "charlie")) == ""


def test_names_are_joined_as_people_say_them() -> None:
    assert [either(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == ["", "A", "A or B", "A, B or C"]


def test_without_files_it_says_why_and_is_silent_where_nobody_asked() -> None:
    directory = Directory.unusable(SettingsError(["contacts.toml is missing"]))
    assert directory.ask_line("vista") == ""
    assert directory.keyword_subsystem("VistA is down") is None
    for look in (directory.find, directory.subsystem_key, directory.find_runbooks, directory.find_links):
        with pytest.raises(Refusal, match=r"contacts\.toml is missing"):
            look("vista")


@given(st.text(max_size=80))
def test_anything_at_all_can_be_asked(typed: str) -> None:
    match = DIRECTORY.find(typed)
    assert (match.how is Matched.NOTHING) == (not match.found)
    assert DIRECTORY.keyword_subsystem(typed) in (None, *CONTACTS.subsystems)
    assert set(DIRECTORY.find_runbooks(typed).found) <= RUNBOOKS.keys()


@given(st.text(max_size=30), st.sampled_from(["RPC socket timeout", "rpc-socket-timeouts"]), st.text(max_size=30))
def test_a_keyword_is_heard_whatever_stands_around_it(before: str, keyword: str, after: str) -> None:
    assert DIRECTORY.keyword_subsystem(f"{before} {keyword} {after}") == "vista"


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
        'name = "Bob"\nhours = "mornings"\nzone = "Chicago"\ndays = ["mon"]\nnext="bob"',
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
        "contacts.toml [people.bob] days: mon is not a day of the week; write monday, tuesday ...",
        'contacts.toml [channels.help] id: "general" is not a Slack channel id, such as C02UP02HHGX',
        'contacts.toml [channels.help] name: "help" should begin with #',
        'links.toml [links.stats] url: "http://example.com/a b" is not an https:// address without blanks and braces',
    ]


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
    assert found == (Ref(Kind.PERSON, "alice-2"), Ref(Kind.PERSON, "bob-2"))


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
        "contacts.toml [people.alice] name: Expected `str`, got `int`",
        "links.toml [links.stats] title: Expected `str`, got `int`",
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
    follow = team_files.follow(tmp_path, lambda wrong: told.append(str(wrong)))
    edit("contacts.toml", 'runbooks = ["sidekiq"]', 'runbooks = ["sidekiq", "puma"]')
    assert list(follow().runbooks) == ["sidekiq"]
    assert told == ['contacts.toml [subsystems.vista] runbooks: there is no runbook "puma"']
    (tmp_path / "runbooks" / "puma.md").write_text("# Puma\n\n1. Look.\n")
    assert list(follow().runbooks) == ["puma", "sidekiq"]
    assert len(told) == 1
