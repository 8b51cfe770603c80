"""What is logged tells nothing private."""

import logging
from collections.abc import Iterator

import pytest

from opsdesk.bot.log_file import mask_lines


class Lines(logging.Handler):
    """Keeps what is logged, as it is formatted."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What is logged after the masks were put on, once or again."""
    handler = Lines()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    root, formatters = logging.getLogger(), {one: one.formatter for one in logging.getLogger().handlers}
    root.addHandler(handler)
    mask_lines()
    mask_lines()
    yield handler.lines
    root.removeHandler(handler)
    for one, formatter in formatters.items():
        one.setFormatter(formatter)


def test_a_line_and_an_error_within_it_are_masked(lines: list[str]) -> None:
    log = logging.getLogger("opsdesk.test")
    log.warning("%s is not found", "veteran 987-65-4320")
    try:
        raise ValueError("no match for ssn 987654321")
    except ValueError:
        log.exception("It failed")
    assert lines[0] == "WARNING veteran [SSN] is not found"
    assert lines[1].startswith("ERROR It failed")
    assert lines[1].endswith("ValueError: no match for ssn [SSN]")


def test_a_line_that_cannot_be_masked_is_left_out(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("opsdesk.guard.mask", fails)
    logging.getLogger("opsdesk.test").warning("veteran 987-65-4320")
    assert lines == ["WARNING opsdesk.test: a line that could not be masked (RuntimeError)"]
