"""All of the team's files checked as the desk checks them: `python -m opsdesk.check_data data`."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from opsdesk import settings
from opsdesk.access import permissions_remarks, read_permissions
from opsdesk.alerts import mutes
from opsdesk.contacts import file as team_files
from opsdesk.counts import file as counts_file
from opsdesk.errors import SettingsError
from opsdesk.oncall import file as rotation_file
from opsdesk.text import tell_list
from opsdesk.traces import file as traces_file

CHECKS: Mapping[str, Callable[[Path], object]] = {
    "desk.toml": lambda data: settings.read_file(data / "desk.toml", slack=_on_slack()),
    "contacts.toml, links.toml, runbooks": team_files.read,
    "counts.toml": lambda data: counts_file.read(data / "counts.toml"),
    "noise.toml": lambda data: mutes.read(data / "noise.toml"),
    "permissions.toml": lambda data: read_permissions(data / "permissions.toml"),
    "traces.toml": lambda data: traces_file.read(data / "traces.toml"),
    "rotation.toml": lambda data: rotation_file.read(data / "rotation.toml", ZoneInfo("UTC"), slack=_on_slack()),
}
REMARKS: Sequence[Callable[[Path], Iterable[str]]] = (
    lambda data: _in_desk_file(data),
    lambda data: counts_file.remarks(data / "counts.toml"),
    lambda data: mutes.remarks(data / "noise.toml"),
    lambda data: permissions_remarks(data / "permissions.toml"),
    lambda data: rotation_file.remarks(data / "rotation.toml"),
    lambda data: _unread(data),
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


def _in_desk_file(data: Path) -> Iterator[str]:
    """Yield which channels cannot be Slack's, which domains are none, and a team that nobody knows."""
    file = settings.read_file(data / "desk.toml", slack=_on_slack())
    yield from (f"desk.toml {remark}" for remark in settings.doubtful(file))
    teams = team_files.read(data).teams
    if file.escalation_team not in teams:
        yield (
            f'desk.toml escalation_team: contacts.toml has no team "{file.escalation_team}", but {tell_list([*teams])}'
        )


def _unread(data: Path) -> Iterator[str]:
    """Yield the files that look like the team's, by a name that the desk does not read."""
    read = {name for names in CHECKS for name in names.split(", ")}
    for path in sorted(data.glob("[!.]*.[tT][oO][mM][lL]*")):
        if path.name not in read:
            yield f"{path.name} is not read: the desk knows no file of that name"
    for path in sorted((data / "runbooks").glob("[!.]*")):
        if path.suffix != ".md":
            yield f"runbooks/{path.name} is not read: the name of a runbook ends with .md"


def _on_slack() -> bool:
    return settings.is_on_slack(os.environ)


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
