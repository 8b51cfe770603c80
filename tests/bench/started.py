"""Starts Errbot as `make run` does, with the desk's plugins or bare, up to where it would listen; prints peak MB."""

import logging
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    # As Errbot's own command does, Errbot first and then the configuration.
    from errbot.bootstrap import setup_bot  # isort: skip
    import config  # isort: skip

    if sys.argv[1] == "bare":
        config.BOT_EXTRA_PLUGIN_DIR = None
    bot = setup_bot("Text", logging.getLogger(""), config)
    bot.connect_callback()
    active = set(bot.plugin_manager.get_all_active_plugin_names())
    assert set(config.CORE_PLUGINS) - {"Webserver"} <= active, active  # it waits for a configuration
    assert ("incidents" in active) == (sys.argv[1] == "desk"), active
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(int(peak[1]) / 1024 if peak else "unknown", flush=True)  # noqa: T201
    os._exit(0)  # a clean stop is not what is measured
