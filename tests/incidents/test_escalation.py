"""The ladder: whom to ask when nobody answers, by the minutes of the incident."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opsdesk.chat.chat import MessageRef, Person, Place
from opsdesk.contacts.directory import Directory
from opsdesk.contacts.people import Contact as Contact
from opsdesk.contacts.people import ContactChannel, ContactsFile, Subsystem
from opsdesk.errors import UserError
from opsdesk.incidents import escalation
from opsdesk.incidents.escalation_words import escalation as told
from opsdesk.incidents.incident import Incident
from opsdesk.incidents.log import IncidentLog
from opsdesk.incidents.rules import Change
from opsdesk.store import open_store

ZONE = ZoneInfo("America/New_York")
AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
ROOM = Place(room="C0123ABCD", thread=f"{AT.timestamp():.6f}")
DIRECTORY = Directory(
    ContactsFile(
        "https://team.example.com",
        {
            "vista": Subsystem("VistA", people=("alice", "bob", "charlie"), channels=("help",)),
            "chip": Subsystem("CHIP", people=("bob", "alice")),
            "datadog": Subsystem("Datadog"),
        },
        {
            "alice": Contact("Alice", hours="8am to 4pm", zone="America/Denver"),
            "bob": Contact("Bob", next="charlie"),
            "charlie": Contact("Charlie"),
        },
        {"help": ContactChannel("C0123ABCD", "#help")},
    ),
    {},
    {},
)


@pytest.fixture
def incidents(tmp_path: Path) -> Iterator[IncidentLog]:
    store = open_store(tmp_path)
    yield IncidentLog(store, ZONE)
    store.close()


def opened(incidents: IncidentLog, on: str | None, severity: int = 3) -> Incident:
    """An incident whose card heads the thread of ROOM."""
    change = Change(title="VistA timeouts", subsystem=on, severity=severity)
    incident = incidents.open(change, at=AT, by=Person("U1", "alice"), place=ROOM)
    incidents.place(incident.number, MessageRef(room=ROOM.room, ts=ROOM.thread))
    return incidents.get(incident.number)


def answer(typed: str, place: Place, incidents: IncidentLog, *, minutes: int) -> str:
    read = escalation.read(typed, place, DIRECTORY, incidents)
    return told(read, DIRECTORY, AT + timedelta(minutes=minutes), ZONE)


def test_outside_a_thread_the_ladder_has_no_clock(incidents: IncidentLog) -> None:
    assert answer("vista", Place(), incidents, minutes=18) == (
        "*VistA*: minutes without an answer, from when you first asked\n"
        "At once: Alice (11:30am their time, within hours (8am to 4pm))\n"
        "After 15 minutes: Bob or Charlie\n"
        "After 30 minutes: major incident, with an incident commander · `!links playbook`\n"
        "In <#C0123ABCD|help>"
    )


@pytest.mark.parametrize(
    ("minutes", "ago", "marks"),
    [
        (0, "less than a minute", ["➜ ", "    ", "    "]),
        (14, "14 minutes", ["➜ ", "    ", "    "]),
        (15, "15 minutes", ["✓ ", "➜ ", "    "]),
        (29, "29 minutes", ["✓ ", "➜ ", "    "]),
        (30, "30 minutes", ["✓ ", "✓ ", "➜ "]),
        (300, "5 hours", ["✓ ", "✓ ", "➜ "]),
    ],
)
def test_in_the_thread_of_an_incident_its_minutes_count(
    incidents: IncidentLog, minutes: int, ago: str, marks: list[str]
) -> None:
    opened(incidents, "chip")
    assert answer("", ROOM, incidents, minutes=minutes) == (
        f"*CHIP*: #1 VistA timeouts, opened {ago} ago\n"
        f"{marks[0]}At once: Bob\n"
        f"{marks[1]}After 15 minutes (1:27pm): Charlie\n"
        f"{marks[2]}After 30 minutes (1:42pm): major incident: `!incident update 1 --sev 2`, "
        "with an incident commander · `!links playbook`"
    )


@pytest.mark.parametrize("typed", ["1", "#1", "INC-1", "vista #1", "1 vista", "vsta 1"])
def test_elsewhere_its_number_does(incidents: IncidentLog, typed: str) -> None:
    opened(incidents, "vista", severity=1)
    assert answer(typed, Place(), incidents, minutes=20).split("\n")[3] == (
        "    After 30 minutes (1:42pm): major incident, with an incident commander · `!links playbook`"
    )


def test_another_subsystem_may_be_asked_for_in_the_thread(incidents: IncidentLog) -> None:
    opened(incidents, "vista")
    assert answer("chip", ROOM, incidents, minutes=1).startswith("*CHIP*: #1 VistA timeouts, opened 1 minute ago\n➜ ")


def test_somebody_who_does_not_answer_may_be_named_instead(incidents: IncidentLog) -> None:
    opened(incidents, "chip")
    assert answer("charlie", Place(), incidents, minutes=0) == answer("vista", Place(), incidents, minutes=0)


def test_a_resolved_incident_counts_no_minutes(incidents: IncidentLog) -> None:
    opened(incidents, "chip")
    incidents.resolve(1, Change(), at=AT + timedelta(minutes=5), by=Person("U1", "alice"))
    assert answer("#1", Place(), incidents, minutes=18) == (
        "*CHIP*: #1 is resolved, so no minutes count\n"
        "At once: Bob\n"
        "After 15 minutes: Charlie\n"
        "After 30 minutes: major incident, with an incident commander · `!links playbook`"
    )


def test_where_nobody_is_named_it_says_so(incidents: IncidentLog) -> None:
    assert answer("datadog", Place(), incidents, minutes=0).split("\n")[1:3] == [
        "At once: nobody is named",
        "After 15 minutes: nobody is named",
    ]


def test_a_subsystem_taken_out_of_the_file_keeps_its_ladder(incidents: IncidentLog) -> None:
    opened(incidents, "gone")
    assert answer("#1", Place(), incidents, minutes=0).startswith("*gone*: #1 VistA timeouts")


def test_what_cannot_be_escalated_is_refused_with_what_to_type(incidents: IncidentLog) -> None:
    opened(incidents, None)
    cases = {
        ("", Place()): "On what? `!whois escalate vista`, or `!whois escalate #12` for an incident.",
        ("", ROOM): "#1 is on no subsystem. `!incident update 1 --on vista`, or `!whois escalate vista`.",
        ("#9", ROOM): "There is no incident #9. The latest is #1; `!incident list` shows what is open.",
        ("the moon", ROOM): '"the moon" is not a subsystem I know. `!whois` lists the subsystems.',
        ("alice", ROOM): (
            "Alice is asked about more than one thing: `!whois escalate vista` or `!whois escalate chip`."
        ),
    }
    for (typed, place), refusal in cases.items():
        with pytest.raises(UserError) as refused:
            answer(typed, place, incidents, minutes=0)
        assert str(refused.value) == refusal
