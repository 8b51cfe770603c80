"""The recorder's configuration with a desk that gives Slack a second to answer, so that tests wait no longer."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

from recorded_config import *  # noqa: F403

SLACK_TIMEOUT = 1
SLACK_PING = 0.25
SLACK_DOUBT = 1.0
