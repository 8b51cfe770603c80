"""The day's post over whole weeks, minute by minute, and everything that may happen around 8pm."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from channel import REFUSED, Channel, failing
from opsdesk import settings
from opsdesk.chat import Person, Place
from opsdesk.clock import day_of
from opsdesk.day_notices import DayNotices
from opsdesk.day_plan import DayPlan, FirstStart, first_start
from opsdesk.day_post import DayPost
from opsdesk.errors import Refusal, SettingsError
from opsdesk.incident_rules import Change
from opsdesk.incidents import IncidentLog
from opsdesk.posts import Line, PostRecord, State, What
from opsdesk.render.day_post import DayWords, status
from opsdesk.render.posts import PostWords
from opsdesk.sending import Posts
from opsdesk.settings import Channel as Room
from opsdesk.settings import Channels, DeskFile, Settings
from opsdesk.shifts import Calendar, Shift, ShiftTimes
from opsdesk.store import NotStored, open_store
from opsdesk.store.tables import TableFile

EASTERN = ZoneInfo("America/New_York")
ALICE, BOB = Person("U0ALICE", "Alice"), Person("U0BOB", "Bob")
WEEKDAYS = frozenset(range(5))
CALENDAR = Calendar(EASTERN, (ShiftTimes("support", time(13), time(20), WEEKDAYS),))
MINUTE = timedelta(minutes=1)


def eastern(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=EASTERN).astimezone(UTC)


class Counts:
    """Counts as the post asks for them; `answer` is what Datadog would say."""

    def __init__(self) -> None:
        self.answer = "Check-ins clicked: 1765"
        self.changed = False
        self.asked: list[datetime] = []

    def lines(self, day, until, at, before):
        self.asked.append(at)
        return [Line("counts", f"*Counts*\n{self.answer}", marked=True)]

    def stale(self, day, before, at, looked):
        return self.changed


class Team:
    """A desk with a day's post, an incident log, a room to post to and Alice on call; it can be started again."""

    admins: Sequence[str] = ()

    def __init__(self, folder: Path, started: str, **told: object) -> None:
        self.folder, self.told = folder, told
        self.channel, self.counts = Channel(), Counts()
        self.since = eastern(started)
        self.open(self.since)

    def open(self, at: datetime) -> None:
        room = Room(id="C0LIVE", name="#go-live")
        file = DeskFile(zone="America/New_York", channels=Channels(go_live=room, rehearsal=Room(id="C0TRIAL")))
        told = Settings(data_dir=self.folder, state_dir=self.folder, file=file, **self.told)
        self.store = open_store(self.folder)
        kept = self.store.kept("posts", PostRecord)
        self.posts, self.others = (Posts(kept, self.channel, PostWords(EASTERN), at) for _ in range(2))
        self.log = IncidentLog(self.store, EASTERN)
        self.log.changed.append(lambda incident: self.posts.look_again())
        self.complaints: list[str] = []
        words, complain = DayWords(EASTERN, timedelta(hours=4)), self.complaints.append
        had = lambda shift: self.who_had(shift)  # noqa: E731  # as a test has it then
        plan = DayPlan(told, lambda: CALENDAR, self.posts, self.log, self.counts, had, words, self.since, complain)
        self.day_post = DayPost(plan, self.posts, lambda: CALENDAR)
        self.posts.plans.append(plan.plan)
        to_tell = lambda at: self.to_tell(at)  # noqa: E731  # likewise
        self.others.plans.append(DayNotices(plan, to_tell, words, self.admins).plan)

    def who_had(self, shift: Shift) -> tuple[str, datetime | None]:
        return "Alice", None

    def to_tell(self, at: datetime) -> tuple[Sequence[str], str]:
        return [ALICE.id], ""

    def restart(self, at: str) -> None:
        self.store.close()
        self.open(eastern(at))

    def run(self, first: str, last: str, step: timedelta = MINUTE) -> None:
        at = eastern(first)
        while at <= eastern(last):
            self.tick(at)
            at += step

    def tick(self, at: datetime) -> None:
        self.posts.tick(at)
        self.others.tick(at)

    def opened(self, title: str, at: str, by: Person = ALICE, **told: object) -> int:
        return self.log.open(Change(title=title, **told), at=eastern(at), by=by, place=Place()).number

    @property
    def posted(self) -> list[str]:
        return self.channel.texts("C0LIVE")

    def posted_at(self, first: date, last: date) -> Iterator[str]:
        """When each day's post was proved, as clocks showed it."""
        day = first
        while day <= last:
            proof = self.day_post.record(day).proof
            if proof:
                yield f"{proof.at.astimezone(EASTERN):%a %b %d %H:%M %Z}"
            day += timedelta(days=1)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    team = Team(tmp_path, "2026-11-21 00:00")
    yield team
    team.store.close()


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
        "*Incidents* 2 opened, 1 resolved, 1 carried over\n"
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


def test_the_person_on_call_gets_a_draft_with_what_is_missing(team):
    team.opened("Travel claims rejected", "2026-11-20 16:10")
    team.run("2026-11-23 19:39", "2026-11-23 19:59")
    (draft,) = team.channel.texts("U0ALICE")
    assert draft == (
        "Draft of today's post. Doing nothing is fine: it is sent at its time all the same.\n"
        "*Missing*\n"
        "• #1 Travel claims rejected: no news for 3 days. `!incident update 1 <text>`\n"
        "`!summary note <text>` adds to Handing over, `!summary skip <reason>` leaves today out.\n"
        "\n"
        "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)\n"
        "\n"
        "*Production events*\n"
        "No production events today.\n"
        "*Carried over*\n"
        "• #1 Travel claims rejected: *investigating* (sev 3, open 3 days, owner Alice)\n"
        "\n"
        "*Counts*\n"
        "Check-ins clicked: 1765\n"
        "\n"
        "*Incidents* 0 opened, 0 resolved, 1 carried over"
    )


def test_given_up_it_is_told_with_the_whole_text_to_paste(team):
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    (told,) = team.channel.texts("U0ALICE")
    assert team.posted == []
    assert told.startswith(
        "The post of Monday, November 23, 2026 was *not posted*: channel_not_found. Here is its text to paste:\n\n"
        "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)\n"
    )


def refuse_in_room(team: Team, call: str) -> None:
    if call == "post" and team.day_post.record(date(2026, 11, 23)).state is not State.GIVEN_UP:
        raise REFUSED


def test_back_after_midnight_the_post_is_told_and_kept_for_yesterday(team):
    team.opened("VEText reminders late", "2026-11-23 18:05")
    team.restart("2026-11-24 00:10")
    team.run("2026-11-24 00:10", "2026-11-24 00:12")
    assert team.posted == []
    (told,) = team.channel.texts("U0ALICE")
    assert "was *not posted*: the desk was down." in told
    shown = team.day_post.shown(date(2026, 11, 23), eastern("2026-11-24 00:15"))
    kept = PostWords(EASTERN).text(shown.lines, shown.day)
    assert told.endswith(kept)


def test_an_edit_that_keeps_failing_is_told_once(team):
    number = team.opened("VEText reminders late", "2026-11-23 18:05")
    team.run("2026-11-23 20:00", "2026-11-23 20:01")
    team.log.resolve(number, Change(text="backlog empty"), at=eastern("2026-11-23 20:06"), by=BOB)
    team.channel.before = failing("edit", *[REFUSED] * 99)
    team.run("2026-11-23 20:06", "2026-11-23 21:00")
    (told,) = team.channel.texts("U0ALICE")
    assert told == (
        "The post of Monday, November 23, 2026 could not be changed: channel_not_found. The desk goes on trying.\n"
        "`!summary` shows what it should say."
    )


def test_a_skipped_day_has_no_post_and_whoever_is_on_call_is_told_so(team):
    team.day_post.skip("2026-11-23 site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    team.run("2026-11-23 19:30", "2026-11-23 23:59")
    assert team.posted == []
    assert team.channel.texts("U0ALICE") == [
        "The post of Monday, November 23, 2026 is left out by Alice: site holiday.\n"
        "`!summary resume` sends it after all."
    ]
    with pytest.raises(Refusal, match="Today's post is left out"):
        team.day_post.post_now("", eastern("2026-11-23 21:00"))


def test_a_skip_taken_back_is_posted(team):
    day = date(2026, 11, 23)
    team.day_post.skip("today site holiday", by=ALICE, at=eastern("2026-11-23 15:00"))
    team.day_post.resume(day, by=ALICE, at=eastern("2026-11-23 16:00"))
    team.run("2026-11-23 19:59", "2026-11-23 20:01")
    assert len(team.posted) == 1


def test_what_was_posted_cannot_be_skipped(team):
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    with pytest.raises(Refusal, match="posted already"):
        team.day_post.skip("too late", by=ALICE, at=eastern("2026-11-23 20:05"))


def test_posted_by_hand_before_8pm_it_is_edited_at_8pm(team):
    team.opened("VEText reminders late", "2026-11-23 18:05")
    team.day_post.post_now("", eastern("2026-11-23 18:30"))
    team.opened("VistA slow", "2026-11-23 19:00")
    team.run("2026-11-23 19:59", "2026-11-23 20:05")
    assert len(team.posted) == 1
    assert "#2 VistA slow" in team.posted[0]
    assert "updated" not in team.posted[0]


def test_in_rehearsal_everything_goes_to_the_rehearsal_channel_marked(tmp_path):
    team = Team(tmp_path, "2026-11-21 12:00", rehearsal=True)
    team.run("2026-11-23 19:39", "2026-11-23 20:01")
    draft, post = (message.text for message in team.channel.messages)
    assert team.channel.texts("C0TRIAL") == [draft, post]
    assert draft.startswith("(rehearsal: meant for U0ALICE)\nDraft of today's post.")
    assert post.startswith("(rehearsal: meant for #go-live)\n*Production support summary, ")


def test_a_rehearsed_post_given_up_is_told_in_the_rehearsal_channel_alone(tmp_path):
    team = Team(tmp_path, "2026-11-23 12:00", rehearsal=True)
    team.restart("2026-11-24 00:10")
    team.run("2026-11-24 00:10", "2026-11-24 00:12")
    (told,) = (message.text for message in team.channel.messages)
    assert team.channel.texts("C0TRIAL") == [told]
    assert told.startswith("(rehearsal: meant for U0ALICE)\nThe post of Monday, November 23, 2026 was *not posted*")


def test_a_rehearsal_without_a_channel_is_refused_at_the_start():
    with pytest.raises(SettingsError, match="DESK_REHEARSAL=1 needs a channel to rehearse in"):
        settings.read({"DESK_REHEARSAL": "1"})


def test_a_note_on_a_weekend_stands_in_mondays_post(team):
    note = team.day_post.note("Watch the VEText backlog", by=ALICE, at=eastern("2026-11-21 15:00"))
    assert note.day == date(2026, 11, 23)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert team.posted[0].endswith("*Handing over* Watch the VEText backlog")


def test_a_long_note_leaves_room_for_the_others(team):
    for text in ("x" * 900, "Monitor 116657 is muted until 9am"):
        team.day_post.note(text, by=ALICE, at=eastern("2026-11-23 19:00"))
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert team.posted[0].endswith("x…; Monitor 116657 is muted until 9am")


SKIPS = {
    "site holiday": date(2026, 11, 23),
    "today site holiday": date(2026, 11, 23),
    "tomorrow bob is away": date(2026, 11, 24),
    "Tuesday holiday": date(2026, 11, 24),
    "next friday bob is away": date(2026, 11, 27),
    "nov 25 nobody is on shift": date(2026, 11, 25),
    "2026-11-25 nobody is on shift": date(2026, 11, 25),
}


@pytest.mark.parametrize("typed", SKIPS)
def test_the_day_that_is_typed_is_the_day_that_is_left_out(team, typed):
    at = eastern("2026-11-23 15:00")
    assert team.day_post.skip(typed, by=ALICE, at=at) == SKIPS[typed]
    assert [day for day, _ in team.day_post.skipped(at)] == [SKIPS[typed]]


NO_SKIPS = {
    "": "Say why: `!summary skip today nobody is on shift`.",
    "2026-11-25": "Say why: `!summary skip 2026-11-25 nobody is on shift`.",
    "yesterday foo": "Sunday, November 22, 2026 is over: there is nothing to skip. "
    "Today's: `!summary skip today <why>`.",
    "saturday off": "No post is due on Saturday, November 28, 2026: there is nothing to skip.",
    "11/25/2026 off": "“11/25/2026” is not a day I can read. Type today, yesterday or 2026-11-20.",
}


@pytest.mark.parametrize("typed", NO_SKIPS)
def test_what_cannot_be_left_out_is_refused_and_todays_post_stays(team, typed):
    with pytest.raises(Refusal) as refused:
        team.day_post.skip(typed, by=ALICE, at=eastern("2026-11-23 15:00"))
    assert str(refused.value).replace('"', "“", 1).replace('"', "”", 1) == NO_SKIPS[typed]
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert len(team.posted) == 1


def test_a_desk_started_for_the_first_time_tells_nothing_of_the_days_before(tmp_path):
    team = Team(tmp_path, "2026-11-23 21:00")
    team.run("2026-11-23 21:00", "2026-11-24 12:00", step=MINUTE * 10)
    assert team.channel.messages == []


def test_a_desk_back_late_on_a_full_disk_knows_that_it_was_started_before(tmp_path, monkeypatch):
    with closing(open_store(tmp_path)) as store:
        first_start(store.kept("desk", FirstStart), eastern("2026-11-02 09:00"))
        monkeypatch.setattr(TableFile, "put", full)
        assert first_start(store.kept("desk", FirstStart), eastern("2026-11-23 20:05")) == eastern("2026-11-02 09:00")


def full(self, table, name, row):
    raise NotStored("The disk is full: nothing was stored.")


def test_days_that_cannot_be_read_are_said_and_the_post_goes_out(team, monkeypatch):
    def damaged(first, last):
        raise Refusal("The records of 2026-11-23 are damaged in both copies.")

    monkeypatch.setattr(team.log, "touched", damaged)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert "Incidents unavailable: what the desk has stored of these days cannot be read.\n" in team.posted[0]
    assert team.complaints == [
        "The day's post cannot tell of the incidents. The records of 2026-11-23 are damaged in both copies."
    ]


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
        "Nov 17: not posted: nothing was tried"
    )


def test_a_note_too_long_or_empty_is_refused(team):
    at = eastern("2026-11-23 15:00")
    with pytest.raises(Refusal, match="at most 1,000 characters"):
        team.day_post.note("x" * 1001, by=ALICE, at=at)
    with pytest.raises(Refusal, match="Type what to hand over"):
        team.day_post.note("  ", by=ALICE, at=at)
    assert team.day_post.handed_to(day_of(at, EASTERN)) == ()
    assert team.day_post.record(day_of(at, EASTERN)).last(What.NOTED) is None


def test_who_was_on_call_may_be_unreadable_and_the_post_goes_out(team, monkeypatch):
    def damaged(shift):
        raise Refusal("What was stored on 2026-11-23 cannot be read.")

    monkeypatch.setattr(team, "who_had", damaged)
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    assert team.posted[0].splitlines()[0].endswith(", November 23, 2026* (1pm to 8pm ET, on call: nobody named)")


def test_the_status_of_a_post_given_up_tells_the_reason_and_not_a_later_note(team):
    team.channel.before = lambda call: refuse_in_room(team, call)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    at = eastern("2026-11-23 20:40")
    team.day_post.note("Watch the VEText backlog", by=ALICE, at=at)
    told = status(team.day_post.next_due(at), (), team.day_post.past(at), at, EASTERN)
    assert told == "Next post: tomorrow 8:00pm.\ntoday: given up: channel_not_found"
