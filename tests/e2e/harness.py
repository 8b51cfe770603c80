"""The stage of the end-to-end tests: a Slack on this machine, and the desk as a process of its own on it.

    with Workspace() as slack, DeskProcess(slack, tmp_path) as desk:
        slack.say("alice", "!incident open VistA timeouts")
        answer = slack.answer()           # the desk's next message that was not read yet, waited for
        desk.stop()                       # SIGTERM; the exit status

`slack.front` counts the calls the desk makes and makes them fail (see front.py).
"""

import json
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.e2e.forked import ForkedBot
from tests.e2e.workspace import (
    ALERTS,
    ALICE,
    BINARY,
    BOB,
    CHARLIE,
    DESK,
    GENERAL,
    GO_LIVE,
    HERE,
    PATIENCE,
    ROOT,
    SCOPES,
    Json,
    Workspace,
    clean_environment,
    until,
)
from tests.planted import look, look_below
from tests.told import knows_undo

__all__ = [
    "ALERTS",
    "ALICE",
    "BINARY",
    "BOB",
    "CHARLIE",
    "DESK",
    "GENERAL",
    "GO_LIVE",
    "HASTY",
    "HERE",
    "KILLED",
    "MOVED",
    "PATIENCE",
    "RECORDED",
    "ROOT",
    "SCOPES",
    "Clock",
    "DeskProcess",
    "Json",
    "StartedDesk",
    "Workspace",
    "clean_environment",
    "fresh_slack",
    "hasty_desk",
    "until",
]

Process = subprocess.Popen[str] | ForkedBot
AFTERNOON = "2026-11-24T18:12:00+00:00"
STANDING = HERE / "standing_config.py"
KILLED = HERE / "killed_config.py"
MOVED = HERE / "moved_config.py"
RECORDED = HERE / "recorder" / "recorded_config.py"
HASTY = HERE / "recorder" / "hasty_config.py"


class Clock:
    """What the desk of a test takes for the time, in a file that is changed in one step: it reads all of it or none."""

    def __init__(self, file: Path, moment: str | datetime = AFTERNOON) -> None:
        self.file = file
        self.to(moment)

    def to(self, moment: str | datetime) -> None:
        """Moves it to a moment, which has a zone."""
        self.at = datetime.fromisoformat(str(moment))
        after = self.file.with_suffix(".after")
        after.write_text(self.at.isoformat())
        after.replace(self.file)


class DeskProcess:
    """The desk, started as `make run` starts it, with a state folder of its own under `folder`.

    Its clock stands at 1:12pm Eastern on Tuesday, November 24, 2026, whenever and however fast the tests run, unless
    `MOMENT` in `more` names a file with another moment, or `config` is the desk's own.

    Its team files are the checkout's, unless `DESK_DATA_DIR` in `more` points elsewhere. With `config=RECORDED` a
    plugin writes down what reaches it; with `config=HASTY` it does too, and the desk waits for Slack but a second.
    Leaving the block ends the process, and shows its log where a test failed.

    It is forked from a process that has loaded the library already; a StartedDesk loads it itself.
    """

    def __init__(
        self,
        slack: Workspace,
        folder: Path,
        *,
        config: Path = STANDING,
        ready: str = "The desk is ready",
        **more: str,
    ) -> None:
        self.state, self.record, self.slack, self.ready = folder / "state", folder / "record", slack, ready
        self.command = [str(Path(sys.executable).with_name("errbot")), "-c", str(config)]
        told = {"RECORD": str(self.record), "MOMENT": str(Clock(folder / "afternoon").file)}
        told |= {"KILLED": str(folder / "killed")}
        self.environment = clean_environment() | slack.environment(self.state) | told | more
        self.log = ""
        self.process: Process | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        if error is not None:
            sys.stderr.write(self.log)

    def start(self, *, ready: bool = True) -> None:
        """Starts it, and waits until it says that it is ready."""
        if not self.state.exists() and "DESK_DATABASE_URL" not in self.environment:
            knows_undo(self.state, ALICE, BOB, CHARLIE)
        self._since = len(self.log)
        self.process = self._process()
        self._reader = threading.Thread(target=self._follow, args=(self.process,), daemon=True)
        self._reader.start()
        if ready:
            self.wait_for(self.ready)

    def is_ready(self) -> bool:
        """Whether it has said that it is ready since its last start."""
        return self.ready in self.log[self._since :]

    def wait_for(self, words: str, seconds: float = PATIENCE) -> None:
        """Waits for words in the log since the last start."""
        until(lambda: words in self.log[self._since :] or self._ended(), f'"{words}" in the log', seconds)
        if words not in self.log[self._since :]:
            raise AssertionError(f'the desk ended without "{words}":\n{self.log}')

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = PATIENCE) -> int:
        """Asks it to end, waits for that, and returns its exit status."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.ended(seconds)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Its exit status, waited for. Nothing that it logged or kept holds a secret."""
        assert self.process is not None
        status = self.process.wait(seconds)
        self._reader.join(PATIENCE)
        look("the log of a desk", self.log)
        look_below(self.state.parent)
        return status

    def kill(self) -> None:
        """Ends it without asking, where it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.ended()

    def recorded(self, what: str) -> list[Json]:
        """What the recorder wrote down of this kind."""
        lines = self.record.read_text("utf-8").splitlines() if self.record.exists() else []
        return [line for line in map(json.loads, lines) if line["what"] == what]

    def hold(self) -> None:
        """Makes `!hold` of the recorder wait."""
        Path(f"{self.record}.hold").touch()

    def let_go(self) -> None:
        """Lets it answer."""
        Path(f"{self.record}.hold").unlink()

    def healthz(self) -> tuple[int, Json]:
        """The status and the words of its health page."""
        request = f"http://127.0.0.1:{self.slack.desk_port}/healthz"
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def _process(self) -> Process:
        return ForkedBot(self.command, ROOT, self.environment)

    def _follow(self, process: Process) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self.log += line

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None and not self._reader.is_alive()


class StartedDesk(DeskProcess):
    """The desk, started as `make run` starts it in every respect."""

    def _process(self) -> Process:
        return subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )


def fresh_slack() -> Iterator[Workspace]:
    """A Slack of a test's own, by Socket Mode; a module makes a fixture of it."""
    with Workspace() as workspace:
        yield workspace


def hasty_desk(slack: Workspace, tmp_path: Path) -> Iterator[DeskProcess]:
    """The desk on `slack`, which it waits for but a second; likewise."""
    with DeskProcess(slack, tmp_path, config=HASTY) as process:
        yield process
