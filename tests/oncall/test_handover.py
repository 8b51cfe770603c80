"""What is said at the start of shifts: a whole fortnight, message by message, and what happens if nobody answers."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from opsdesk.chat.chat import SendError
from opsdesk.incidents.incident import Status
from opsdesk.incidents.rules import Change
from opsdesk.oncall.acceptances import Acceptance
from opsdesk.oncall.handover import Sources
from opsdesk.oncall.rotation import Member, Pattern
from opsdesk.posts import rehearse, staged
from opsdesk.store import Unreadable
from tests.chat.stage import failing
from tests.oncall.stage import ALICE, BOB, CHARLIE, FIRST, LIVE, SPRINTS, WEEK, WEEKLY, Stage, eastern

TAKE_IT = "Take the shift with `!shift accept`, or react with ✅."
AGAIN = (
    "You are on call until 8pm ET and have not taken the shift yet. "
    "Type `!shift accept` or react with ✅; `!oncall cover` finds somebody else."
)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path, sources=SOURCES)
    yield stage
    stage.store.close()


SOURCES = Sources(
    notes=lambda day: ["Watch the VEText backlog"] if day == date(2026, 11, 25) else [],
    counts=lambda at: ["Check-ins clicked: 402", "⚠ 66% under the median of 1190"] if at.day == 25 else [],
)


def started(when: str, who: Member, head: str, opened: str = "No incident is open.", turn: str = "") -> list[str]:
    """What is said at 1pm on a quiet day."""
    return [
        f"{when} 13:00 {who.id}: *You are on call until 8pm ET.* {head}\n{opened}\n{TAKE_IT}",
        f"{when} 13:00 {LIVE}: \x02{who.id}|{who.name}\x03 is on call until 8pm ET{turn}. {opened}",
        f"{when} 13:00 topic: On call: {who.name} until 8pm",
    ]


def test_a_fortnight(stage: Stage) -> None:
    stage.run("2026-11-23 13:05")
    stage.acceptances.accept(ALICE.person, at=stage.at)
    stage.run("2026-11-24 13:30")
    assert stage.said() == [
        f"Mon Nov 23 13:00 U0ALICE: *You are on call until 8pm ET.*\nNo incident is open.\n{TAKE_IT}",
        f"Mon Nov 23 13:00 {LIVE}: \x02U0ALICE|Alice\x03 is on call until 8pm ET. No incident is open.",
        "Mon Nov 23 13:00 topic: On call: Alice until 8pm",
        *started("Tue Nov 24", ALICE, "You had the last shift too."),
        f"Tue Nov 24 13:15 U0ALICE: {AGAIN}",
        "Tue Nov 24 13:30 U0ADMIN: Nobody has taken the shift until 8pm ET: Alice was asked at 1:00pm and 1:15pm. "
        "Whoever is on the rotation takes it with `!oncall take`.",
    ]
    stage.to("2026-11-24 18:00")
    number = stage.opened("VistA timeouts", 2)
    news = Change(text="RPC socket timeouts at two sites", status=Status.IDENTIFIED)
    stage.run("2026-11-24 19:59")
    stage.incidents.update(number, news, at=stage.at, by=ALICE.person)
    stage.run("2026-11-25 12:50")
    stage.acceptances.accept(ALICE.person, at=stage.at)
    stage.run("2026-11-25 14:30")
    reminder = f"{LIVE}/9.0: \x02U0ALICE|Alice\x03 #1 VistA timeouts (sev 2): no news for"
    ways = "`!incident update 1 <what is new>`, or `!incident snooze 1 2h`"
    assert stage.said() == [
        f"Tue Nov 24 19:00 {reminder} 1 hour. {ways}",
        "Wed Nov 25 13:00 U0ALICE: *You are on call until 8pm ET.* You had the last shift too.\n"
        "*Open incidents*\n"
        "• #1 VistA timeouts: *identified* (sev 2, 19 hours old, owner Alice, last news yesterday 7:59pm). "
        "RPC socket timeouts at two sites\n"
        "*Handed over*\n"
        "• Watch the VEText backlog\n"
        "Check-ins clicked: 402\n"
        "⚠ 66% under the median of 1190\n"
        "You took the shift at 12:50pm.",
        f"Wed Nov 25 13:00 {LIVE}: \x02U0ALICE|Alice\x03 is on call until 8pm ET. 1 incident is open.",
        "Wed Nov 25 13:00 U0ALICE: Thursday, November 26 is Thanksgiving Day, and this is the last working day "
        "before it: alerting downtimes may be needed. https://dd.example",
        "Wed Nov 25 13:00 topic: On call: Alice until 8pm",
        f"Wed Nov 25 13:59 {reminder} 18 hours. {ways}",
    ]
    stage.incidents.resolve(number, Change(text="restarted"), at=stage.at, by=ALICE.person)
    stage.roster.agreements.swap(ALICE.person, BOB, date(2026, 11, 27), date(2026, 11, 27), at=stage.at)
    stage.roster.agreements.accept(BOB.person, at=stage.at)
    for day in ("2026-11-27", "2026-11-30"):
        stage.run(f"{day} 13:10")
        stage.acceptances.accept(BOB.person, at=stage.at)
    stage.run("2026-11-30 15:00")
    stage.roster.agreements.take(CHARLIE.person, at=stage.at)
    stage.run("2026-11-30 17:00")
    stage.roster.agreements.undo(CHARLIE.person, at=stage.at)
    stage.run("2026-11-30 21:00")
    assert stage.said() == [
        *started("Fri Nov 27", BOB, "Before you: Alice."),
        *started("Mon Nov 30", BOB, "A new turn: Bob takes over from Alice.", turn=", taking over from Alice"),
        "Mon Nov 30 15:00 U0CHARLIE: *You are on call until 8pm ET.* Before you: Bob.\nNo incident is open.",
        "Mon Nov 30 15:00 topic: On call: Charlie until 8pm",
        "Mon Nov 30 17:00 U0BOB: *You are on call until 8pm ET.* Before you: Charlie.\nNo incident is open.",
        "Mon Nov 30 17:00 topic: On call: Bob until 8pm",
    ]
    expected = []
    for day in range(1, 5):
        stage.run(f"2026-12-0{day} 13:01")
        stage.acceptances.accept(BOB.person, at=stage.at)
        expected += started(f"{stage.at:%a %b %d}", BOB, "You had the last shift too.")
    stage.run("2026-12-07 00:00")
    assert stage.said() == expected


def heads(stage: Stage) -> list[str]:
    """When and where what was heard was said."""
    return [line.split(": ")[0] for line in stage.said()]


def test_a_restart_neither_forgets_nor_repeats(stage: Stage) -> None:
    for until in ("13:00", "13:03", "13:15", "13:20", "13:29", "13:30", "14:00"):
        stage.run(f"2026-11-23 {until}")
        stage.restart()
    assert heads(stage) == [
        "Mon Nov 23 13:00 U0ALICE",
        f"Mon Nov 23 13:00 {LIVE}",
        "Mon Nov 23 13:00 topic",
        "Mon Nov 23 13:15 U0ALICE",
        "Mon Nov 23 13:30 U0ADMIN",
    ]


def test_down_at_the_start_the_brief_comes_late_and_everything_follows_it(stage: Stage) -> None:
    stage.to("2026-11-23 14:00")
    stage.run("2026-11-23 14:40")
    assert heads(stage) == [
        "Mon Nov 23 14:00 U0ALICE",
        f"Mon Nov 23 14:00 {LIVE}",
        "Mon Nov 23 14:00 topic",
        "Mon Nov 23 14:15 U0ALICE",
        "Mon Nov 23 14:30 U0ADMIN",
    ]


def test_whoever_takes_the_shift_is_not_asked_again(stage: Stage) -> None:
    stage.run("2026-11-23 13:10")
    stage.roster.agreements.take(BOB.person, at=stage.at)
    stage.run("2026-11-23 19:00")
    assert heads(stage)[3:] == ["Mon Nov 23 13:10 U0BOB", "Mon Nov 23 13:10 topic"]


def test_the_admins_get_the_brief_when_whoever_is_on_call_cannot_be_reached(stage: Stage) -> None:
    post = stage.channel.post

    def unreachable(room: str, text: str, **more: str):
        if room == ALICE.id:
            raise SendError("user_not_found")
        return post(room, text, **more)

    stage.channel.post = unreachable
    stage.run("2026-11-23 15:00")
    assert [line for line in stage.said() if "U0ADMIN" in line] == [
        "Mon Nov 23 13:00 U0ADMIN: This goes to you since <@U0ALICE> could not be told: user_not_found.\n"
        f"*You are on call until 8pm ET.*\nNo incident is open.\n{TAKE_IT}",
        "Mon Nov 23 13:30 U0ADMIN: Alice is on call until 8pm ET but could not be asked: user_not_found. "
        "Whoever is on the rotation takes the shift with `!oncall take`.",
    ]


def test_where_the_topic_cannot_be_set_the_line_to_paste_is_given_once_a_turn(stage: Stage) -> None:
    stage.channel.before = failing("topic", *[SendError("missing_scope")] * 1000)
    for day in ("2026-11-23", "2026-11-24", "2026-11-30"):
        stage.to(f"{day} 12:59")
        stage.run(f"{day} 13:10")
    paste = "The channel's topic could not be set (missing_scope). The line to paste:\n`/topic On call:"
    assert [line for line in stage.said() if "topic" in line] == [
        f"Mon Nov 23 13:01 U0ALICE: {paste} Alice until 8pm`",
        f"Mon Nov 30 13:01 U0BOB: {paste} Bob until 8pm`",
    ]


def test_a_message_that_asks_is_known_by_whom_it_asks(stage: Stage) -> None:
    stage.run("2026-11-23 13:20")
    asking = [(one.room, one.ts) for one in stage.channel.messages]
    asked = [stage.handover.asked_by(room, ts, stage.at) for room, ts in asking]
    assert list(zip((room for room, _ in asking), asked, strict=True)) == [
        ("U0ALICE", ALICE.person),
        (LIVE, None),
        ("U0ALICE", ALICE.person),
    ]
    stage.roster.agreements.take(BOB.person, at=stage.at)
    assert stage.handover.asked_by(*asking[0], stage.at) is None
    assert stage.handover.asked_by(*asking[0], eastern("2026-11-23 21:00")) is None


def test_with_placeholders_the_brief_goes_to_the_admins_and_says_so(stage: Stage) -> None:
    nobody = replace(WEEKLY, members=(FIRST,), patterns=(Pattern(date(2026, 11, 23), WEEK, {"support": (FIRST,)}),))
    stage.rotation = nobody
    stage.run("2026-11-25 19:00")
    why = "This goes to the admins. On call: nobody yet (data/rotation.toml still holds placeholders)."
    begun = "*A shift has begun* and lasts until 8pm ET."
    heard = [line for line in stage.said() if line.startswith("Wed")]
    assert [line.split("\n")[:2] for line in heard] == [
        [f"Wed Nov 25 13:00 U0ADMIN: {why}", begun],
        [
            f"Wed Nov 25 13:00 U0ADMIN: {why}",
            "Thursday, November 26 is Thanksgiving Day, and this is the last working day before it: "
            "alerting downtimes may be needed. https://dd.example",
        ],
    ]


def test_a_brief_that_comes_late_does_not_say_that_the_shift_has_just_begun(stage: Stage) -> None:
    nobody = replace(WEEKLY, members=(FIRST,), patterns=(Pattern(date(2026, 11, 23), WEEK, {"support": (FIRST,)}),))
    stage.rotation = nobody
    stage.to("2026-11-23 17:42")
    stage.run("2026-11-23 17:45")
    assert stage.said() == [
        "Mon Nov 23 17:42 U0ADMIN: "
        "This goes to the admins. On call: nobody yet (data/rotation.toml still holds placeholders).\n"
        "*The shift 1pm to 8pm is on.*\n"
        "No incident is open."
    ]


def test_two_shifts_a_day_each_begin_with_a_brief_and_a_secondary(stage: Stage) -> None:
    stage.rotation = SPRINTS
    stage.to("2026-12-24 06:00")
    stage.run("2026-12-24 13:05")
    assert [line.split("\n")[0] for line in stage.said() if "taken" not in line] == [
        "Thu Dec 24 07:00 U0BOB: *You are on call until 1pm ET.* Before you: Alice. Secondary: Alice.",
        f"Thu Dec 24 07:00 {LIVE}: \x02U0BOB|Bob\x03 is on call until 1pm ET. No incident is open.",
        "Thu Dec 24 07:00 U0BOB: Friday, December 25 is Christmas Day, and this is the last working day before it: "
        "alerting downtimes may be needed.",
        "Thu Dec 24 07:00 topic: On call: Bob until 1pm",
        "Thu Dec 24 13:00 U0ALICE: *You are on call until 8pm ET.* Before you: Bob. Secondary: Bob.",
        f"Thu Dec 24 13:00 {LIVE}: \x02U0ALICE|Alice\x03 is on call until 8pm ET. No incident is open.",
        "Thu Dec 24 13:00 topic: On call: Alice until 8pm",
    ]


def test_a_rehearsal_goes_to_its_own_channel_and_says_for_whom_it_was_meant(stage: Stage) -> None:
    plan = staged(stage.handover.plan, partial(rehearse, room="C0TRIAL"))
    stage.plans[:] = [plan]
    stage.run("2026-11-23 13:20")
    assert [(one.room, one.text.split("\n")[0]) for one in stage.channel.messages] == [
        ("C0TRIAL", "(rehearsal: meant for U0ALICE)"),
        ("C0TRIAL", f"(rehearsal: meant for {LIVE})"),
        ("C0TRIAL", f"(rehearsal: meant for the topic of {LIVE})"),
        ("C0TRIAL", "(rehearsal: meant for U0ALICE)"),
    ]
    assert stage.channel.topics == []


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-03-06", "2026-03-09", ["Fri Mar 06", "Mon Mar 09"]),
        ("2026-10-30", "2026-11-02", ["Fri Oct 30", "Mon Nov 02"]),
    ],
)
def test_a_shift_begins_at_1pm_on_both_sides_of_a_clock_change(
    stage: Stage, first: str, last: str, days: list[str]
) -> None:
    stage.rotation = replace(WEEKLY, patterns=(replace(WEEKLY.patterns[0], first_day=date(2026, 1, 5)),))
    stage.to(f"{first} 00:00")
    stage.run(f"{last} 23:00", step=timedelta(minutes=5))
    assert [line.split(" topic")[0] for line in stage.said() if "topic" in line] == [f"{day} 13:00" for day in days]


def test_more_incidents_than_fit_are_counted(stage: Stage) -> None:
    stage.to("2026-11-23 12:50")
    for number in range(18):
        stage.opened(f"Event {number}", 3)
    stage.run("2026-11-23 13:00")
    brief = stage.said()[0].split("\n")
    assert len(brief) == 1 + 1 + 15 + 1 + 1
    assert brief[-2] == "• and 3 more: `!incident list`"


@pytest.mark.parametrize("title", ["", "Puma backlog"])
def test_a_lost_day_is_said_where_open_incidents_are_told(stage: Stage, title: str) -> None:
    stage.to("2026-11-21 12:00")
    stage.opened("VistA timeouts", 2)
    if title:
        stage.to("2026-11-22 12:00")
        stage.opened(title, 2)
    stage.store.close()
    for root in (stage.folder, stage.folder / "mirror"):
        (root / "days" / "2026-11-21.json").write_bytes(b"")
    stage.open()
    stage.to("2026-11-23 13:00")
    stage.tick()
    brief, line = stage.said()[:2]
    missing = "⚠ What was stored on Nov 21 cannot be read: incidents opened that day are missing here."
    assert f"\n{missing}\nTake the shift" in brief
    assert "No incident is open" not in brief + line
    assert ("Puma backlog" in brief) == bool(title)
    assert line.endswith(f"is on call until 8pm ET. {'1 incident is open. ' if title else ''}{missing}")


def test_what_a_brief_cannot_tell_keeps_the_rest_of_it_from_nobody(stage: Stage) -> None:
    def damaged(at: object) -> list[str]:
        raise Unreadable("The records of November 20 are damaged.")

    stage.sources = Sources(counts=lambda at: [f"Check-ins clicked: {1 // 0}"], alerts=damaged)
    stage.restart()
    stage.run("2026-11-23 13:00")
    assert stage.said()[0] == (
        "Mon Nov 23 13:00 U0ALICE: *You are on call until 8pm ET.*\nNo incident is open.\n"
        "*Alerts since the last shift* The records of November 20 are damaged.\n"
        "*Counts* Unavailable: a mistake in the desk.\n"
        f"{TAKE_IT}"
    )


def test_a_brief_goes_out_though_who_accepted_the_shift_cannot_be_read(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(shift: object) -> list[Acceptance]:
        raise Unreadable("The records of November 23 are damaged.")

    monkeypatch.setattr(stage.acceptances, "of", damaged)
    stage.run("2026-11-23 13:00")
    assert stage.said()[0] == (
        f"Mon Nov 23 13:00 U0ALICE: *You are on call until 8pm ET.*\nNo incident is open.\n{TAKE_IT}"
    )


def test_after_an_outage_of_an_hour_the_shift_is_begun_all_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.plans[:] = [stage.handover.plan]
    away = SendError("Slack did not answer in time", retry_after=timedelta(seconds=1), unclear=True)
    monkeypatch.setattr(stage.channel, "before", failing("post", *[away] * 999))
    stage.run("2026-11-23 14:05")
    monkeypatch.undo()
    stage.run("2026-11-23 14:07")
    assert [line.partition("\n")[0] for line in stage.said()] == [
        "Mon Nov 23 13:00 topic: On call: Alice until 8pm",
        "Mon Nov 23 14:06 U0ALICE: *You are on call until 8pm ET.*",
        f"Mon Nov 23 14:06 {LIVE}: \x02U0ALICE|Alice\x03 is on call until 8pm ET. No incident is open.",
    ]
