"""Whom to ask, where to look, what to do: as people type it, with the files as they are shipped."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Conversation, MovedClock
from rota import ROTATION_TOML

HOUR = "from_ts=1795453920000&to_ts=1795457520000&live=true"
TRACES = (
    "https://tevi.ddog-gov.com/apm/traces?query=env%3Aprod%20-service%3A%28clinician-workflow-defaultdb%20OR%20"
    "clinician-workflow-cache%29%20-status%3Aok%20-%40http.path_group%3A%28%22%2Flambda%2Fflush%22%20OR%20%22"
    "%2Flambda%2Fhello%22%29&cols=core_service%2Ccore_resource_name%2Clog_duration%2Clog_http.method%2C"
    "log_http.status_code&historicalData=false&messageDisplay=inline&sort=desc&spanViewType=logs"
    "&start=1795453920000&end=1795457520000&paused=false"
)
VISTA = f"""\
*VistA* · also vista-api
1. Shane Elliott
2. Andy McCarty
No contact is kept for them: ask in #check-in-go-live.
No answer: `!whois escalate vista`
Runbook: `!runbook vista-api`
vista-api dashboard: https://tevi.ddog-gov.com/dashboard/pa4-jzg-492/vista-api?{HOUR}
vista-api in VEText's Datadog: https://vetext.ddog-gov.com/dashboard/vu4-t9w-xzs?{HOUR}
vista-api troubleshooting thread: https://dsva.slack.com/archives/C022AC2STBM/p1653417300546239"""
CHARLEY = """\
*Charley* · TEVI
Ask about CHIP, LoROTA, Clinician Workflow
No contact is kept for Charley: ask in #check-in-experience-engineering or #check-in-go-live.
No answer: Michael Kimball"""


@pytest.fixture
def edit(environment: dict[str, str]) -> Callable[[str, str, str], None]:
    """Changes one of the team's files, as somebody with an editor would."""

    def change(name: str, before: str, after: str) -> None:
        path = Path(environment["DESK_DATA_DIR"]) / name
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))

    return change


@pytest.fixture
def admin(environment: dict[str, str], start: Callable[[], Conversation]) -> Conversation:
    """A desk that has charlie for an admin."""
    environment["DESK_ADMINS"] = "charlie"
    return start()


@pytest.mark.parametrize("typed", ["vista", "VISTA-API", "vista api", '"vista-api"', "“vista”", "#vista"])
def test_a_subsystem_is_told_by_any_of_its_names(talk: Conversation, typed: str) -> None:
    assert talk(f"!whois {typed}") == VISTA


def test_a_typo_is_asked_about_with_the_answer_below(talk: Conversation) -> None:
    assert talk("!whois vsta") == f"Did you mean VistA?\n{VISTA}"


def test_a_name_nearly_like_another_one_is_not_taken_for_that_person(talk: Conversation) -> None:
    assert talk("!whois bob") == 'I know nobody called "bob". Close: Rob Durkin, `!whois rob`.'
    assert talk("!whois rob").startswith("*Rob Durkin*\n")
    assert talk("!whois Charlie") == 'I know nobody called "Charlie". Close: Charley, `!whois charley`.'


def test_who_is_on_the_rotation_is_found_by_name(
    talk: Conversation, clock: MovedClock, environment: dict[str, str]
) -> None:
    (Path(environment["DESK_DATA_DIR"]) / "rotation.toml").write_text(ROTATION_TOML)
    bob = "*Bob* · on the rotation, next Mon Nov 30 · `!oncall when bob`"
    assert [talk(f"!whois {typed}") for typed in ("bob", "Bob", "@bob")] == [bob, bob, bob]
    assert talk("!whois alice") == "*Alice* · on call until 8pm ET · `!oncall when alice`"
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
    assert talk("!whois xyzzy") == 'I know nobody and nothing called "xyzzy". `!whois` lists whom and what I know.'


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


def test_links_are_found_with_what_to_look_for(talk: Conversation) -> None:
    assert talk("!links sidekiq").split("\n")[:4] == [
        "*Clinician Workflow Stats* (the last hour, live)",
        f"https://tevi.ddog-gov.com/dashboard/zix-s83-2u8/cw-stats?{HOUR}",
        "• Sidekiq enqueued: rises when vista-api is slow or failing",
        "• Puma Backlog: rising means puma cannot keep up with the requests",
    ]
    assert talk("!links the moon") == 'No link speaks of "the moon". `!links` lists them all.'


def test_all_links_are_listed(talk: Conversation) -> None:
    lines = talk("!links").split("\n")
    assert lines[0] == "18 links; `!links sidekiq` finds by words"
    assert lines[3] == "• *Error Traces* `!links error-traces`"
    assert len(lines) == 19


def test_a_runbook_is_told_step_by_step(talk: Conversation) -> None:
    assert talk("!runbook lorota") == (
        "*LoROTA*\n"
        "1. Open the LoROTA dashboard.\n"
        "2. Open the vets-api dashboard: do the calls to LoROTA for tokens or for data fail?\n"
        "3. Ask Charley, then Michael Kimball, in #check-in-experience-engineering. "
        "No answer: `!whois escalate lorota`.\n"
        "\n"
        f"*LoROTA dashboard* https://tevi.ddog-gov.com/dashboard/9ss-nrd-bj9?{HOUR}\n"
        "*vets-api dashboard* https://vagov.ddog-gov.com/dashboard/zps-5fk-azw/check-in-vets-api"
    )


def test_a_runbook_says_where_the_links_it_speaks_of_stand(talk: Conversation) -> None:
    assert talk("!runbook vista-api") == (
        "*vista-api*\n"
        "1. Open the vista-api dashboard: REST errors, *RPC Socket Timeout*, *Connection Refused*.\n"
        "2. Open Clinician Workflow Stats: *Sidekiq enqueued* rises when vista-api is slow or failing.\n"
        "3. Look at the error traces. One failed job there is no cause for concern: `!runbook sidekiq`.\n"
        "4. More than a few errors, or a line that keeps rising: `!incident open`, "
        "and tell TEVI in #check-in-experience-engineering, tagging Charley or Michael Kimball.\n"
        "5. VistA itself, or vista-api: ask Shane Elliott or Andy McCarty. No answer: `!whois escalate vista`.\n"
        "\n"
        "How it was troubleshot before: the thread below.\n"
        "\n"
        f"*vista-api dashboard* https://tevi.ddog-gov.com/dashboard/pa4-jzg-492/vista-api?{HOUR}\n"
        f"*Clinician Workflow Stats* https://tevi.ddog-gov.com/dashboard/zix-s83-2u8/cw-stats?{HOUR}\n"
        f"*Error Traces* {TRACES}\n"
        "*vista-api troubleshooting thread* https://dsva.slack.com/archives/C022AC2STBM/p1653417300546239"
    )
    assert talk("!runbook chip").split("\n")[5] == "5. From their side: 2022 Production Rollout Support, below."
    assert talk("!runbook check-in-apm-alert").split("\n")[-4] == (
        "The order of the playbook below: acknowledge, identify, contain, resolve, recover, document."
    )


def test_runbooks_are_listed_and_found_by_subsystem(talk: Conversation) -> None:
    assert talk("!runbook").split("\n")[:2] == ["Runbooks:", "• *Check-in APM alert* `!runbook check-in-apm-alert`"]
    assert talk("!runbook vista") == talk("!runbook vista-api")
    assert talk("!runbook CW") == (
        '3 for "CW":\n'
        "• *Error traces* `!runbook error-traces`\n"
        "• *Sidekiq* `!runbook sidekiq`\n"
        "• *Puma* `!runbook puma`"
    )
    assert talk("!runbook the moon") == 'There is no runbook for "the moon". `!runbook` lists them.'


def test_an_edit_takes_effect_at_once(talk: Conversation, edit: Callable[[str, str, str], None]) -> None:
    edit("contacts.toml", 'people = ["rob-durkin"]', 'people = ["kanchana"]')
    edit("links.toml", "zix-s83-2u8/cw-stats?", "new-one-abc/cw-stats?")
    edit("runbooks/puma.md", "# Puma\n", "# Puma and more\n")
    assert talk("!whois vetext").split("\n")[1] == "1. Kanchana"
    assert "/new-one-abc/" in talk("!links cw-stats")
    assert talk("!runbook puma").startswith("*Puma and more*\n")


def test_a_wrong_edit_changes_nothing_and_the_admins_are_told(
    admin: Conversation, edit: Callable[[str, str, str], None]
) -> None:
    assert admin("!whois vista") == VISTA
    edit("contacts.toml", 'people = ["shane-elliott", "andy-mccarty"]', 'people = ["shane", "andy-mccarty"]\nfax = 5')
    admin.say("!whois vista")
    assert [admin.next(), admin.next()] == [
        "[@charlie] contacts.toml [subsystems.vista] fax: unknown key\n"
        'contacts.toml [subsystems.vista] people: there is no person "shane", did you mean shane-elliott?\n'
        "What it said when it was last right stays in force.",
        VISTA,
    ]
    assert admin("!whois vista") == VISTA
    edit("contacts.toml", "\nfax = 5", "")
    edit("contacts.toml", 'people = ["shane", "andy-mccarty"]', 'people = ["andy-mccarty"]')
    assert admin("!whois vista").split("\n")[1] == "1. Andy McCarty"


def test_a_reload_reads_the_files_again_and_says_again_what_is_wrong(
    admin: Conversation, edit: Callable[[str, str, str], None]
) -> None:
    assert admin("!plugin reload contacts") == "Plugin contacts reloaded."
    edit("contacts.toml", 'workspace = "', 'workspace = "http:')
    for _ in range(2):
        admin.say("!plugin reload contacts")
        assert admin.next().startswith('[@charlie] contacts.toml workspace: "http:https://')
        assert admin.next() == "Plugin contacts reloaded."
    assert admin("!whois vista") == VISTA


def test_files_wrong_from_the_start_stop_nothing_else(
    start: Callable[[], Conversation], edit: Callable[[str, str, str], None]
) -> None:
    edit("contacts.toml", "[people.charley]", "[people.charles]")
    talk = start()
    talk.tick()
    complaint, brief = talk.next(), talk.next()
    assert complaint.startswith('[@alice] contacts.toml [subsystems.chip] people: there is no person "charley"')
    assert brief.startswith("[@alice] This goes to the admins.")
    told = "The team's files are wrong and I have no earlier ones to go by:\ncontacts.toml [subsystems.chip] people: "
    assert talk("!whois vista").startswith(told)
    assert talk("!incident open Timeouts").startswith("🔴 #1 Timeouts\n")
    edit("contacts.toml", "[people.charles]", "[people.charley]")
    assert talk("!whois vista") == VISTA
