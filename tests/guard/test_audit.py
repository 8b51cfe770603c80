"""`make audit` tells what is known of what is installed, and never takes silence for good news."""

import runpy
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import ROOT

GOOD = {"name": "humanize", "version": "4.14.0", "vulns": []}
FLAWED = {"name": "flask", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
UNKNOWN = {"name": "irc", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("installed", "lines", "status"),
    [
        ([GOOD], ["1 of 1 packages looked up, 0 flaws known."], 0),
        ([GOOD, FLAWED], ["flask 1.0: PYSEC-1, mended in 1.1", "2 of 2 packages looked up, 1 flaws known."], 1),
        ([GOOD, UNKNOWN], ["irc was not looked up: not found", "1 of 2 packages looked up, 0 flaws known."], 2),
        ([UNKNOWN], ["NOTHING WAS LOOKED UP, and nothing is known.", "irc was not looked up: not found"], 2),
        ([], ["NOTHING WAS LOOKED UP, and nothing is known."], 2),
    ],
)
def test_what_was_not_looked_up_is_no_good_news(installed: list[dict[str, Any]], lines: list[str], status: int) -> None:
    told: Callable[..., Any] = runpy.run_path(str(ROOT / ".ci" / "audit.py"))["told"]
    assert told(installed) == (lines, status)
