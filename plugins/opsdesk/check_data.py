"""All of the team's files checked as the desk checks them: `python -m opsdesk.check_data data`."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from opsdesk.access import read_permissions
from opsdesk.alerts import mutes
from opsdesk.contacts import file as team_files
from opsdesk.counts import file as counts_file
from opsdesk.errors import SettingsError
from opsdesk.oncall import file as rotation_file
from opsdesk.settings import DeskFile
from opsdesk.settings import team_file as tomlfile
from opsdesk.traces import file as traces_file

CHECKS: Mapping[str, Callable[[Path], object]] = {
    "desk.toml": lambda data: tomlfile.read(data / "desk.toml", DeskFile),
    "contacts.toml, links.toml, runbooks": team_files.read,
    "counts.toml": lambda data: counts_file.read(data / "counts.toml"),
    "noise.toml": lambda data: mutes.read(data / "noise.toml"),
    "permissions.toml": lambda data: read_permissions(data / "permissions.toml"),
    "traces.toml": lambda data: traces_file.read(data / "traces.toml"),
    "rotation.toml": lambda data: rotation_file.read(data / "rotation.toml", ZoneInfo("UTC"), slack=_on_slack()),
}
REMARKS: Sequence[Callable[[Path], list[str]]] = (
    lambda data: counts_file.remarks(data / "counts.toml"),
    lambda data: rotation_file.remarks(data / "rotation.toml"),
)


def complaints(data_dir: Path) -> list[str]:
    """Return everything wrong in any of the files, a line each; none if all are right."""
    told: list[str] = []
    for check in CHECKS.values():
        try:
            check(data_dir)
        except SettingsError as wrong:
            told += wrong.complaints
    return told


def remarks(data_dir: Path) -> list[str]:
    """Return what is right in the files, and yet may be a mistake, a line each."""
    told: list[str] = []
    for look in REMARKS:
        with suppress(SettingsError):  # told as what is wrong
            told += look(data_dir)
    return told


def _on_slack() -> bool:
    return bool(os.environ.get("SLACK_BOT_TOKEN"))


def main(arguments: list[str]) -> int:
    """Write what is wrong, and what may be; return 1 if anything is, 2 if it was not told where the files are."""
    if len(arguments) != 1:
        sys.stderr.write("python -m opsdesk.check_data FOLDER\n")
        return 2
    told = complaints(Path(arguments[0]))
    beside = [f"{remark}. Is that meant?" for remark in remarks(Path(arguments[0]))]
    sys.stdout.write("\n".join([*beside, *(told or [f"{', '.join(CHECKS)}: right"])]) + "\n")
    return 1 if told else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
