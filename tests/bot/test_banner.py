"""What the text console begins with, and what is said while it is installed."""

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from opsdesk.bot.host import BANNER, greet
from tests.conftest import ROOT
from tests.patience import LONG

INTRO = "Errbot's own words"


class Console:
    """Errbot's text backend, which shows the INTRO of its module once it serves."""

    mode = "text"

    def __init__(self, **config: object) -> None:
        self.bot_config = SimpleNamespace(**config)

    def serve_forever(self) -> str:
        return INTRO


@pytest.fixture(autouse=True)
def own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "INTRO", INTRO)


def test_the_console_begins_with_how_to_begin() -> None:
    console = Console(DESK_ENVIRONMENT={})
    greet(console)
    assert console.serve_forever() == BANNER
    assert "`!help`" in BANNER


def test_somebody_s_own_bot_keeps_its_words() -> None:
    console = Console()
    greet(console)
    assert console.serve_forever() == "Errbot's own words"


def test_make_run_says_what_it_installs_before_it_does(tmp_path: Path) -> None:
    command = ["make", "--dry-run", "--no-print-directory", "run", f"VENV={tmp_path}/venv"]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, timeout=LONG, check=True)
    said, _, installed, *_ = done.stdout.splitlines()
    assert said == f'echo "Once, for a minute or two: installing what requirements.lock names into {tmp_path}/venv"'
    assert "pip install" in installed
    assert "--quiet" not in installed
