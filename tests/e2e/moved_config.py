"""standing_config.py for a clock that the test moves: the desk looks at it often. SLACK_TIMEOUT is in seconds."""

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

from standing_config import *  # noqa: F403

DESK_TICK = 0.1
SLACK_TIMEOUT = int(os.environ.get("SLACK_TIMEOUT", "10"))
