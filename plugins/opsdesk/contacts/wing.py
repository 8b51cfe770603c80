"""Joins the parts of the contacts: the team's files, read anew when they change."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from opsdesk.contacts.directory import Directory
from opsdesk.contacts.file import follow
from opsdesk.errors import SettingsError
from opsdesk.settings import TeamFile


class Contacts(msgspec.Struct, frozen=True):
    """Whom to ask and where to look, as the team's files have it now."""

    file: TeamFile[Directory]

    @property
    def directory(self) -> Directory:
        """Return the directory as contacts.toml, links.toml and the runbooks have it now."""
        return self.file()

    @property
    def subsystems(self) -> Directory:
        """Return the directory as far as contacts.toml alone tells it: subsystems, and whom to ask about them."""
        return self.file.itself()


def build(data_dir: Path, complain: Callable[[SettingsError], None]) -> Contacts:
    """Return the contacts kept in `data_dir`; `complain` hears of each mistake in the files once."""
    return Contacts(follow(data_dir, complain))
