"""The folder has one desk at a time: not two, and not the desk and a fork of it."""

import os
import signal
import threading
from pathlib import Path

import pytest

from opsdesk.errors import SettingsError
from opsdesk.store import open_store
from tests.store.stage import MONDAY, Shelf, forked, furnished, outcome


def test_a_second_desk_is_refused_and_told_who_has_the_folder(tmp_path: Path) -> None:
    def hold(pipe: int) -> None:
        Shelf(tmp_path)
        os.write(pipe, b"holding")
        signal.pause()

    with forked(hold) as (child, pipe):
        assert os.read(pipe, 7) == b"holding"
        with pytest.raises(SettingsError) as told:
            open_store(tmp_path)
        assert str(told.value) == (
            f"Another desk (process {child}) uses {tmp_path}. "
            "Stop it first, or give this one a folder of its own in DESK_STATE_DIR."
        )
    assert Shelf(tmp_path).add().number == 1


def test_the_same_process_cannot_open_a_folder_twice(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(SettingsError, match=f"process {os.getpid()}"):
        open_store(tmp_path)
    store.close()
    open_store(tmp_path).close()


def test_a_folder_may_be_given_back_by_another_thread(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    thread = threading.Thread(target=store.close)
    thread.start()
    thread.join()
    open_store(tmp_path).close()


def test_a_fork_of_the_desk_stores_nothing_and_lets_go_of_nothing(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)

    def copy(pipe: int) -> None:
        told = outcome(shelf.add)
        shelf.store.close()
        os.write(pipe, told.encode())

    with forked(copy) as (_, pipe):
        told = os.read(pipe, 1000).decode()
    assert told == "NotStored: Nothing was stored: this process is a copy of the desk's."
    assert shelf.add().number == 6
    with pytest.raises(SettingsError):
        open_store(tmp_path)


def test_a_fork_closes_nothing_even_while_another_thread_holds_the_store(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    inside, leave = threading.Event(), threading.Event()

    def hold(_: object) -> object:
        inside.set()
        leave.wait()
        raise KeyError

    thread = threading.Thread(target=lambda: outcome(lambda: shelf.events.change(1, MONDAY, hold)))
    thread.start()
    inside.wait()
    out, into = os.pipe()
    child = os.fork()
    if not child:
        shelf.store.close()
        os.write(into, b"closed")
        os._exit(0)
    os.close(into)
    told = os.read(out, 6) if os.waitpid(child, 0)[1] == 0 else b""
    leave.set()
    thread.join()
    assert told == b"closed"


def test_a_lock_that_was_taken_for_stale_and_removed_is_taken_again(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    (tmp_path / "lock").unlink()
    assert shelf.add().number == 6
    with pytest.raises(SettingsError, match=f"process {os.getpid()}"):
        open_store(tmp_path)


def test_a_desk_whose_folder_another_took_changes_nothing_from_then_on(tmp_path: Path) -> None:
    shelf = furnished(tmp_path)
    (tmp_path / "lock").unlink()
    other = Shelf(tmp_path)
    assert other.add("the other's").number == 6
    for attempt in (shelf.add, lambda: shelf.say(5, "anybody?"), lambda: shelf.note(None, "key", "text")):
        assert outcome(attempt).startswith(f"NotStored: Nothing was stored: another desk (process {os.getpid()}) took ")
    other.store.close()
    assert outcome(shelf.add).startswith("NotStored: ")  # what it has in memory is outdated
    assert shelf.again().add().number == 7
