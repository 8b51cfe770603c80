"""What the desk does without: nothing of the board is loaded where there is none, and little before it is asked for."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.patience import LONG

HEAVY = ("icalendar", "matplotlib", "prometheus_client", "opsdesk.board", "waitress")
LOADED = f"print(*(name for name in {HEAVY} if name in sys.modules))"
START = """
import os, sys
from opsdesk import clock, process, settings
from opsdesk.chat import ConsoleChat
class Room(ConsoleChat):
    def __init__(self): pass
desk = process.start_desk(settings.read(dict(os.environ)), Room(), clock.now)
"""


def loaded(environment: dict[str, str], then: str = "") -> list[str]:
    """What of it a process has loaded that starts a desk, and does something `then`."""
    script = START + then + LOADED
    path = {"PYTHONPATH": os.pathsep.join([str(ROOT / "plugins"), str(ROOT)]), "PATH": os.environ["PATH"]}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment | path, capture_output=True, text=True, timeout=LONG, check=True
    )
    return run.stdout.splitlines()[-1].split()


@pytest.mark.parametrize(
    ("then", "more"),
    [
        ("", []),
        ("from opsdesk.board import Board, BoardRequest; board = Board(desk)\n", ["opsdesk.board"]),
        ("desk.oncall.calendars.answer('oncall', 'alice.wrong')\n", []),
    ],
)
def test_what_is_not_asked_for_is_not_loaded(environment: dict[str, str], then: str, more: list[str]) -> None:
    assert loaded(environment | {"DESK_WEB": "127.0.0.1:3141"}, then) == more
