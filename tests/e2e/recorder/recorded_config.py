"""The desk's configuration on a clock that stands, with the recorder beside its plugins."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from standing_config import *  # noqa: F403

BOT_EXTRA_PLUGIN_DIR = [BOT_EXTRA_PLUGIN_DIR, str(Path(__file__).parent / ".errbot")]  # noqa: F405
