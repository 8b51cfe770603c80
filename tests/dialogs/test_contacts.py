"""Whom to ask: as people type it, with the files as they are shipped."""

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Conversation, MovedClock
from tests.contacts.stage import VISTA
from tests.oncall.stage import ROTATION_TOML

CHARLEY = """\
*Charley* · TEVI
Ask about CHIP, LoROTA, Clinician Workflow
No contact is kept for Charley: ask in #check-in-experience-engineering or #check-in-go-live.
No answer? Michael Kimball"""


def test_a_subsystem_is_told_by_any_of_its_names(talk: Conversation) -> None:
    for typed in ("vista", "VISTA-API", "vista api", '"vista-api"', "“vista”", "#vista"):
        assert talk(f"!whois {typed}") == VISTA, typed


def test_a_typo_is_asked_about_with_the_answer_below(talk: Conversation) -> None:
    assert talk("!whois vsta") == f"Did you mean VistA?\n{VISTA}"


def test_whoever_has_nearly_that_name_is_told_at_once(talk: Conversation) -> None:
    andy = "*Andy McCarty*\nAsk about VistA, vista-api\nNo contact is kept for Andy McCarty: ask in #check-in-go-live."
    assert talk("!whois andy mcarty") == f"Did you mean Andy McCarty?\n{andy}"
    assert talk("!whois Charlie") == f"Did you mean Charley?\n{CHARLEY}"
    assert talk("!whois bob") == "Did you mean rob?\n" + talk("!whois rob")


def test_who_is_on_the_rotation_is_found_by_name(
    talk: Conversation, clock: MovedClock, environment: dict[str, str]
) -> None:
    (Path(environment["DESK_DATA_DIR"]) / "rotation.toml").write_text(ROTATION_TOML)
    bob = "*Bob* · on the rotation, next Mon Nov 30 · `!oncall when bob`"
    assert [talk(f"!whois {typed}") for typed in ("bob", "Bob", "@bob")] == [bob, bob, bob]
    assert talk("!whois alice") == "*Alice* · on call until 8pm ET · `!oncall when alice`"
    assert talk("!whois alise") == "Did you mean Alice?\n*Alice* · on call until 8pm ET · `!oncall when alice`"
    clock.to("2026-11-30 09:00")
    assert talk("!whois bob") == "*Bob* · on the rotation, next today · `!oncall when bob`"


def test_who_is_on_the_rotation_and_in_the_directory_is_told_with_both(
    talk: Conversation, environment: dict[str, str]
) -> None:
    rotation = ROTATION_TOML.replace('name = "Bob"', 'name = "Charley"')
    (Path(environment["DESK_DATA_DIR"]) / "rotation.toml").write_text(rotation)
    line = "*Charley* · on the rotation, next Mon Nov 30 · `!oncall when bob`"
    assert talk("!whois charley") == f"{line}\n{CHARLEY}"


def test_words_of_an_error_point_to_whom_to_ask(talk: Conversation) -> None:
    assert talk("!whois RPC socket timeout") == f'"RPC socket timeout" points to vista.\n{VISTA}'


def test_a_person_is_told_with_what_to_ask_and_who_is_next(talk: Conversation) -> None:
    assert talk("!whois charley") == talk("!whois @Charley") == CHARLEY


def test_several_are_listed(talk: Conversation) -> None:
    assert talk("!whois CHIP/LoROTA") == (
        '2 are called "CHIP/LoROTA":\n'
        "• *CHIP* Charley, then Michael Kimball · `!whois chip`\n"
        "• *LoROTA* Charley, then Michael Kimball · `!whois lorota`"
    )


def test_several_of_all_kinds_are_listed(talk: Conversation) -> None:
    assert talk("!whois devops, tevi, kanchana and #check-in-releases") == (
        '4 are called "devops, tevi, kanchana and #check-in-releases":\n'
        "• *DevOps* Nathan Douglas, then Eric Oliver · `!whois devops`\n"
        "• *TEVI* Charley, then Michael Kimball · `!whois tevi`\n"
        "• *Kanchana* vets-api · `!whois kanchana`\n"
        "• #check-in-releases releases · `!whois check-in-releases`"
    )


def test_a_channel_is_told_by_name_earlier_name_or_id(talk: Conversation) -> None:
    told = (
        "#check-in-go-live · C02UP02HHGX\n"
        "Questions and issues, and the 8pm summary\n"
        "Also called #check-in-production-support\n"
        "For VistA, VEText, CHIP, LoROTA, Clinician Workflow, CIE"
    )
    for typed in ("#check-in-go-live", "check-in-production-support", "C02UP02HHGX", "<#C02UP02HHGX|go-live>"):
        assert talk(f"!whois {typed}") == told


def test_a_team_is_told_without_a_ladder(talk: Conversation) -> None:
    assert talk("!whois tevi") == (
        "*TEVI* · also TEVI team\n"
        "Told of alerts that need them, and of any anomaly in stats or error traces\n"
        "1. Charley\n"
        "2. Michael Kimball\n"
        "No contact is kept for them: ask in #check-in-experience-engineering."
    )


def test_who_does_not_watch_slack_is_found_in_teams(talk: Conversation) -> None:
    assert talk("!whois shawn adams") == (
        "*Shawn Adams*\nWhat to ask them about is unknown.\nIVC trainer · Teams: Shawn Adams · hours unknown"
    )


def test_nobody_of_that_name_says_what_to_type(talk: Conversation) -> None:
    assert talk("!whois xyzzy").split("\n")[:3] == [
        'I know nobody and nothing called "xyzzy". I know these:',
        "*Subsystems* vista, vetext, chip, lorota, clinician-workflow, vets-api, front-end, vse-cs, devops, sentry, "
        "datadog",
        "*Teams* CIE, TEVI, CHIP team",
    ]
    assert len(talk("!whois xyzzy").split("\n")) == 5


def test_whois_alone_lists_what_there_is(talk: Conversation) -> None:
    lines = talk("!whois").split("\n")
    assert lines[:3] == [
        "Type a subsystem, a person, a channel or the words of an error: `!whois vista`",
        "• *vista* Shane Elliott, Andy McCarty",
        "• *vetext* Rob Durkin",
    ]
    assert lines[-3] == "*Teams* CIE, TEVI, CHIP team"
    assert lines[-1].startswith("*Channels* #check-in-go-live, #check-in-experience-apm, ")


def test_what_is_known_of_people_is_shown_with_their_time(
    talk: Conversation, clock: MovedClock, edit: Callable[[str, str, str], None]
) -> None:
    known = """
slack = "U0123ABCD"
email = "shane@example.com"
phone = "+1 555 0100"
role = "VistA lead"
zone = "America/Denver"
hours = "8am to 4:30pm"
"""
    edit("contacts.toml", 'name = "Shane Elliott"', f'name = "Shane Elliott"{known}')
    edit("contacts.toml", 'name = "Andy McCarty"', 'name = "Andy McCarty"\nzone = "America/Chicago"\nteams = "Andy"')
    reach = (
        "1. Shane Elliott · VistA lead · Slack https://dsva.slack.com/team/U0123ABCD · shane@example.com · +1 555 0100"
    )
    assert talk("!whois vista").split("\n")[1:3] == [
        f"{reach} · 11:12am their time, within hours (8am to 4:30pm)",
        "2. Andy McCarty · Teams: Andy · 12:12pm their time, hours unknown",
    ]
    clock.forward(hours=6)
    assert talk("!whois vista").split("\n")[1] == f"{reach} · 5:12pm their time, outside hours (8am to 4:30pm)"


def test_open_incidents_on_it_are_shown(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open VistA timeouts on pre-check-in --sev 2 --on vista")
    talk("!incident open CHIP tokens refused --on chip")
    clock.forward(minutes=18)
    assert talk("!whois vista").split("\n")[5] == "Open: #1 VistA timeouts on pre-check-in · sev 2 · 18 minutes"
    talk("!incident resolve 1 vista-api restarted")
    assert "Open" not in talk("!whois vista")


def test_more_than_three_open_incidents_are_counted(talk: Conversation) -> None:
    for number in range(5):
        talk(f"!incident open VistA is slow {number} --on vista")
    assert talk("!whois vista").split("\n")[8] == "2 more open: `!incident list vista`"


def test_an_opened_incident_says_whom_to_ask(talk: Conversation) -> None:
    assert talk("!incident open Timeouts --on VISTA_API").endswith(
        "Ask Shane Elliott or Andy McCarty · `!runbook vista`"
    )


def test_the_ladder_has_the_minutes_of_the_incident(talk: Conversation, clock: MovedClock) -> None:
    assert talk("!whois escalate vista") == (
        "*VistA*: minutes without an answer, from when you first asked\n"
        "At once: Shane Elliott\n"
        "After 15 minutes: Andy McCarty\n"
        "After 30 minutes: major incident, with an incident commander · `!links playbook`\n"
        "In #check-in-go-live"
    )
    talk("!incident open VistA timeouts --sev 3 --on vista")
    clock.forward(minutes=18)
    assert talk("!whois escalate #1") == (
        "*VistA*: #1 VistA timeouts, opened 18 minutes ago\n"
        "✓ At once: Shane Elliott\n"
        "➜ After 15 minutes (1:27pm): Andy McCarty\n"
        "    After 30 minutes (1:42pm): major incident: `!incident update 1 --sev 2`, "
        "with an incident commander · `!links playbook`\n"
        "In #check-in-go-live"
    )
