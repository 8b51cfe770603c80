"""Whatever else the desk does may hang: the day's post does not wait for it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from opsdesk import alerts, settings
from opsdesk import process as desks
from opsdesk.chat.chat import Person, Place
from opsdesk.desk import Desk
from opsdesk.incidents.rules import Change
from opsdesk.summary import heartbeat
from tests.chat.stage import Channel
from tests.patience import LONG
from tests.posts.stage import Hanging
from tests.talk import MovedClock

GO_LIVE = "C02UP02HHGX"
ADMIN = "U0ADMIN"
ALICE = Person("U0ALICE", "Alice")


@pytest.fixture
def desk(
    environment: dict[str, str], clock: MovedClock, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setattr(heartbeat, "fetch", lambda url: hanging.before("beat"))
    environment = environment | {"DESK_HEARTBEAT_URL": "http://127.0.0.1:9/beat"}
    clock.to("2026-11-23 19:55")
    told = settings.read(environment | {"DESK_ADMINS": ADMIN})
    desk = desks.start_desk(told, Channel(before=hanging.before, admins=told.admins), clock)
    yield desk
    hanging.over.set()
    desk.close()


@pytest.mark.parametrize("admins", ["", ADMIN])
def test_a_desk_that_cannot_read_what_belongs_to_no_day_posts_late_all_the_same(environment, clock, admins):
    told = settings.read(environment | {"DESK_ADMINS": admins})
    desks.start_desk(told, Channel(), clock).close()
    for copy in told.state_dir.rglob("undated.json"):
        copy.write_bytes(b"garbled")
    clock.to("2026-11-23 20:03")
    with closing(desks.start_desk(told, Channel(), clock)) as desk:
        desk.ticker.tick_summary()
        assert [message.room for message in desk.chat.messages] == [GO_LIVE]


def test_a_desk_that_is_stopped_gives_its_state_back_whatever_fails_meanwhile(environment, clock, monkeypatch):
    told = settings.read(environment)
    with closing(desks.start_desk(told, Channel(), clock)):
        monkeypatch.setattr(alerts, "build", lambda *given, **named: 1 // 0)
    desks.start_desk(told, Channel(), clock).close()


@pytest.fixture
def beside(hanging: Hanging) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Begins something in a thread of its own, and goes on once it hangs."""
    threads: list[threading.Thread] = []

    def begin(hang: Callable[[], object]) -> None:
        threads.append(threading.Thread(target=hang))
        threads[-1].start()
        assert hanging.begun.wait(LONG)
        hanging.call = ""

    yield begin
    hanging.over.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("call", ["find", "post"])
def test_a_chat_that_hangs_over_the_draft_does_not_hold_the_days_post(desk, clock, hanging, beside, call):
    hanging.call = call
    beside(desk.ticker.tick)
    clock.to("2026-11-23 20:00")
    desk.ticker.tick_summary()
    assert [message.room for message in desk.chat.messages] == [GO_LIVE]


def test_an_admin_who_cannot_be_told_of_a_mistake_does_not_hold_the_days_post(desk, clock, hanging, beside):
    rotation = Path(desk.settings.data_dir / "rotation.toml")
    rotation.write_text(rotation.read_text() + "\n[mistake]\n")
    clock.to("2026-11-23 19:59")
    hanging.call = "post"
    desk.ticker.tick_summary()
    beside(desk.ticker.tick)
    clock.to("2026-11-23 20:00")
    desk.ticker.tick_summary()
    assert [message.room for message in desk.chat.messages] == [GO_LIVE]


def test_a_heartbeat_that_hangs_does_not_hold_the_next_look_at_the_days_post(desk, clock, hanging, beside):
    clock.to("2026-11-23 20:00")
    desk.ticker.tick_summary()
    hanging.call = "beat"
    beside(desk.ticker.tick)
    desk.incidents.log.open(Change(title="VistA timeouts"), at=clock(), by=ALICE, place=Place())
    clock.forward(minutes=1)
    desk.ticker.tick_summary()
    assert "VistA timeouts" in desk.chat.texts(GO_LIVE)[0]


@pytest.mark.parametrize(
    ("now", "summary", "everything_else"),
    [
        ("15:00:01", 4, 4),
        ("15:00:57", 4, 3),  # most of what is due is so at a whole minute
        ("19:59:30", 2, 2),
        ("19:59:59", 1, 1),
        ("20:04:30", 2, 2),
    ],
)
def test_the_desk_looks_again_within_seconds_and_when_something_is_due(desk, clock, now, summary, everything_else):
    clock.to(f"2026-11-23 {now}")
    desk.ticker.tick()
    assert desk.ticker.tick_summary() == pytest.approx(summary)
    assert desk.ticker.tick() == pytest.approx(everything_else)


def test_what_the_desk_has_to_say_to_the_admins_goes_the_patient_way_of_the_chat(desk, hanging):
    told: list[str] = []
    desk.chat.tell_admins = told.append
    hanging.call = "post"
    desk.trouble.tell_admins("A file is damaged.")
    assert told == ["A file is damaged."]


def test_an_admin_who_cannot_be_told_of_a_mistake_does_not_hold_the_counts(desk, clock, hanging):
    counts = Path(desk.settings.data_dir / "counts.toml")
    counts.write_text(counts.read_text() + "\n[mistake]\n")
    hanging.call = "post"
    asked = threading.Thread(target=desk.counts.source.window, args=(date(2026, 11, 23), clock(), clock()))
    asked.start()
    asked.join(LONG)
    assert not asked.is_alive()
    assert hanging.calls == []
    hanging.call = ""
    desk.ticker.tick()
    assert "counts.toml mistake: unknown key" in desk.chat.texts(ADMIN)[0]
