"""The files as they are shipped: right, complete against the team's production support guide, short enough to read."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from opsdesk import check_data
from opsdesk.contacts import file as team_files
from opsdesk.contacts.directory import Directory
from opsdesk.contacts.guide_words import links, runbook
from opsdesk.contacts.people import ContactKind
from opsdesk.contacts.words import ContactView, whois
from opsdesk.errors import UserError
from opsdesk.text.lookup import Matched
from tests.oncall.stage import ROTATION_TOML

DATA = Path(__file__).parents[2] / "data"
AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
HOUR = ("1795453920000", "1795457520000")

# Every name in the guide, and the keys of what it stands for.
NAMES = {
    "CIE": ["cie"],
    "CIE Engineers": ["cie"],
    "CIE team": ["cie"],
    "Check-in Experience": ["check-in-experience"],
    "Check-in Experience team": ["cie"],
    "TEVI": ["tevi"],
    "TEVI team": ["tevi"],
    "CHIP team": ["chip-team"],
    "CHIP": ["chip"],
    "LoROTA": ["lorota"],
    "Clinician Workflow": ["clinician-workflow"],
    "CHIP/LoROTA/Clinician Workflow": ["chip", "lorota", "clinician-workflow"],
    "VistA": ["vista"],
    "vista-api": ["vista"],
    "VistA, vista-api": ["vista"],
    "VEText": ["vetext"],
    "vets-api": ["vets-api"],
    "Sentry": ["sentry"],
    "datadog": ["datadog"],
    "Charley": ["charley"],
    "Michael Kimball": ["michael-kimball"],
    "Charley and/or Michael Kimball": ["charley", "michael-kimball"],
    "Shane": ["shane-elliott"],
    "Andy": ["andy-mccarty"],
    "Shane or Andy": ["shane-elliott", "andy-mccarty"],
    "Rob Durkin": ["rob-durkin"],
    "#check-in-experience-apm": ["check-in-experience-apm"],
    "C02U11L00TF": ["check-in-experience-apm"],
    "#check-in-go-live": ["check-in-go-live"],
    "C02UP02HHGX": ["check-in-go-live"],
    "#check-in-experience-engineering": ["check-in-experience-engineering"],
    "C022AC2STBM": ["check-in-experience"],
}

# What the guide says to look for, and the subsystem it is about.
KEYWORDS = {
    "RPC Socket Timeout": "vista",
    "RPC socket timeouts at two sites": "vista",
    "Connection Refused": "vista",
    "REST errors": "vista",
    "Sidekiq enqueued": "clinician-workflow",
    "Puma Backlog": "clinician-workflow",
    "PreCacheAppointmentsByClinicJob": "clinician-workflow",
    "clinician-workflow-defaultdb": "clinician-workflow",
    "project-chipapi-cwsacrificiallambda-prod": "chip",
}

# Every address in the guide, the hour it shows replaced, and words that find it.
CHIP_REPOSITORY = "https://github.com/department-of-veterans-affairs/chip/blob"
LINKS = {
    "2022 Production Rollout Support": f"{CHIP_REPOSITORY}/master/docs/2022-production-rollout-support.md",
    "Check In Experience Incident Response Handbook": (
        f"{CHIP_REPOSITORY}/post-mortem-doc/docs/CIE%20Incident%20Response%20Plan.md"
    ),
    "VISN PCI Implementation Channels in Microsoft Teams": (
        "https://github.com/department-of-veterans-affairs/va.gov-team/blob/master/"
        "products/health-care/checkin/engineering/production-support.md"
    ),
    "Clinician Workflow Stats": (
        "https://tevi.ddog-gov.com/dashboard/zix-s83-2u8/cw-stats?from_ts={}&to_ts={}&live=true".format(*HOUR)
    ),
    "Error Traces": (
        "https://tevi.ddog-gov.com/apm/traces?query=env%3Aprod%20-service%3A%28clinician-workflow-defaultdb%20OR%20"
        "clinician-workflow-cache%29%20-status%3Aok%20-%40http.path_group%3A%28%22%2Flambda%2Fflush%22%20OR%20%22"
        "%2Flambda%2Fhello%22%29&cols=core_service%2Ccore_resource_name%2Clog_duration%2Clog_http.method%2C"
        "log_http.status_code&historicalData=false&messageDisplay=inline&sort=desc&spanViewType=logs"
        "&start={}&end={}&paused=false".format(*HOUR)
    ),
    "vista-api": "https://tevi.ddog-gov.com/dashboard/pa4-jzg-492/vista-api?from_ts={}&to_ts={}&live=true".format(
        *HOUR
    ),
    "vets-api": "https://vagov.ddog-gov.com/dashboard/zps-5fk-azw/check-in-vets-api",
    "vista-api troubleshooting": "https://dsva.slack.com/archives/C022AC2STBM/p1653417300546239",
}

SUBJECTS = {
    "vista-api": "vista-api",
    "sidekiq": "sidekiq",
    "puma": "puma",
    "error traces": "error-traces",
    "counts low": "counts-low",
    "check-in APM alert": "check-in-apm-alert",
    "VEText": "vetext",
    "CHIP": "chip",
    "LoROTA": "lorota",
}


@pytest.fixture(scope="module")
def directory() -> Directory:
    return team_files.read(DATA)


def test_every_shipped_file_is_right() -> None:
    assert check_data.complaints(DATA) == []


def test_every_file_the_team_edits_is_checked() -> None:
    checked = " ".join(check_data.CHECKS)
    assert [path.name for path in DATA.iterdir() if path.name not in checked and path.name != "state"] == []


def test_the_check_says_so_and_succeeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_data.main([str(DATA)]) == 0
    assert capsys.readouterr().out.endswith(": right\n")


def test_the_check_fails_with_every_complaint_of_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("state"))
    (tmp_path / "data" / "desk.toml").write_text('zone = "Eastern"\n')
    links = tmp_path / "data" / "links.toml"
    links.write_text(links.read_text().replace("[links.chip-prod]", "[links.chip]\nhint = 5"))
    assert check_data.main([str(tmp_path / "data")]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == ["desk.toml channels: missing", "links.toml [links.chip] hint: unknown key"]
    assert 'contacts.toml [subsystems.chip] links: there is no link "chip-prod", did you mean chip?' in told


def test_the_check_must_be_told_where_the_files_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_data.main([]) == 2
    assert "FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize("typed", NAMES)
def test_every_name_in_the_guide_is_known(directory: Directory, typed: str) -> None:
    match = directory.find(typed)
    assert match.how in (Matched.NAME, Matched.WORD)
    assert [ref.key for ref in match.found] == NAMES[typed]


@pytest.mark.parametrize("text", KEYWORDS)
def test_everything_the_guide_looks_for_points_to_a_subsystem(directory: Directory, text: str) -> None:
    assert directory.keyword_subsystem(text) == KEYWORDS[text]


@pytest.mark.parametrize("typed", LINKS)
def test_every_link_in_the_guide_is_found_with_its_times_filled_in(directory: Directory, typed: str) -> None:
    assert LINKS[typed] in links(directory, typed, AT).splitlines()


def test_no_link_shows_an_hour_of_years_ago(directory: Directory) -> None:
    assert not any("=165" in link.address(AT) for link in directory.links.values())


@pytest.mark.parametrize("typed", SUBJECTS)
def test_every_subject_has_its_runbook(directory: Directory, typed: str) -> None:
    assert directory.find_runbooks(typed).found == (SUBJECTS[typed],)


def test_the_guide_s_rule_for_failed_jobs_is_in_the_runbook(directory: Directory) -> None:
    told = runbook(directory, "sidekiq", AT)
    assert "*One failed `PreCacheAppointmentsByClinicJob`*" in told
    assert "runs in 2 minutes" in told
    assert "*More than a few in 10 minutes*: report it." in told


def test_the_order_of_asking_is_the_team_s(directory: Directory) -> None:
    assert {key: directory.ask_line(key) for key in ("vista", "vetext", "chip", "front-end", "sentry")} == {
        "vista": "Ask Shane Elliott or Andy McCarty · `!runbook vista`",
        "vetext": "Ask Rob Durkin · `!runbook vetext`",
        "chip": "Ask Charley or Michael Kimball · `!runbook chip`",
        "front-end": "Ask Lee Delarm, Brian Seek(s) or John Woolschlager",
        "sentry": "`!runbook sentry`",
    }


def test_everything_is_told_in_one_message(directory: Directory) -> None:
    view = ContactView(directory, AT, ZoneInfo("America/New_York"))
    tables = (directory.subsystems, directory.teams, directory.people, directory.channels)
    answers = [whois(view, key) for table in tables for key in table]
    answers += [whois(view, ""), links(directory, "", AT), runbook(directory, "", AT)]
    answers += [links(directory, key, AT) for key in directory.links]
    answers += [runbook(directory, key, AT) for key in directory.runbooks]
    assert max(map(len, answers)) <= 3500


def test_every_command_named_in_a_runbook_has_an_answer(directory: Directory) -> None:
    for book in directory.runbooks.values():
        for name in (piece.split("`")[0] for piece in book.text.split("`!whois escalate ")[1:]):
            assert directory.subsystem_key(name)


def test_ids_of_people_are_not_made_up(directory: Directory) -> None:
    told = [(one.slack, one.email, one.phone, one.hours, one.zone) for one in directory.people.values()]
    assert set(told) == {("", "", "", "", "")}


def test_nobody_else_is_taken_for_a_subsystem(directory: Directory) -> None:
    for ref in directory.find("charley").found:
        assert ref.kind is ContactKind.PERSON
    with pytest.raises(UserError):
        directory.subsystem_key("charley")


def test_files_saved_on_windows_are_right(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("state"))
    for path in (tmp_path / "data").rglob("*.*"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_data.complaints(tmp_path / "data") == []
    assert team_files.read(tmp_path / "data").runbooks == team_files.read(DATA).runbooks


def test_what_may_be_a_mistake_is_asked_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("state"))
    rotation, counts = tmp_path / "data" / "rotation.toml", tmp_path / "data" / "counts.toml"
    rotation.write_text(ROTATION_TOML.replace('["alice", "bob", "charlie"]', '["alice", "charlie"]'))
    counts.write_text(
        counts.read_text()
        + '\n[counters.spare]\nlabel = "Spare"\norganisation = "vagov"\nquery = "sum:spare{*}.as_count()"\n'
    )
    assert check_data.main([str(tmp_path / "data")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "counts.toml [counters.spare]: it is in no line. Is that meant?",
        "rotation.toml [people.bob]: Bob is in no order. Is that meant?",
        "desk.toml, contacts.toml, links.toml, runbooks, counts.toml, noise.toml, permissions.toml, traces.toml, "
        "rotation.toml: right",
    ]


def test_what_the_desk_would_never_read_or_find_is_asked_about(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("state"))
    (data / "traces.toml").rename(data / "traces.toml.txt")
    noise = data / "noise.toml"
    noise.write_text(noise.read_text().replace("[rules.precache]", '[rules.precache]\nsource = "pagerduty"'))
    (data / "runbooks" / "chip.txt").write_text("# CHIP")
    desk = data / "desk.toml"
    desk.write_text(desk.read_text().replace("C02UP02HHGX", "#go-live").replace('"tevi"', '"TEVI"'))
    assert check_data.complaints(data) == []
    assert check_data.remarks(data) == [
        'desk.toml [channels.go_live] id: "#go-live" is not a Slack channel id, such as C02UP02HHGX',
        'desk.toml escalation_team: contacts.toml has no team "TEVI", but cie, tevi and chip-team',
        'noise.toml [rules.precache] source: "pagerduty" is neither "datadog" nor "sentry" nor "desk"',
        "traces.toml.txt is not read: the desk knows no file of that name",
        "runbooks/chip.txt is not read: the name of a runbook ends with .md",
    ]


def test_settings_that_cannot_be_meant_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("state"))
    desk = tmp_path / "data" / "desk.toml"
    desk.write_text(desk.read_text().replace('quiet_after = "4h"', 'quiet_after = "0h"'))
    (tmp_path / "data" / "rotation.toml").write_text(ROTATION_TOML.replace("America/Los_Angeles", "EST"))
    (tmp_path / "data" / "noise.toml").write_bytes("# caf\xe9".encode("latin-1"))
    assert check_data.complaints(tmp_path / "data") == [
        'desk.toml quiet_after: "0h" is no length. Type it as 4h or 30m',
        'noise.toml cannot be read: it is not saved as UTF-8. Save it again, with the encoding "UTF-8".',
        'rotation.toml [people.bob] zone: "EST" is the same all year, summer and winter. Name a place, such as '
        "America/New_York",
    ]
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-test")
    (tmp_path / "data" / "rotation.toml").write_text(ROTATION_TOML)
    told = [one for one in check_data.complaints(tmp_path / "data") if one.startswith("rotation")]
    assert told == [
        f'rotation.toml [people.{one}] id: "@{one}" is not a Slack user id such as U01ABCDEF, and nobody on Slack'
        for one in ("alice", "bob", "charlie")
    ]
