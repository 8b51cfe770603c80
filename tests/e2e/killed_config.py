"""standing_config.py for a desk that is killed once: a form is done and on disk by then, and not yet acknowledged.

KILLED names a file that says that it was.
"""

import os
import signal
import sys
from concurrent.futures import Future
from pathlib import Path

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[2] / "plugins")]

from standing_config import *  # noqa: F403

from opsdesk.slack import aside

_tell = aside.tell_outcome


def _die_once(outcome: "Future[str]", refusal: str) -> None:
    killed = Path(os.environ["KILLED"])
    if not killed.exists():
        killed.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    _tell(outcome, refusal)


aside.tell_outcome = _die_once
