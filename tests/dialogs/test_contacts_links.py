"""Where to look and what to do: as people type it, with the files as they are shipped."""

from tests.conftest import Conversation
from tests.contacts.stage import HOUR, LOROTA

TRACES = (
    "https://tevi.ddog-gov.com/apm/traces?query=env%3Aprod%20-service%3A%28clinician-workflow-defaultdb%20OR%20"
    "clinician-workflow-cache%29%20-status%3Aok%20-%40http.path_group%3A%28%22%2Flambda%2Fflush%22%20OR%20%22"
    "%2Flambda%2Fhello%22%29&cols=core_service%2Ccore_resource_name%2Clog_duration%2Clog_http.method%2C"
    "log_http.status_code&historicalData=false&messageDisplay=inline&sort=desc&spanViewType=logs"
    "&start=1795453920000&end=1795457520000&paused=false"
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
    assert talk("!runbook lorota") == LOROTA


def test_a_runbook_says_where_the_links_it_speaks_of_stand(talk: Conversation) -> None:
    assert talk("!runbook vista-api") == (
        "*vista-api*\n"
        "1. Open the vista-api dashboard: REST errors, *RPC Socket Timeout*, *Connection Refused*.\n"
        "2. Open Clinician Workflow Stats: *Sidekiq enqueued* rises when vista-api is slow or failing.\n"
        "3. Look at the error traces. One failed job there is no cause for concern: `!runbook sidekiq`.\n"
        "4. More than a few errors, or a line that keeps rising: `!incident open`, "
        "and tell TEVI in #check-in-experience-engineering, tagging Charley or Michael Kimball.\n"
        "5. VistA itself, or vista-api: ask Shane Elliott or Andy McCarty. No answer? `!whois escalate vista`.\n"
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
