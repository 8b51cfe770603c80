"""What stands in the place of something that cannot be told."""

import logging

import pytest

from opsdesk.errors import UserError, or_why


def test_a_refusal_is_read_as_it_is_and_a_mistake_is_for_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> str:
        raise UserError("The database is away: the records are unavailable.")

    def fail() -> str:
        raise KeyError("secret")

    assert or_why(lambda: "two open", str, "The list") == "two open"
    assert or_why(refuse, str, "The list") == "The database is away: the records are unavailable."
    assert caplog.records == []
    assert or_why(fail, str.upper, "The list") == "UNAVAILABLE: A MISTAKE IN THE DESK."
    assert [(one.levelno, one.getMessage()) for one in caplog.records] == [(logging.ERROR, "The list cannot be told")]
