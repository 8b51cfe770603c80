"""What was taken already is known, whatever became of the desk and of its disk."""

import errno
import os
from pathlib import Path

import pytest

from opsdesk.slack.seen import SeenEvents
from tests.conftest import MovedClock


@pytest.fixture
def handled(tmp_path, clock: MovedClock):
    def start():
        return SeenEvents(tmp_path / "errbot" / "handled.jsonl", clock)

    return start


def test_an_event_is_taken_once(handled):
    record = handled()
    assert [record.take("C01:1.1"), record.take("C01:1.1"), record.take("C01:1.2")] == [True, False, True]


def test_what_was_taken_is_known_after_a_restart(handled):
    handled().take("C01:1.1")
    assert handled().take("C01:1.1") is False


def test_after_ten_minutes_it_is_forgotten(handled, clock):
    handled().take("C01:1.1")
    clock.forward(minutes=10)
    assert handled().take("C01:1.1") is True


def test_a_command_that_was_begun_and_not_done_is_unfinished(handled):
    record = handled()
    record.take("C01:1.1", "!incident open a", "1.0")
    record.take("C01:1.2", "!incident open b")
    record.take("C01:1.3")
    record.done("C01:1.2")
    unfinished = handled().unfinished
    assert [(key, taken.command, taken.thread) for key, taken in unfinished.items()] == [
        ("C01:1.1", "!incident open a", "1.0")
    ]


def test_an_unfinished_command_stays_so_however_long_the_desk_was_down(handled, clock):
    handled().take("C01:1.1", "!incident open a")
    for _ in range(2):
        clock.forward(hours=12)
        record = handled()
        assert list(record.unfinished) == ["C01:1.1"]
    record.done("C01:1.1")
    clock.forward(minutes=1)
    assert handled().unfinished == {}


def test_what_is_done_after_the_end_is_written_nowhere(handled, tmp_path):
    record = handled()
    record.take("C01:1.1", "!incident open a")
    record.close()
    with (tmp_path / "other").open("w") as other:  # it has the number now that the closed file had
        record.done("C01:1.1")
        assert record.take("C01:1.2") is True
    assert Path(other.name).read_text() == ""


def test_a_line_that_was_cut_off_harms_no_other(handled, tmp_path):
    handled().take("C01:1.1")
    file = tmp_path / "errbot" / "handled.jsonl"
    file.write_bytes(file.read_bytes() + b'["C01:1.2", "2026-11-')
    record = handled()
    assert [record.take("C01:1.1"), record.take("C01:1.2")] == [False, True]


def test_the_file_keeps_what_is_fresh(handled, tmp_path, clock, monkeypatch):
    monkeypatch.setattr("opsdesk.slack.seen.MOST_LINES", 100)
    record = handled()
    for number in range(150):
        record.take(f"C01:{number}")
        clock.forward(minutes=1)
    assert len((tmp_path / "errbot" / "handled.jsonl").read_bytes().splitlines()) < 100
    assert record.take("C01:149") is False


@pytest.fixture
def full_disk(monkeypatch):
    """Once told to, takes but half of each line, and no new file."""

    def write(end, line, write=os.write):
        return write(end, line[: len(line) // 2])

    def refuse(*told):
        raise OSError(errno.ENOSPC, "No space left on device")

    def fill():
        monkeypatch.setattr("opsdesk.slack.seen.os.write", write)
        monkeypatch.setattr(Path, "write_bytes", refuse)

    return fill


def test_a_full_disk_loses_no_event(handled, clock, full_disk, monkeypatch):
    monkeypatch.setattr("opsdesk.slack.seen.MOST_LINES", 10)
    handled().take("C01:1.1")
    full_disk()
    record = handled()
    assert record.take("C01:1.1") is False
    assert [record.take(f"C01:{number}") for number in range(50)] == [True] * 50
    assert record.take("C01:49") is False
    monkeypatch.undo()
    record.take("C01:later", "!incident open a")
    assert list(handled().unfinished) == ["C01:later"]


@pytest.fixture
def taken():
    return []
