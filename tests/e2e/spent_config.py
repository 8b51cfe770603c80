"""moved_config.py for a clock that runs on from where the test has put it by the processor's time that the desk spends.

A busy machine slows such a clock as it slows the desk: how late a post is by it tells what the desk did before it.
"""

import os
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

from moved_config import *  # noqa: F403

_put: list[object] = ["", 0.0]
_lock = threading.Lock()


def DESK_NOW() -> datetime:  # noqa: N802  # a name that Errbot's configuration has
    """The moment that the test has put it to, and what the desk has spent since, in UTC."""
    told = Path(os.environ["MOMENT"]).read_text("utf-8")
    with _lock:
        if told != _put[0]:
            _put[:] = told, time.process_time()
        spent = time.process_time() - float(str(_put[1]))
    return datetime.fromisoformat(told) + timedelta(seconds=spent)
