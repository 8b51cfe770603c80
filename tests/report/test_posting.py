"""The report that is posted by itself: once, with proof, the morning after; its picture below it, once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from opsdesk.chat import SendError, Trouble
from opsdesk.chat.trouble import Addressees
from opsdesk.posts import PostLine, PostRecord, PostWords, State
from opsdesk.report.posting import ReportPictures, ReportPosts
from opsdesk.report.spans import ReportSpan
from opsdesk.settings import Channel as Room
from opsdesk.settings import Channels, DeskFile, ReportTimes, Settings
from opsdesk.store import open_store
from tests.chat.stage import REFUSED, Channel
from tests.oncall.stage import EASTERN, eastern
from tests.posts.stage import TimedScheduler
from tests.summary.stage import CALENDAR

ROOM = "C0WEEK"
TOLD = ReportTimes(channel=Room(id=ROOM), at="9am", tells=("week", "month"))
MONDAY = "2026-11-23"


class Uploads(Channel):
    """A chat that takes files; `refuses` has it refuse them."""

    refuses = False

    def upload(self, room: str, file: Path, *, title: str, thread: str = "") -> None:
        if self.refuses:
            raise SendError("the workspace is out of space")
        self.put_file(room, f"{file}: {title}", thread)

    def put_file(self, room: str, text: str, thread: str) -> None:
        self.post(f"files of {room}", text, thread=thread)


class Stage:
    """A desk that posts reports; it can be started again."""

    def __init__(self, folder: Path, times: ReportTimes = TOLD, since: str = "2026-11-01 08:00", **given: bool) -> None:
        self.folder, self.times, self.since, self.given = folder, times, since, given
        self.channel, self.complaints, self.written = Uploads(), list[str](), 0
        self.open("2026-11-20 12:00")

    def open(self, local: str) -> None:
        channels = Channels(go_live=Room(id="C0LIVE"), rehearsal=Room(id="C0TRIAL"))
        file = DeskFile(zone="America/New_York", channels=channels, report=self.times)
        settings = Settings(self.folder, self.folder, file, **self.given)
        trouble = Trouble(self.channel, ("U0ADMIN",), lambda at: Addressees(()))
        self.store = open_store(self.folder)
        self.reports = ReportPosts(settings, lambda: CALENDAR, eastern(self.since), trouble, self.write)
        kept = self.store.keyed("posts", PostRecord)
        self.posts = TimedScheduler(kept, self.channel, PostWords(EASTERN), eastern(local), (self.reports.plan,))
        self.pictures = ReportPictures(
            self.channel, self.posts, lambda span, at: Path("week.png"), self.complaints.append
        )

    def write(self, span: ReportSpan, at: datetime) -> list[PostLine]:
        self.written += 1
        return [PostLine("head", f"*{span.title}*"), PostLine("Shifts", "*Shifts* Alice 5")]

    def restart(self, local: str) -> None:
        self.store.close()
        self.open(local)

    def run(self, first: str, last: str) -> None:
        at = eastern(first)
        while at <= eastern(last):
            self.posts.tick(at)
            self.pictures.show(self.reports.planned(at), at)
            at += timedelta(minutes=10)

    @property
    def posted(self) -> list[str]:
        return self.channel.texts(ROOM)

    @property
    def files(self) -> list[str]:
        return self.channel.texts(f"files of {ROOM}")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    desk = Stage(tmp_path)
    yield desk
    desk.store.close()


WEEK = "*Report of the week, Nov 16 to Nov 22, 2026*\n*Shifts* Alice 5"


def test_a_week_is_posted_once_on_the_first_working_day_after_it_with_its_picture(stage: Stage) -> None:
    stage.run(f"{MONDAY} 08:00", f"{MONDAY} 08:50")
    assert stage.posted == []
    stage.run(f"{MONDAY} 09:00", f"{MONDAY} 12:00")
    stage.restart(f"{MONDAY} 12:10")
    stage.run(f"{MONDAY} 12:10", "2026-11-25 12:00")
    assert stage.posted == [WEEK]
    assert stage.files == ["week.png: Report of the week, Nov 16 to Nov 22, 2026"]
    (post,) = stage.reports.plan(eastern(f"{MONDAY} 10:00"))
    record = stage.posts.record(post)
    assert record.state is State.POSTED
    assert (record.proof.room, record.proof.at) == (ROOM, eastern(f"{MONDAY} 09:00"))


def test_a_desk_that_was_down_posts_it_late_and_one_that_is_new_not_at_all(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "one")
    stage.run("2026-11-24 11:00", "2026-11-24 11:10")
    assert stage.posted == [WEEK]
    stage.store.close()
    new = Stage(tmp_path / "other", since=f"{MONDAY} 10:00")
    new.run(f"{MONDAY} 10:00", "2026-11-24 12:00")
    assert new.posted == []
    new.store.close()


def test_a_month_is_told_of_after_its_last_day_and_a_holiday(stage: Stage) -> None:
    stage.run("2026-11-30 08:50", "2026-12-01 09:10")
    assert [text.partition("\n")[0] for text in stage.posted] == [
        "*Report of the week, Nov 23 to Nov 29, 2026*",
        "*Report of the month, Nov 1 to Nov 30, 2026*",
    ]
    stage.run("2026-12-28 09:00", "2027-01-04 09:10")
    assert [text.partition("\n")[0] for text in stage.posted][2:] == [
        "*Report of the week, Dec 21 to Dec 27, 2026*",
        "*Report of the week, Dec 28, 2026 to Jan 3, 2027*",
        "*Report of the month, Dec 1 to Dec 31, 2026*",
    ]


def test_a_refused_one_is_given_up_and_told_with_what_to_type(stage: Stage) -> None:
    def refuse(call: str) -> None:
        if call == "post" and stage.posts.at < eastern(f"{MONDAY} 10:30"):
            raise REFUSED

    stage.channel.before = refuse
    stage.run(f"{MONDAY} 09:00", f"{MONDAY} 12:00")
    assert stage.posted == []
    assert stage.channel.texts("U0ADMIN") == [
        "Report of the week, Nov 16 to Nov 22, 2026, was not posted: channel_not_found. "
        "`!report 2026-11-16..2026-11-22` has it."
    ]


def test_a_picture_that_is_refused_is_told_once_and_never_shown_twice(stage: Stage) -> None:
    stage.channel.refuses = True
    stage.run(f"{MONDAY} 09:00", f"{MONDAY} 10:00")
    assert stage.complaints == [
        "The picture of “Report of the week, Nov 16 to Nov 22, 2026” could not be shown below it: "
        "the workspace is out of space."
    ]


def test_a_picture_that_two_desks_see_owed_is_shown_by_one_of_them(stage: Stage) -> None:
    at = eastern(f"{MONDAY} 09:00")
    stage.posts.tick(at)
    (report,) = stage.reports.planned(at)
    proof = stage.posts.record(report.scheduled).proof
    for _ in ("one", "the other"):
        stage.pictures._show(report, proof, at)
    assert stage.files == ["week.png: Report of the week, Nov 16 to Nov 22, 2026"]
    assert stage.complaints == []


def test_a_rehearsal_goes_to_its_own_channel_and_nothing_is_posted_without_one(tmp_path: Path) -> None:
    trial = Stage(tmp_path / "trial", rehearsal=True)
    trial.run(f"{MONDAY} 09:00", f"{MONDAY} 09:10")
    assert trial.posted == []
    assert trial.channel.texts("C0TRIAL") == [f"(rehearsal: meant for {ROOM})\n{WEEK}"]
    trial.store.close()
    off = Stage(tmp_path / "off", times=ReportTimes())
    off.run(f"{MONDAY} 09:00", f"{MONDAY} 09:10")
    assert (off.posted, off.written) == ([], 0)
    off.store.close()
