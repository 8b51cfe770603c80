"""The desk's own configuration, with the recorder beside its plugins."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3]))

from config import *  # noqa: F403

BOT_EXTRA_PLUGIN_DIR = [BOT_EXTRA_PLUGIN_DIR, str(Path(__file__).parent / ".errbot")]  # noqa: F405
