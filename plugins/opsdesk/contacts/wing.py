"""Joins the parts of the contacts: the team's files, read anew when they change."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import msgspec

from opsdesk.contacts.directory import Directory
from opsdesk.contacts.file import follow
from opsdesk.errors import SettingsError
from opsdesk.guard import Allowed, allowing
from opsdesk.settings import KeptFiles, TeamFile


class Contacts(msgspec.Struct, frozen=True):
    """Whom to ask and where to look, as the team's files have it now."""

    file: TeamFile[Directory]

    @property
    def directory(self) -> Directory:
        """Return the directory as contacts.toml, links.toml and the runbooks have it now."""
        return self.file()

    def allowed(self, domains: tuple[str, ...], ranges: tuple[str, ...]) -> Allowed:
        """Return what may be repeated: the people of contacts.toml, as last read, and what desk.toml names."""
        known = self.file.known()
        return _allowed(known, domains, ranges) if known else allowing(domains=domains, ranges=ranges)

    @property
    def subsystems(self) -> Directory:
        """Return the directory as far as contacts.toml alone tells it: subsystems, and whom to ask about them."""
        return self.file.itself()


@lru_cache(maxsize=1)  # of a directory, which never changes
def _allowed(directory: Directory, domains: tuple[str, ...], ranges: tuple[str, ...]) -> Allowed:
    people = directory.people.values()
    return allowing(
        names=tuple(name for one in people for name in (one.name, *one.aliases)),
        emails=tuple(address for one in people for address in (one.email, one.teams)),
        numbers=tuple(one.phone for one in people),
        domains=domains,
        ranges=ranges,
    )


def build(data_dir: Path, complain: Callable[[SettingsError], None], kept: KeptFiles) -> Contacts:
    """Return the contacts of `data_dir`, else as they were `kept`. `complain` hears of each mistake in them once."""
    return Contacts(follow(data_dir, complain, kept))
