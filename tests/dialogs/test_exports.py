"""Files of incidents, and what they come to: asked for and refused."""

from pathlib import Path

from tests.conftest import Conversation, MovedClock


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


def test_files_show_names_instead_of_ids(talk: Conversation, environment: dict[str, str]) -> None:
    talk("!incident open <@U0NOBODY> cannot check in, see <#C0GENERAL|go-live>")
    talk("!incident note 1 <@U0NOBODY> tried again")
    talk("!incident export 1")
    talk("!incident export week")
    folder = Path(environment["DESK_STATE_DIR"]) / "exports"
    post_mortem = next((folder / "incident-1").iterdir()).read_text()
    assert "# @U0NOBODY cannot check in, see #go-live" in post_mortem
    assert "noted: @U0NOBODY tried again" in post_mortem
    assert "@U0NOBODY cannot check in, see #go-live" in (folder / "incidents-2026-11-23-to-2026-11-23.csv").read_text()
