"""A desk that watches for an hour of its clock, with counters, a board and error traces, asking the Datadog at a URL.

Prints how much processor time that took, as a share of the hour, and how many MB it added to what `!stats today` takes.
"""

import re
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "plugins"), str(ROOT)]

from opsdesk import settings  # noqa: E402
from opsdesk.desk import build  # noqa: E402
from opsdesk.store import open_store  # noqa: E402
from tests.chat.stage import Channel  # noqa: E402
from tests.oncall.stage import eastern  # noqa: E402

BEGIN, MINUTES = eastern("2026-11-23 13:00:05"), 60
PANEL = """
[[boards.bench.panels]]
label = "Panel {number}"
query = "max:puma.backlog{number}{{$environment}}"
warn = 1000000
rising = 1000
"""


def used() -> float:
    return int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024  # type: ignore[index]


def main(url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        settings.copy_shipped(data)
        board = '\n[boards.bench]\ntitle = "Bench"\norganisation = "vagov"\n'
        panels = "".join(PANEL.format(number=number) for number in range(8))
        (data / "counts.toml").write_text((ROOT / "data" / "counts.toml").read_text() + board + panels)
        keys = {f"DESK_DATADOG_{org}_{kind}_KEY": letter * 32 for org in ("VAGOV", "TEVI") for kind, letter in KINDS}
        state = str(Path(folder) / "state")
        told = settings.read({"DESK_DATA_DIR": str(data), "DESK_STATE_DIR": state, "DESK_DATADOG_URL": url, **keys})
        desk = build(told, Channel(), lambda: BEGIN, open_store(told.state_dir))
        desk.counts.source.prepare(BEGIN)
        desk.counts.so_far(BEGIN)
        before, began = used(), time.process_time()
        for minute in range(MINUTES):
            at = BEGIN + timedelta(minutes=minute)
            desk.watch.counters.look(at)
            desk.watch.panels.look(at)
            if minute % 5 == 0:
                desk.watch.traces.look(at)
        share = (time.process_time() - began) / (60 * MINUTES)
        print(share, used() - before)  # noqa: T201
        desk.close()


KINDS = (("API", "a"), ("APP", "b"))

if __name__ == "__main__":
    main(sys.argv[1])
