"""Errbot's log file does not grow without end."""

import logging

import pytest

from opsdesk.bot import log_file


@pytest.fixture
def log(tmp_path, monkeypatch):
    """The file, and a root logger that writes to it as Errbot's does."""
    monkeypatch.setattr(log_file, "LARGEST", 1_000)
    file, root, before = tmp_path / "errbot.log", logging.getLogger(), logging.getLogger().handlers[:]
    made = logging.FileHandler(file)
    made.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    root.addHandler(made)
    yield file
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()


def test_the_log_begins_a_new_file_in_time_and_keeps_a_few(log, tmp_path):
    log_file.keep_short(str(log))
    for number in range(200):
        logging.getLogger("opsdesk").warning("line %d %s", number, "x" * 80)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["errbot.log", "errbot.log.1", "errbot.log.2", "errbot.log.3"]
    assert all(file.stat().st_size <= log_file.LARGEST for file in files)
    assert log.read_text().splitlines()[-1].startswith("WARNING line 199 ")


def test_a_path_with_dots_in_it_is_the_same_file(log):
    log_file.keep_short(f"{log.parent}/elsewhere/../{log.name}")
    logging.getLogger("opsdesk").warning("%s", "x" * 2 * log_file.LARGEST)
    logging.getLogger("opsdesk").warning("one line")
    assert log.read_text() == "WARNING one line\n"


def test_each_line_is_written_once_however_often_the_desk_is_opened(log):
    log_file.keep_short(str(log))
    log_file.keep_short(str(log))
    logging.getLogger("opsdesk").warning("one line")
    assert log.read_text() == "WARNING one line\n"
