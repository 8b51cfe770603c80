"""The directory: whom to ask, found by however people call it, and told in one message."""

from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.contacts.directory import Directory, either
from opsdesk.contacts.people import Contact, ContactChannel, ContactKind, ContactsFile, Ref, Subsystem, TeamsChannel
from opsdesk.contacts.runbooks import Runbook
from opsdesk.contacts.words import ContactView, whois
from opsdesk.errors import SettingsError, UserError
from opsdesk.incidents.list_words import open_on
from opsdesk.text.lookup import Match, Matched

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
        "alice": Contact("Alice Ames", slack="U0000ALICE", email="alice@example.com"),
        "bob": Contact("Bob Ames", aliases=("Bobby",), next="charlie"),
        "charlie": Contact("Charlie"),
    },
    channels={"help": ContactChannel("C0000HELP", "#check-in-help", aliases=("check-in-questions",))},
    teams={"tevi": Subsystem("TEVI", people=("charlie",))},
)
RUNBOOKS = {key: Runbook(key, key.capitalize(), "1. Look.") for key in ("vista-api", "sidekiq", "puma")}
DIRECTORY = Directory(CONTACTS, {}, RUNBOOKS)

VISTA, CHIP, WORKFLOW = (Ref(ContactKind.SUBSYSTEM, key) for key in ("vista", "chip", "clinician-workflow"))
ALICE, BOB = Ref(ContactKind.PERSON, "alice"), Ref(ContactKind.PERSON, "bob")
HELP = Ref(ContactKind.CHANNEL, "help")


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
    with pytest.raises(UserError) as refused:
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
        with pytest.raises(UserError, match=r"contacts\.toml is missing"):
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


AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")


def crowded() -> Directory:
    """More of everything than a message holds."""
    people = {f"person-{n}": Contact(f"Person With A Long Name {n}", ask=("everything " * 8,)) for n in range(300)}
    channels = {f"channel-{n}": ContactChannel(f"C{n:08}", f"#channel-{n}") for n in range(300)}
    subsystem = {"all": Subsystem("All", people=tuple(people), channels=tuple(channels))}
    subsystems = subsystem | {f"part-{n}": Subsystem(f"Part {n}", people=("person-1",)) for n in range(300)}
    return Directory(ContactsFile("https://team.example.com", subsystems, people, channels), {}, {})


@pytest.mark.parametrize("typed", ["", "all", "part", "person", "person-1", "channel", "xyzzy " * 500])
def test_any_answer_fits_one_message(typed: str) -> None:
    view = ContactView(crowded(), AT, ZONE)
    try:
        told = whois(view, typed)
    except UserError as refused:
        told = str(refused)
    assert 0 < len(told) <= 3500


def test_what_does_not_fit_is_told_to_be_left_out() -> None:
    assert whois(ContactView(crowded(), AT, ZONE), "all").endswith("\n… there is more than fits here.")
    assert "\n… and 288 more: one more word finds fewer" in whois(ContactView(crowded(), AT, ZONE), "part")


def test_incidents_that_cannot_be_read_are_unknown_not_none() -> None:
    unreadable = partial(open_on, None, AT)
    told = whois(ContactView(DIRECTORY, AT, ZONE, unreadable), "vista").split("\n")
    assert "Open incidents unknown: they cannot be read just now." in told
    assert not any(line.startswith("Open") for line in whois(ContactView(DIRECTORY, AT, ZONE), "vista").split("\n"))


def test_who_is_unknown_is_told_to_be_so() -> None:
    assert whois(ContactView(DIRECTORY, AT, ZONE), "datadog") == "*Datadog*\nWhom to ask is unknown.\nChannel unknown"


def test_where_one_of_several_can_be_reached_it_is_told_of_whom_it_is_unknown() -> None:
    assert whois(ContactView(DIRECTORY, AT, ZONE), "vista") == (
        "*VistA* · also vista-api\n"
        "1. Alice Ames · Slack https://team.example.com/team/U0000ALICE · alice@example.com · hours unknown\n"
        "2. Bob Ames · hours and contact unknown\n"
        "No answer? `!whois escalate vista`\n"
        "Channel unknown\n"
        "Runbook: `!runbook vista-api`"
    )


def test_that_nobody_can_be_reached_is_told_once_with_where_to_ask_instead() -> None:
    front = Subsystem("Front", people=("charlie", "bob"), channels=("help",), teams=TeamsChannel("Trainers"))
    alone = msgspec.structs.replace(front, name="Alone", people=("bob",), channels=(), teams=None, note="Ask early.")
    contacts = msgspec.structs.replace(CONTACTS, subsystems={"front": front, "alone": alone})
    view = ContactView(Directory(contacts, {}, {}), AT, ZONE)
    assert whois(view, "front") == (
        "*Front*\n"
        "1. Charlie\n"
        "2. Bob Ames\n"
        "No contact is kept for them: ask in <#C0000HELP|check-in-help> or Teams, Trainers.\n"
        "No answer? `!whois escalate front`"
    )
    assert whois(view, "alone") == (
        "*Alone*\n"
        "1. Bob Ames\n"
        "No contact is kept for Bob Ames, and no channel.\n"
        "No answer? `!whois escalate alone`\n"
        "Ask early."
    )


def test_a_mention_of_somebody_unknown_says_to_type_the_name() -> None:
    with pytest.raises(UserError) as refused:
        whois(ContactView(DIRECTORY, AT, ZONE), "<@U0000NOBODY>")
    assert str(refused.value) == (
        'I know nobody and nothing called "<@U0000NOBODY>". '
        "Mentions work for people whose Slack id is in contacts.toml; type the name instead."
    )
