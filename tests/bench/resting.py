"""Starts Errbot on its text backend, with the desk's plugins or bare, and leaves it alone; prints what it costs.

    python resting.py desk|bare MOMENT SECONDS [COMMAND...]

The clock shows MOMENT (ISO) at the start. The commands are typed at once; then the first ticks pass, and SECONDS are
measured: processor seconds a minute, MB held (`rss`), and for how many milliseconds the first of the commands kept the
processor. It is printed as JSON.
"""

import json
import logging
import os
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIRST_TICKS = 10.0  # seconds


def started(kind: str, now: Any, tick: float | None = None) -> Any:
    """Return Errbot as `make run` starts it, but that `now` tells the time; without any plugins if `kind` is "bare".

    The desk looks at least every `tick` seconds at what is due; 0 for never, None for as often as it does by itself.
    """
    sys.path.insert(0, str(ROOT))
    from errbot.bootstrap import setup_bot  # isort: skip  # as Errbot's own command does: it first, then the settings
    import config  # isort: skip

    if kind == "bare":
        config.BOT_EXTRA_PLUGIN_DIR = None
    config.DESK_NOW = now
    if tick is not None:
        config.DESK_TICK = tick
    bot = setup_bot("Text", logging.getLogger(""), config)
    logging.getLogger().handlers.clear()
    bot.connect_callback()
    return bot


def type_in(bot: Any, line: str, by: str) -> float:
    """Have somebody type a line; return for how many seconds it kept the processor."""
    from errbot.backends.base import Message  # isort: skip  # it reads the configuration

    message = Message(line)
    message.frm, message.to = bot.build_identifier(by), bot.bot_identifier
    begun = time.thread_time()
    bot.callback_message(message)
    return time.thread_time() - begun


def held(name: str) -> float:
    """Return the MB that /proc tells under this name: VmRSS, RssAnon."""
    found = re.search(name + r":\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


def main(kind: str, moment: str, seconds: float, *commands: str) -> None:
    """Start, rest, and print what was measured to what was the standard output."""
    out, sys.stdout = sys.stdout, Path(os.devnull).open("w")  # noqa: SIM115  # until the end
    ahead = datetime.fromisoformat(moment) - datetime.now(UTC)
    bot = started(kind, lambda: datetime.now(UTC) + timedelta(seconds=ahead.total_seconds()))
    took = [type_in(bot, command, "@alice") for command in commands]
    time.sleep(FIRST_TICKS)
    begun, used = time.monotonic(), time.process_time()
    time.sleep(seconds)
    a_minute = (time.process_time() - used) * 60 / (time.monotonic() - begun)
    json.dump({"a_minute": a_minute, "rss": held("VmRSS"), "first": took[0] * 1000 if took else 0}, out)
    out.flush()
    os._exit(0)  # a clean stop is not what is measured


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), *sys.argv[4:])
