"""The desk as a process of its own in the console, started as `make run` starts it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg

from opsdesk.store import open_store
from tests.conftest import ROOT
from tests.patience import LONG
from tests.postgres import server


def run(environment: Mapping[str, str], *lines: str) -> tuple[int, str]:
    """The exit status, and all it says, of a desk in whose console these lines are typed, and then Ctrl-D."""
    patient = Path(environment["DESK_STATE_DIR"]).with_name("console.py")
    patient.write_text("from config import *\n\nBOT_ASYNC = False  # each line is answered before the next is read\n")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("errbot")), "-c", str(patient)],
        input="".join(f"{line}\n" for line in lines),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DESK_"))}
        | environment,
        timeout=LONG,
    )
    return done.returncode, done.stdout


def test_what_is_typed_in_the_console_is_answered(environment: dict[str, str]) -> None:
    status, said = run(environment, "!incident open VistA timeouts", "!incident list")
    assert status == 0
    assert "🔴 #1 VistA timeouts" in said
    assert "1 open\n#1 VistA timeouts · sev 3 · vista · owner " in said


def test_a_second_desk_on_the_same_folder_ends_and_says_which_process_has_it(environment: dict[str, str]) -> None:
    store = open_store(Path(environment["DESK_STATE_DIR"]))
    try:
        status, said = run(environment, "!incident open VistA timeouts")
    finally:
        store.close()
    assert status == 1
    assert said.endswith(
        f"The desk cannot start: Another desk (process {os.getpid()}) uses {environment['DESK_STATE_DIR']}. "
        "Stop it first, or give this one a folder of its own in DESK_STATE_DIR.\n"
    )


def test_a_desk_whose_web_server_cannot_start_ends_and_says_why(environment: dict[str, str]) -> None:
    status, said = run(environment | {"DESK_WEB": "nowhere"}, "!incident open VistA timeouts")
    assert status == 1
    assert said.endswith("\nThe desk cannot start: DESK_WEB should be host:port, such as 127.0.0.1:3141.\n")


def test_a_desk_without_its_files_ends_and_says_which_it_misses(environment: dict[str, str]) -> None:
    missing = Path(environment["DESK_DATA_DIR"]) / "desk.toml"
    missing.unlink()
    status, said = run(environment, "!incident open VistA timeouts")
    assert status == 1
    assert f"The desk cannot start: desk.toml is missing: it should be {missing}.\n" in said


def test_a_desk_that_ends_in_order_leaves_its_database_to_the_others(environment: dict[str, str]) -> None:
    url = server().schema()
    status, said = run(environment | {"DESK_DATABASE_URL": url}, "!incident open VistA timeouts")
    assert status == 0
    assert "🔴 #1 VistA timeouts" in said
    with psycopg.connect(url) as database:
        assert database.execute("select count(*) from desk_desk").fetchone() == (0,)
        assert database.execute("select count(*) from desk_lease where until > clock_timestamp()").fetchone() == (0,)
