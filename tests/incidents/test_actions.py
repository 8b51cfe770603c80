"""Action items: added, done, taken back, listed, and their owners reminded each working day until they are done."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from opsdesk.chat import Command, Place
from opsdesk.errors import UserError
from opsdesk.incidents import action_reminders
from opsdesk.incidents.action_commands import answer
from opsdesk.incidents.actions import action_items, open_items
from opsdesk.incidents.post_mortem import post_mortem
from opsdesk.incidents.timeline_words import shown
from opsdesk.incidents.typed import IncidentReader
from opsdesk.incidents.undo import last_change
from tests.incidents.stage import ALICE, BOB, CHARLIE, EASTERN, Shift, shift
from tests.oncall.stage import eastern
from tests.summary.stage import CALENDAR

NAMES = {f"@{one.name}": one for one in (ALICE, BOB, CHARLIE)}


@pytest.fixture
def desk(tmp_path: Path):
    with shift(tmp_path) as stage:
        stage.open()
        stage.open("Reminders late")
        stage.forward(minutes=1)
        yield stage


def said(stage: Shift, text: str, by=ALICE) -> str:
    """What `!incident action` answers."""
    reader = IncidentReader(stage.log, EASTERN, NAMES.get, str)
    return answer(stage.log, reader, Command(text, by, Place(), stage.at))


def refused(stage: Shift, text: str) -> str:
    with pytest.raises(UserError) as refusal:
        said(stage, text)
    return str(refusal.value)


def added(stage: Shift, text: str) -> tuple[str, str, date]:
    """Text, owner and day of what this adds to #1."""
    said(stage, f"1 {text}")
    item = action_items(stage.log.get(1))[-1]
    return item.text, item.owner.name, item.due


@pytest.mark.parametrize(
    ("typed", "text", "owner", "due"),
    [
        ("Add a health check @bob by friday", "Add a health check", "bob", "2026-11-27"),
        ("@bob Add a health check by friday", "Add a health check", "bob", "2026-11-27"),
        ("by Friday, @bob adds a check", "adds a check", "bob", "2026-11-27"),
        ("Renew the certificate by tomorrow.", "Renew the certificate .", "alice", "2026-11-24"),
        ("Replace what is read by Monday by Dec 4", "Replace what is read by Monday", "alice", "2026-12-04"),
        ("Ask VEText for @charlie due 2026-12-01", "Ask VEText", "charlie", "2026-12-01"),
        ("list all clinics by next monday", "list all clinics", "alice", "2026-11-23"),
        ("done means deployed, by today", "done means deployed", "alice", "2026-11-23"),
    ],
)
def test_an_item_is_read_with_its_owner_and_day(desk: Shift, typed: str, text: str, owner: str, due: str) -> None:
    assert added(desk, typed) == (text.replace(" .", ""), owner, date.fromisoformat(due))


def test_what_is_missing_is_asked_for_and_nothing_is_kept(desk: Shift) -> None:
    before = desk.log.get(1)
    assert refused(desk, "1 Add a health check @bob") == (
        "By which day? Type `!incident action 1 Add a health check @bob by friday`, or another day: tomorrow, Dec 4, "
        "2026-12-04."
    )
    assert refused(desk, "1 @bob by friday") == (
        "What is to be done? Type `!incident action 1 Add a health check @bob by friday`."
    )
    assert refused(desk, "1 Add a check by 2026-11-20") == (
        "Nov 20, 2026 is past. Type a day to come: friday, Dec 4, 2026-12-04."
    )
    assert "I know nobody called" in refused(desk, "1 Add a check @eve by friday")
    assert "at most 200 characters, this one has 201" in refused(desk, f"1 {'x' * 201} by friday")
    assert refused(desk, "1 done") == (
        "#1 has no action item to be done. Add one: `!incident action 1 Add a health check @bob by friday`."
    )
    assert refused(desk, "1 done 3") == "#1 has no action item 3. `!incident action 1 list` shows what it has."
    assert refused(desk, "9 Add a check by friday") == "There is no incident #9. The latest is #2; " + (
        "`!incident list` shows what is open."
    )
    assert desk.log.get(1) == before


def test_items_are_listed_until_they_are_done_whether_the_incident_is_or_not(desk: Shift) -> None:
    assert said(desk, "1 Add a health check @bob by friday") == (
        "#1 action item 1, \x02@bob|bob\x03, by Friday, Nov 27: Add a health check\n"
        "`!incident action 1 done 1` once it is done."
    )
    said(desk, "1 Write a runbook by tomorrow")
    said(desk, "2 Ask VEText @bob by thursday")
    desk.do("resolve", 1, "restarted")
    desk.to("2026-11-25 14:00")
    assert said(desk, "list") == (
        "3 action items to be done\n"
        "• #1 item 2: Write a runbook · alice · ⚠ due yesterday, 1 day late · VistA timeouts\n"
        "• #2 item 1: Ask VEText · bob · by tomorrow · Reminders late\n"
        "• #1 item 1: Add a health check · bob · by Nov 27 · VistA timeouts"
    )
    assert said(desk, "list mine").splitlines()[0] == "1 action item of yours to be done"
    assert refused(desk, "1 done") == (
        "Which one? Type `!incident action 1 done 1`.\n1. Add a health check\n2. Write a runbook"
    )
    assert said(desk, "done 1 2") == "✅ Action item 2 is done: Write a runbook. 1 of #1 to be done."
    assert refused(desk, "1 done 2") == "Action item 2 of #1 was done already, by alice 2:00pm."
    assert said(desk, "1 done", by=BOB) == "✅ Action item 1 is done: Add a health check. That was the last of #1."
    assert said(desk, "1") == (
        "Action items of #1 VistA timeouts\n"
        "✅ 1. Add a health check · done by bob 2:00pm\n"
        "✅ 2. Write a runbook · done by alice 2:00pm"
    )
    assert [one.number for one in desk.log.with_actions()] == [2]
    desk.do("void", 2, "opened twice")
    assert said(desk, "") == "No action item is to be done."


def test_undo_takes_an_item_back_or_has_it_to_be_done_again_and_numbers_stay(desk: Shift) -> None:
    said(desk, "1 Add a health check @bob by friday")
    assert last_change(desk.log, ALICE, desk.at).undo() == "The action item is taken back from #1: Add a health check"
    assert desk.log.with_actions() == ()
    said(desk, "1 Write a runbook by friday")
    desk.forward(minutes=1)
    said(desk, "1 done 2")
    assert last_change(desk.log, ALICE, desk.at).undo() == "Action item 2 of #1 is to be done again."
    assert [item.number for item in open_items(desk.log.get(1))] == [2]
    told = shown(desk.log.get(1), desk.at, EASTERN)
    assert "alice added an action item: Add a health check (bob, by Friday, Nov 27) (taken back)" in told
    assert "alice has done action item 2 (taken back)" in told


def test_owners_are_told_once_each_working_day_from_the_day_on(desk: Shift) -> None:
    said(desk, "1 Add a health check @bob by tuesday")
    said(desk, "2 Ask VEText @bob by friday")
    desk.do("resolve", 1)
    said(desk, "2 Write a runbook by today")  # after the shift began: not told of the same day
    roster = SimpleNamespace(calendar=CALENDAR, to_tell=lambda at: SimpleNamespace(ids=("U0ADMIN",)))

    def told(local: str) -> dict[str, str]:
        at = eastern(local)
        planned = action_reminders.plan(desk.log.with_actions, roster, at)
        return {one.key: "\n".join(line.text for line in one.compose(at, None)) for one in planned}

    assert told("2026-11-23 19:00") == {}
    assert told("2026-11-24 12:59") == {}
    both = told("2026-11-24 13:00")
    assert both["actions:2026-11-24:@bob"] == (
        "An action item of yours is due:\n"
        "• #1 item 1: Add a health check · bob · by today · VistA timeouts\n"
        "`!incident action 1 done 1` once it is done."
    )
    assert both.keys() == {"actions:2026-11-24:@bob", "actions:2026-11-24:@alice"}
    assert told("2026-11-26 14:00") == {}  # Thanksgiving
    assert told("2026-11-27 13:00")["actions:2026-11-27:@bob"].splitlines()[:2] == [
        "2 action items of yours are due:",
        "• #1 item 1: Add a health check · bob · ⚠ due Nov 24, 3 days late · VistA timeouts",
    ]
    assert told("2026-11-28 14:00") == {}
    desk.to("2026-11-27 15:00")
    said(desk, "1 done")
    said(desk, "2 done 1")
    assert told("2026-11-30 13:00").keys() == {"actions:2026-11-30:@alice"}


def test_the_post_mortem_has_them(desk: Shift) -> None:
    said(desk, "1 Add a health check @bob by friday")
    said(desk, "1 Write a runbook by friday")
    said(desk, "1 done 2")
    told = post_mortem(desk.log.get(1), desk.at, EASTERN)
    assert "- [ ] Add a health check (bob, by 2026-11-27)\n- [x] Write a runbook (alice, by 2026-11-27)\n" in told
