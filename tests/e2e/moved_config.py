"""config.py with a clock that a test moves: MOMENT names a file with the moment. SLACK_TIMEOUT is in seconds."""

import importlib.util
import os
from datetime import datetime
from pathlib import Path

_spec = importlib.util.spec_from_file_location("desk_config", Path(__file__).parents[2] / "config.py")
assert _spec is not None
assert _spec.loader is not None
_config = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_config)
globals().update({name: value for name, value in vars(_config).items() if name.isupper()})

DESK_TICK = 0.1
SLACK_TIMEOUT = int(os.environ.get("SLACK_TIMEOUT", "10"))


def DESK_NOW() -> datetime:  # noqa: N802  # a name that Errbot's configuration has
    """The moment that the test has come to, in UTC."""
    return datetime.fromisoformat(Path(os.environ["MOMENT"]).read_text("utf-8"))
