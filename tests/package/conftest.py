"""A bot with the desk's plugins and a configuration that knows nothing of them."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from errbot.backends.test import TestBot

from opsdesk import process
from tests.conftest import ROOT, Conversation
from tests.patience import LONG, until


def ours(talk: Conversation) -> list[Any]:
    """The desk's plugins, or None for one that is not loaded yet."""
    return [talk.plugin(path.stem) for path in (ROOT / "plugins").glob("*/*.plug")]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Conversation]]:
    """Starts somebody's own bot with the desk's plugins, or starts it anew."""
    for name in ("DESK_STATE_DIR", "DESK_DATA_DIR", "DESK_ADMINS"):
        monkeypatch.delenv(name, raising=False)
    running: list[TestBot] = []

    def stop() -> None:
        while running:
            running.pop().stop()
        process.close_desks()

    def begin() -> Conversation:
        stop()
        (tmp_path / "data").mkdir(exist_ok=True)
        own = {"BOT_DATA_DIR": str(tmp_path / "data"), "BOT_ADMINS": ("alice",), "MESSAGE_SIZE_LIMIT": 60_000}
        bot = TestBot(str(ROOT / "plugins"), logging.INFO, own | {"AUTOINSTALL_DEPS": False, "BOT_ASYNC_POOLSIZE": 1})
        running.append(bot)
        bot.start(timeout=LONG)  # seconds for each of its messages
        talk = Conversation(bot)
        until(lambda: all(getattr(one, "is_activated", False) for one in ours(talk)), "the desk's plugins")
        return talk

    yield begin
    stop()
