"""The day's post over whole weeks, minute by minute, and everything that may happen around 8pm."""

import html
from contextlib import closing
from datetime import date, timedelta

import pytest

from opsdesk.chat.chat import SendError
from opsdesk.errors import UserError
from opsdesk.incidents.rules import Change
from opsdesk.oncall.shifts import Calendar
from opsdesk.posts import PostRecord
from opsdesk.store import NotStored, Unreadable, open_store
from opsdesk.store.tinydb.tables import TableFile
from opsdesk.summary.answer_words import status
from opsdesk.summary.plan import FirstStart, first_start
from opsdesk.summary.summary import Part
from tests.chat.stage import failing
from tests.oncall.stage import AFTERNOON, EASTERN, MORNING, eastern
from tests.summary.stage import ALICE, BOB, Team, refuse_in_room

WEEKS = {
    "clocks go forward": (
        "2026-03-05",
        "2026-03-11",
        ["Thu Mar 05 20:00 EST", "Fri Mar 06 20:00 EST", "Mon Mar 09 20:00 EDT", "Tue Mar 10 20:00 EDT",
         "Wed Mar 11 20:00 EDT"],
    ),
    "clocks go back": (
        "2026-10-29",
        "2026-11-04",
        ["Thu Oct 29 20:00 EDT", "Fri Oct 30 20:00 EDT", "Mon Nov 02 20:00 EST", "Tue Nov 03 20:00 EST",
         "Wed Nov 04 20:00 EST"],
    ),
    "Thanksgiving": (
        "2026-11-24",
        "2026-11-30",
        ["Tue Nov 24 20:00 EST", "Wed Nov 25 20:00 EST", "Fri Nov 27 20:00 EST", "Mon Nov 30 20:00 EST"],
    ),
    "Independence Day on a Saturday": (
        "2026-07-01",
        "2026-07-06",
        ["Wed Jul 01 20:00 EDT", "Thu Jul 02 20:00 EDT", "Mon Jul 06 20:00 EDT"],
    ),
    "a leap day": (
        "2028-02-28",
        "2028-03-01",
        ["Mon Feb 28 20:00 EST", "Tue Feb 29 20:00 EST", "Wed Mar 01 20:00 EST"],
    ),
    "the turn of the year": (
        "2026-12-31",
        "2027-01-04",
        ["Thu Dec 31 20:00 EST", "Mon Jan 04 20:00 EST"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("week", WEEKS)
def test_minute_by_minute_each_working_day_has_one_post_at_8pm(tmp_path, week):
    first, last, expected = WEEKS[week]
    team = Team(tmp_path, f"{first} 00:00")
    team.run(f"{first} 00:00", f"{last} 23:59")
    assert list(team.posted_at(date.fromisoformat(first), date.fromisoformat(last))) == expected
    assert len(team.posted) == len(expected)


def test_the_day_is_told_as_the_team_writes_it(team):
    first = team.opened("Travel claims rejected", "2026-11-20 16:10", by=BOB)
    team.log.update(first, Change(text="Waiting for BTSSS"), at=eastern("2026-11-20 17:00"), by=BOB)
    second = team.opened("VistA timeouts on pre-check-in", "2026-11-23 13:12", severity=2, subsystem="vista")
    team.opened("VEText reminders late", "2026-11-23 18:05", by=BOB, subsystem="vetext")
    gone = Change(text="vista-api restarted, errors gone since 3:35pm")
    team.log.resolve(second, gone, at=eastern("2026-11-23 15:40"), by=BOB)
    team.day_post.note("Watch the VEText backlog", by=ALICE, at=eastern("2026-11-23 19:45"))
    team.run("2026-11-23 19:59", "2026-11-23 20:01")
    assert team.posted == [
        "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)\n"
        "\n"
        "*Production events*\n"
        "• #2 VistA timeouts on pre-check-in: *resolved* (sev 2, vista, 1:12pm to 3:40pm, 2 hours 28 minutes). "
        "vista-api restarted, errors gone since 3:35pm\n"
        "• #3 VEText reminders late: *investigating* (sev 3, vetext, since 6:05pm, owner Bob)\n"
        "*Carried over*\n"
        "• #1 Travel claims rejected: *investigating* (sev 3, open 3 days, owner Bob). Waiting for BTSSS\n"
        "\n"
        "*Counts*\n"
        "Check-ins clicked: 1765\n"
        "\n"
        "*Incidents* 2 opened, 1 resolved, 1 carried over, 2 still open\n"
        "*Handing over* Watch the VEText backlog"
    ]


def test_a_quiet_day_says_so(team):
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert "*Production events*\nNo production events today.\n" in team.posted[0]


def test_a_monday_tells_of_the_weekend(team):
    number = team.opened("Weekend outage", "2026-11-21 10:00")
    team.log.resolve(number, Change(text="came back"), at=eastern("2026-11-22 11:00"), by=BOB)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert (
        "• #1 Weekend outage: *resolved* (sev 3, Nov 21 10:00am to Nov 22 11:00am, 1 day 1 hour). came back"
        in team.posted[0]
    )


def test_yesterdays_post_is_linked(tmp_path):
    team = Team(tmp_path, "2026-11-20 12:00")
    team.run("2026-11-20 20:00", "2026-11-20 20:00")
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    link = team.day_post.record(date(2026, 11, 20)).proof.permalink
    assert f" · Friday's post: {link}" in team.posted[1]


def test_what_is_resolved_after_the_post_changes_its_line_in_place(team):
    number = team.opened("VEText reminders late", "2026-11-23 18:05")
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    team.log.resolve(number, Change(text="backlog empty"), at=eastern("2026-11-23 20:06"), by=BOB)
    team.run("2026-11-23 20:07", "2026-11-23 20:09")
    assert len(team.posted) == 1
    assert (
        "• #1 VEText reminders late: *resolved* (sev 3, 6:05pm to 8:06pm, 2 hours 1 minute). backlog empty "
        "(updated 8:07pm)\n" in team.posted[0]
    )
    assert "*Incidents* 1 opened, 1 resolved, 0 carried over" in team.posted[0]


def test_what_was_carried_over_stays_in_the_post_when_it_is_resolved_the_next_morning(team):
    number = team.opened("VistA is down", "2026-11-20 16:10", severity=1)
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    team.log.resolve(number, Change(text="came back"), at=eastern("2026-11-24 09:30"), by=BOB)
    team.run("2026-11-24 09:30", "2026-11-24 09:31")
    assert (
        "*Carried over*\n• #1 VistA is down: *resolved* (sev 1, Nov 20 4:10pm to Nov 24 9:30am, 3 days 17 hours). "
        "came back (updated Nov 24 9:30am)\n" in team.posted[0]
    )
    assert "*Incidents* 0 opened, 0 resolved, 1 carried over" in team.posted[0]
    team.run("2026-11-24 20:00", "2026-11-24 20:00")
    assert "*Production events*\n• #1 VistA is down: *resolved* (sev 1, " in team.posted[1]
    assert "*Incidents* 0 opened, 1 resolved, 0 carried over" in team.posted[1]


def test_what_is_said_too_late_to_have_been_over_before_is_told_in_the_next_post_and_in_that_alone(team):
    early, late = team.opened("VistA is slow", "2026-11-20 16:10"), team.opened("VistA is down", "2026-11-20 16:20")
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    before = {"text": "came back", "happened_at": eastern("2026-11-23 22:00")}
    team.log.resolve(early, Change(**before), at=eastern("2026-11-24 09:30"), by=BOB)
    team.run("2026-11-24 09:30", "2026-11-24 09:31")
    team.log.resolve(late, Change(**before), at=eastern("2026-11-24 13:30"), by=BOB)
    team.run("2026-11-24 20:00", "2026-11-24 20:01")
    over = "*resolved* (sev 3, Nov 20 4:{0}pm to Nov 23 10:00pm, 3 days 5 hours). came back"
    assert f"• #{early} VistA is slow: {over.format(10)} (updated" in team.posted[0]
    assert f"• #{late} VistA is down: *investigating* (" in team.posted[0]
    assert f"*Production events*\n• #{late} VistA is down: {over.format(20)}\n\n" in team.posted[1]
    assert "*Incidents* 0 opened, 1 resolved, 0 carried over" in team.posted[1]
    assert "VistA is slow" not in team.posted[1]


def test_in_a_chat_that_cannot_change_a_post_the_next_one_tells_of_the_evening_after_it(team):
    team.channel.edits = False
    team.opened("VistA is slow", "2026-11-23 14:00")
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    number = team.opened("VistA is down", "2026-11-23 20:30", severity=1)
    team.log.resolve(number, Change(text="came back"), at=eastern("2026-11-23 23:00"), by=BOB)
    team.run("2026-11-24 20:00", "2026-11-24 20:01")
    events = team.posted[1].partition("*Production events*\n")[2].splitlines()
    assert events[0] == (
        "• #2 VistA is down: *resolved* (sev 1, Nov 23 8:30pm to 11:00pm, 2 hours 30 minutes). came back"
    )
    assert events[1] == "*Carried over*"
    assert "*Incidents* 1 opened, 1 resolved, 1 carried over" in team.posted[1]
    assert [post.count("VistA is down") for post in team.posted] == [0, 1]


def test_what_the_last_post_could_not_be_changed_to_say_is_told_in_the_next_one(team):
    early = team.opened("VistA is slow", "2026-11-23 14:00")
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    busy = SendError("Slack failed (HTTP 503)", retry_after=timedelta(seconds=1))
    team.channel.before = failing("edit", *[busy] * 1_000)
    team.log.resolve(early, Change(text="came back"), at=eastern("2026-11-23 20:20"), by=BOB)
    late = team.opened("VistA is down", "2026-11-23 20:30", severity=1)
    team.log.resolve(late, Change(text="came back"), at=eastern("2026-11-23 23:00"), by=BOB)
    team.run("2026-11-23 20:20", "2026-11-24 13:01", step=timedelta(minutes=5))
    team.channel.before = failing("edit")
    team.run("2026-11-24 20:00", "2026-11-24 20:01")
    assert team.posted[1].partition("*Production events*\n")[2].splitlines()[:3] == [
        "• #2 VistA is down: *resolved* (sev 1, Nov 23 8:30pm to 11:00pm, 2 hours 30 minutes). came back",
        "• #1 VistA is slow: *resolved* (sev 3, Nov 23 2:00pm to 8:20pm, 6 hours 20 minutes). came back",
        "",
    ]
    assert "*Incidents* 1 opened, 2 resolved, 0 carried over" in team.posted[1]


def test_once_the_next_shift_begins_the_post_is_left_alone(team):
    number = team.opened("VEText reminders late", "2026-11-23 18:05")
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    before = team.posted[0]
    team.log.resolve(number, Change(text="backlog empty"), at=eastern("2026-11-24 13:00"), by=BOB)
    team.run("2026-11-24 13:00", "2026-11-24 13:05")
    assert team.posted == [before]


def test_an_edit_missed_while_the_desk_was_down_is_made_up_for(team):
    number = team.opened("VEText reminders late", "2026-11-23 18:05")
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    team.log.resolve(number, Change(text="backlog empty"), at=eastern("2026-11-23 20:06"), by=BOB)
    team.restart("2026-11-23 20:30")
    team.run("2026-11-23 20:30", "2026-11-23 20:31")
    assert "backlog empty (updated 8:30pm)" in team.posted[0]


def test_counts_that_arrive_late_are_edited_in(team):
    team.counts.answer = "Counts unavailable: Datadog did not answer (timeout). Trying until 8:30pm."
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    team.counts.answer, team.counts.changed = "Check-ins clicked: 1765", True
    team.run("2026-11-23 20:12", "2026-11-23 20:13")
    assert "*Counts* (updated 8:12pm)\nCheck-ins clicked: 1765" in team.posted[0]


def test_posted_by_hand_before_8pm_it_is_edited_at_8pm(team):
    team.opened("VEText reminders late", "2026-11-23 18:05")
    team.day_post.post_now("", eastern("2026-11-23 18:30"))
    team.opened("VistA slow", "2026-11-23 19:00")
    team.run("2026-11-23 19:59", "2026-11-23 20:05")
    assert len(team.posted) == 1
    assert "#2 VistA slow" in team.posted[0]
    assert "updated" not in team.posted[0]


def test_a_desk_back_late_on_a_full_disk_knows_that_it_was_started_before(tmp_path, monkeypatch):
    with closing(open_store(tmp_path)) as store:
        kept, posts = store.keyed("desk", FirstStart), store.keyed("posts", PostRecord)
        first_start(kept, posts, eastern("2026-11-02 09:00"), EASTERN)
        monkeypatch.setattr(TableFile, "put", full)
        assert first_start(kept, posts, eastern("2026-11-23 20:05"), EASTERN) == eastern("2026-11-02 09:00")


@pytest.mark.parametrize("ran", [["2026-11-23"], ["2026-11-18", "2026-11-20", "2026-11-23"], []])
def test_a_desk_that_lost_when_it_was_first_started_was_so_on_the_first_day_that_it_posted_on(tmp_path, ran):
    """And not on the first of all days, whose posts it would give up one by one."""
    with closing(open_store(tmp_path)) as store:
        first_start(
            store.keyed("desk", FirstStart), store.keyed("posts", PostRecord), eastern("2026-11-02 09:00"), EASTERN
        )
        for day in map(date.fromisoformat, ran):
            store.keyed("posts", PostRecord).change(day, "brief", lambda before: PostRecord("brief"))
    for folder in (tmp_path, tmp_path / "mirror"):
        (folder / "undated.json").write_bytes(b"garbage")
    with closing(open_store(tmp_path)) as store:
        kept, posts = store.keyed("desk", FirstStart), store.keyed("posts", PostRecord)
        found = first_start(kept, posts, eastern("2026-11-23 19:59"), EASTERN)
        assert found == eastern(f"{(ran or ['2026-11-23'])[0]} 00:00")
        assert first_start(kept, posts, eastern("2026-11-23 19:59"), EASTERN, away=True) == eastern("2026-11-23 19:59")


def full(self, table, name, row):
    raise NotStored("The disk is full: nothing was stored.")


def test_days_that_cannot_be_read_are_said_and_the_post_goes_out(team, monkeypatch):
    def damaged(first, last, lost):
        raise UserError("The records of 2026-11-23 are damaged in both copies.")

    monkeypatch.setattr(team.log, "touched", damaged)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert "Incidents unavailable: what the desk has stored of these days cannot be read.\n" in team.posted[0]
    assert team.complaints == [
        "The day's post cannot tell of the incidents. The records of 2026-11-23 are damaged in both copies."
    ]


def test_a_lost_day_is_said_in_the_post_beside_all_that_can_be_told(team):
    team.opened("VistA timeouts", "2026-11-21 12:00")
    team.store.close()
    for root in (team.folder, team.folder / "mirror"):
        (root / "days" / "2026-11-21.json").write_bytes(b"")
    team.open(eastern("2026-11-23 19:00"))
    missing = (
        "*Production events*\n⚠ What was stored on Nov 21 cannot be read: incidents opened that day are missing here."
    )
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert f"{missing}\n\n" in team.posted[0]
    assert "*Incidents* at least 0 opened" in team.posted[0]
    number = team.opened("Puma backlog", "2026-11-23 20:05")
    team.run("2026-11-23 20:06", "2026-11-23 20:20")
    assert f"{missing}\n• #{number} Puma backlog" in team.posted[0]


def test_a_long_day_stays_one_message_worst_and_open_first(team):
    for number in range(1, 61):
        team.opened(f"Event {number} with a title that goes on for quite some time", "2026-11-23 14:00")
    team.opened("The worst of all", "2026-11-23 15:00", severity=1)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    (text,) = team.posted
    lines = text.splitlines()
    assert len(text) < 4000
    assert lines[3].startswith("• #61 The worst of all: *investigating* (sev 1")
    shown = sum(line.startswith("• ") for line in lines)
    assert f"…and {61 - shown} more: `!incident list today` and `!incident list` show all" in lines


def test_on_a_long_day_the_worst_is_told_though_it_was_carried_over(team):
    worst = team.opened("VistA is down", "2026-11-20 14:00", severity=1)
    small = team.opened("A small thing", "2026-11-20 14:00", severity=3)
    for number in range(40):
        title = f"Event {number} with a title that goes on for quite some time, and on, and on, and then on"
        team.opened(title, "2026-11-23 14:00", severity=3)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    (text,) = team.posted
    lines = text.splitlines()
    shown = sum(line.startswith("• ") for line in lines)
    carried = lines.index("*Carried over*")
    assert lines[carried + 1].startswith(f"• #{worst} VistA is down: ")
    assert lines[carried + 2] == f"…and {42 - shown} more: `!incident list today` and `!incident list` show all"
    assert f"#{small} " not in text


def test_of_what_was_carried_over_no_heading_is_left_where_nothing_of_it_is(team):
    team.opened("A small thing", "2026-11-20 14:00", severity=3)
    for number in range(40):
        title = f"Event {number} with a title that goes on for quite some time, and on, and on, and then on"
        team.opened(title, "2026-11-23 14:00", severity=2)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert "*Carried over*" not in team.posted[0].splitlines()
    assert "*Incidents* 40 opened, 0 resolved, 1 carried over" in team.posted[0]


@pytest.mark.parametrize("sign", ["<", "x"])
def test_long_lines_of_others_and_long_notes_leave_room_for_the_incidents(team, sign):
    team.plan.parts = (Part("watch", "Watch", lambda day: sign * 4_000), Part("alerts", "Alerts", lambda day: "2 & 3"))
    team.opened("VistA is down", "2026-11-23 14:00", severity=1)
    team.day_post.note(sign * 1_000, by=ALICE, at=eastern("2026-11-23 15:00"))
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    (text,) = team.posted
    assert "• #1 VistA is down: " in text
    assert "*Alerts* 2 & 3" in text.splitlines()
    (watch,) = (line for line in text.splitlines() if line.startswith("*Watch* "))
    assert watch.endswith(f"{sign}…")
    assert len(html.escape(watch, quote=False)) <= 1_000
    assert len(html.escape(text, quote=False)) < 2_300


def test_the_status_tells_the_next_post_and_the_last_ones(tmp_path):
    team = Team(tmp_path, "2026-11-17 12:00")
    team.run("2026-11-19 20:00", "2026-11-19 20:00")
    team.day_post.skip("site holiday", by=ALICE, at=eastern("2026-11-20 15:00"))
    at = eastern("2026-11-20 21:00")
    link = team.day_post.record(date(2026, 11, 19)).proof.permalink
    assert status(team.day_post.next_due(at), team.day_post.skipped(at), team.day_post.past(at), at, EASTERN) == (
        "Next post: Nov 23 8:00pm.\n"
        "Left out today by Alice: site holiday. `!summary resume 2026-11-20` sends it after all.\n"
        f"yesterday: posted 8:00pm {link}\n"
        "Nov 18: given up: the desk was down\n"
        "Nov 17: given up: the desk was down"
    )


def test_a_part_whose_records_are_damaged_names_no_file_to_the_channel(team, monkeypatch):
    def damaged(day):
        raise Unreadable("What was stored on 2026-11-23 cannot be read: /srv/state/days/2026-11-23.json is empty")

    monkeypatch.setattr(team.plan, "parts", (Part("alerts", "Alerts", damaged),))
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    (text,) = team.posted
    assert "*Alerts* unavailable: what the desk has stored of them cannot be read" in text.splitlines()


def test_who_was_on_call_may_be_unreadable_and_the_post_goes_out(team, monkeypatch):
    def damaged(shift):
        raise UserError("What was stored on 2026-11-23 cannot be read.")

    monkeypatch.setattr(team, "who_had", damaged)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert team.posted[0].splitlines()[0].endswith(", November 23, 2026* (1pm to 8pm ET, on call: nobody named)")


def test_each_of_the_days_shifts_is_told_with_who_had_it(team):
    calendar = Calendar(EASTERN, (MORNING, AFTERNOON))
    had = {"morning": ("Alice", eastern("2026-11-23 06:58")), "afternoon": ("", None)}
    team.plan._calendar, team.who_had = lambda: calendar, lambda shift: had[shift.name]
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert team.posted[0].splitlines()[0] == (
        "*Production support summary, Monday, November 23, 2026* "
        "(7am to 1pm ET, on call: Alice, accepted 6:58am; 1pm to 8pm ET, on call: nobody named)"
    )


def test_the_status_of_a_post_given_up_tells_the_reason_and_not_a_later_note(team):
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    at = eastern("2026-11-23 20:40")
    team.day_post.note("Watch the VEText backlog", by=ALICE, at=at)
    told = status(team.day_post.next_due(at), (), team.day_post.past(at), at, EASTERN)
    assert told == "Next post: tomorrow 8:00pm.\ntoday: given up: channel_not_found"
