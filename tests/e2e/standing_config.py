"""config.py with a clock that stands where the test has put it: MOMENT names a file with the moment."""

import os
import sys
from datetime import datetime
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from config import *  # noqa: F403


def DESK_NOW() -> datetime:  # noqa: N802  # a name that Errbot's configuration has
    """The moment that the test has come to, in UTC."""
    return datetime.fromisoformat(Path(os.environ["MOMENT"]).read_text("utf-8"))
