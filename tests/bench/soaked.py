"""Has a desk, or a bare Errbot, do so many commands; prints how many MB it holds now and then, as JSON.

    python soaked.py desk|bare COMMANDS EVERY

People type what they type on a shift, in turns, for ten weeks by the clock: 100,000 commands open 180 incidents a day.
"""

import gc
import itertools
import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from resting import held, started, type_in  # beside this script

BEGUN, LENGTH, EACH_TICK = datetime(2026, 11, 2, 14, tzinfo=UTC), timedelta(weeks=10), 10
PEOPLE = [f"@typist{number}" for number in range(20)]
SUBJECTS = ("VistA timeouts", "check-in pages slow", "travel pay claims fail", "text messages late", "login loops")


def typed(numbers: random.Random) -> Iterator[str]:
    """What people type: an eighth of it opens an incident, as much resolves one, so that some 20 are open."""
    opened = 0
    for turn in itertools.count():
        number, subject = opened - numbers.randrange(20), numbers.choice(SUBJECTS)
        match turn % 8:
            case 0:
                opened += 1
                yield f"!incident open {subject} at site {turn} --sev {1 + turn % 4}"
            case 1:
                yield f"!incident update {max(number, 1)} two sites, see https://example.com/{turn}"
            case 2:
                yield f"!incident note {max(number, 1)} asked {subject} again, no answer by {turn}"
            case 3:
                yield ("!incident list", "!incident list today", "!incident list resolved")[turn // 8 % 3]
            case 4:
                yield f"!incident resolve {max(opened - 20, 1)} restarted after {turn} minutes"
            case 5:
                yield (f"!incident show {max(number, 1)}", f"!incident search site {turn % 997}")[turn // 8 % 2]
            case 6:
                yield ("!whois vista", "!oncall", "!summary", "!stats today", "!alerts", "!help")[turn // 8 % 6]
            case _:
                yield f"!echo nothing to do with it {turn}"


def soak(say: Callable[[str, str], object], tick: Callable[[], object], commands: int, every: int) -> list[float]:
    """Have so many commands typed; return what is held before, and after each `every` of them."""
    samples = [_held()]
    lines = typed(random.Random(19))
    for turn in range(1, commands + 1):
        say(PEOPLE[turn % len(PEOPLE)], next(lines))
        if turn % EACH_TICK == 0:
            tick()
        if turn % every == 0:
            samples.append(_held())
    return samples


def _held() -> float:
    gc.collect()
    return held("RssAnon")


class Clock:
    """The moment it is."""

    at = BEGUN


def main(kind: str, commands: int, every: int) -> None:
    """Soak, and print the samples to what was the standard output."""
    out, sys.stdout = sys.stdout, Path(os.devnull).open("w")  # noqa: SIM115  # until the end
    bot = started(kind, lambda: Clock.at, tick=0)
    ticker = None if kind == "bare" else bot.plugin_manager.get_plugin_obj_by_name("summary").desk.ticker

    def say(by: str, line: str) -> None:
        Clock.at += LENGTH / commands
        type_in(bot, line if ticker else "!echo " + line.removeprefix("!"), by)

    def tick() -> None:
        if ticker:
            ticker.tick_summary()
            ticker.tick()

    for _ in range(3):
        tick()
    json.dump(soak(say, tick, commands, every), out)
    out.flush()
    os._exit(0)  # a clean stop is not what is measured


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
