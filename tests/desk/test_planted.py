"""What watches over the secrets of the tests sees one that comes out."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import planted


@pytest.fixture
def found() -> Iterator[list[str]]:
    """What comes out during a test, which is taken back behind it."""
    yield planted.found
    planted.found.clear()


def test_a_secret_in_a_message_is_seen(found: list[str]) -> None:
    planted.look("a message", "all is well")
    assert found == []
    for secret in (*planted.BESIDE.values(), planted.BOT_TOKEN, planted.DATABASE_PASSWORD):
        planted.look("a message", f"it is {secret}.")
        assert "in a message: 'it is " in found.pop()


def test_a_secret_in_a_line_of_a_log_and_in_an_error_is_seen(found: list[str]) -> None:
    log = logging.getLogger("opsdesk.test")
    log.error("Datadog refused %s", planted.DATADOG_API_KEY)
    try:
        raise ValueError(planted.DATADOG_APP_KEY)
    except ValueError:
        log.exception("It failed")
    assert [one.split("…")[0] for one in found] == [planted.DATADOG_API_KEY, planted.DATADOG_APP_KEY]


def test_a_secret_in_a_file_of_a_state_folder_is_seen(found: list[str], tmp_path: Path) -> None:
    kept = tmp_path / "desk" / "state" / "days" / "2026-11-23"
    kept.mkdir(parents=True)
    (tmp_path / "config.py").write_text(planted.BOT_TOKEN)  # where it belongs
    planted.look_below(tmp_path)
    assert found == []
    (kept / "incidents.json").write_text(f'{{"title": "{planted.BOT_TOKEN}"}}')
    planted.look_below(tmp_path)
    assert len(found) == 1
