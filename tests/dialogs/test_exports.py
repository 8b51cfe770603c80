"""Files of incidents, and what they come to: asked for and refused."""

from pathlib import Path

import pytest

from opsdesk.chat import Person
from tests.conftest import Conversation, MovedClock

POST_MORTEM = """\
# @bob cannot check in, see #go-live

Name(s): alice

Date: 2026-11-23

Last modified: 2026-11-23

## Summary

What happened, and what ended it?

## Impact

Who could not do what, where, and for how long? How many check-ins and pre-check-ins does that come to?

## Incident Timeline

All times are those of America/New_York.

### Monday, November 23, 2026

- 1:12pm alice opened: @bob cannot check in, see #go-live → sev 3, owner alice
- 1:12pm alice noted: @bob tried again, @U0NOBODY did not

## Root Cause(s)

What made it happen, and what let it go unnoticed?

## Action Items

- [ ] What, who, by when (`!incident action 1 Add a health check @bob by friday`)

## Appendix

- Incident: #1
- Severity: 3
- Subsystem: not said
- Status: investigating
- Owner: alice
- Reported by: alice
- Started: Monday, November 23, 2026, 1:12pm
- Acknowledged: Monday, November 23, 2026, 1:12pm, after less than a minute
- Resolved: not yet
"""


def test_exports(talk: Conversation, environment: dict[str, str]) -> None:
    folder = Path(environment["DESK_STATE_DIR"]) / "exports"
    talk("!incident open VistA timeouts")
    assert talk("!incident export 1") == (
        "The post-mortem of #1, with what its timeline knows; the rest is for you to fill in.\n"
        f"{folder}/incident-1/2026-11-23-vista-timeouts.md"
    )
    written = (folder / "incident-1" / "2026-11-23-vista-timeouts.md").read_text()
    assert written.startswith("# VistA timeouts\n\nName(s): alice\n\nDate: 2026-11-23\n")
    assert talk("!incident export week") == (
        f"1 incident opened, Monday, November 23, 2026.\n{folder}/incidents-2026-11-23-to-2026-11-23.csv"
    )
    talk("!incident open Late")
    assert talk("!incident export 2026-11") == (
        f"2 incidents opened, Nov 1 to Nov 30, 2026.\n{folder}/incidents-2026-11-01-to-2026-11-30.csv"
    )
    assert len((folder / "incidents-2026-11-01-to-2026-11-30.csv").read_text().splitlines()) == 3


def test_exports_that_are_refused(talk: Conversation) -> None:
    assert talk("!incident export 7") == "There is no incident #7. None was opened yet."
    assert talk("!incident export soon") == (
        '"soon" is not a span of days I can read. Type week, month, 2026-11 or 2026-11-02..2026-11-20. '
        "One incident: `!incident export 12`."
    )
    talk("!incident open VistA timeouts")
    talk("!incident open Reminders late")
    assert talk("!incident export") == (
        "Which incident? `!yes 1` or `!yes 2` does `!incident export` for it.\n#1 VistA timeouts\n#2 Reminders late"
    )


def test_metrics(talk: Conversation, clock: MovedClock) -> None:
    assert talk("!incident metrics") == "No incidents were opened, Nov 1 to Nov 23, 2026."
    talk("!incident open VistA timeouts --sev 2 --on vista", by="charlie")
    clock.forward(minutes=10)
    talk("!incident note 1 looking", by="bob")
    clock.forward(minutes=20)
    talk("!incident resolve 1")
    told = (
        "1 opened, 0 of them still open\n"
        "sev 2: 1\n"
        "vista: 1\n"
        "Time to acknowledge: median 10 minutes, 90th percentile 10 minutes (1 of 1)\n"
        "Time to resolve: median 30 minutes, 90th percentile 30 minutes (1 of 1)"
    )
    assert talk("!incident metrics") == f"Nov 1 to Nov 23, 2026: {told}"
    assert talk("!incident metrics week") == f"Monday, November 23, 2026: {told}"
    assert talk("!incident metrics 2026-11-20..today") == f"Nov 20 to Nov 23, 2026: {told}"
    assert talk("!incident metrics soon") == (
        '"soon" is not a span of days I can read. Type week, month, 2026-11 or 2026-11-02..2026-11-20.'
    )


def test_files_show_names_instead_of_ids(
    talk: Conversation, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = talk.plugin("incidents").desk
    monkeypatch.setattr(desk.chat, "person", lambda named: Person("U02BOB", "bob") if named == "<@U02BOB>" else None)
    talk("!incident open <@U02BOB> cannot check in, see <#C0GENERAL|go-live>")
    talk("!incident note 1 <@U02BOB|bob> tried again, <@U0NOBODY> did not")
    talk("!incident export 1")
    talk("!incident export week")
    folder = Path(environment["DESK_STATE_DIR"]) / "exports"
    (post_mortem,) = (folder / "incident-1").iterdir()
    assert post_mortem.name == "2026-11-23-bob-cannot-check-in-see-go-live.md"
    assert post_mortem.read_text() == POST_MORTEM
    assert (folder / "incidents-2026-11-23-to-2026-11-23.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "number,title,severity,subsystem,status,opened by,owner,started,opened,acknowledged,resolved,"
        "minutes to acknowledge,minutes to resolve",
        '1,"\'@bob cannot check in, see #go-live",3,,investigating,alice,alice,2026-11-23 13:12-05:00,'
        "2026-11-23 13:12-05:00,2026-11-23 13:12-05:00,,0,",
    ]
