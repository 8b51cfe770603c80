"""The team's files as they are shipped, for a bot that has none yet."""

import shutil
from pathlib import Path

from opsdesk.errors import SettingsError

HERE = Path(__file__).resolve()
INSTALLED, CHECKED_OUT = HERE.parents[1] / "data", HERE.parents[3] / "data"
SHIPPED = INSTALLED if INSTALLED.is_dir() else CHECKED_OUT


def copy_shipped(folder: Path) -> None:
    """Copy every shipped file, and the runbooks, that `folder` lacks: what a team edited stays as it is.

    Raises a SettingsError where that cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for source in (*SHIPPED.glob("*.toml"), SHIPPED / "runbooks"):
            if not (folder / source.name).exists():
                _copy(source, folder)
    except OSError as refused:
        told = f"The team's files could not be copied to {folder}: {refused.strerror}."
        raise SettingsError([f"{told} Let the bot write there, or name another folder in DESK_DATA_DIR."]) from None


def _copy(source: Path, folder: Path) -> None:
    """Copy a file or a folder so that it is there whole or not at all."""
    unfinished = folder / f".{source.name}.part"
    if source.is_dir():
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(source, unfinished)
    else:
        shutil.copyfile(source, unfinished)
    unfinished.rename(folder / source.name)
