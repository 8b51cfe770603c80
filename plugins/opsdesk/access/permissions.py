"""data/permissions.toml: who may do what, and the decision whether somebody may."""

import enum
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec

from opsdesk.errors import SettingsError, near
from opsdesk.settings import CHANNEL_ID, NEVER, NOTHING_KEPT, KeptFiles, TeamFile, team_file
from opsdesk.text import tell_list

MEMBERS, ON_CALL, ADMINS = GROUPS = "members", "on call", "admins"

EVERYBODY = ("everyone", "everybody", "anyone", "anybody", "all", "*")  # what people write for the members


class Right(enum.Enum):
    """What may be done, as permissions.toml calls it: reading, changing, telling many, and what is the admins'."""

    READ = "read"
    CHANGE = "change"
    PUBLISH = "publish"
    ADMINISTER = "administer"


class Allowance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[may]: who has each right: "members", "on call", "admins", or people by their id in the chat."""

    read: tuple[str, ...] = (MEMBERS,)
    change: tuple[str, ...] = (MEMBERS,)
    publish: tuple[str, ...] = (ON_CALL, ADMINS)

    def __post_init__(self) -> None:
        for right in self.__struct_fields__:
            for who in getattr(self, right):
                if who not in GROUPS and (likely := near(who, GROUPS)):
                    raise ValueError(f'{right}: "{who}" is nobody; did you mean "{likely[0]}"?')

    def of(self, right: Right) -> tuple[str, ...]:
        """Return who has a right. What is the admins' is nobody else's, whatever a file says."""
        return (ADMINS,) if right is Right.ADMINISTER else getattr(self, right.value)


class PermissionsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it is written. `shared_channels` are channels shared with another workspace, by id."""

    may: Allowance = Allowance()
    shared_channels: tuple[str, ...] = ()


class Closed(PermissionsFile, frozen=True):
    """Stands for a file that is wrong and never was right: what is not known to be allowed is the admins' alone."""

    @classmethod
    def of(cls, path: Path) -> "Closed":
        """Return what such a file leaves: reading for whom it names there, else for members as where it names nobody.

        What it has under `read` and is nobody, such as "member", lets in nobody.
        """
        may = team_file.parse(path, PermissionsFile).raw.get("may", {})
        named = may.get("read", (MEMBERS,)) if isinstance(may, Mapping) else ()
        known = (who for who in named if isinstance(who, str) and (who in GROUPS or not near(who, GROUPS)))
        read = tuple(known) if isinstance(named, list | tuple) else ()
        return cls(Allowance(read=read or (ADMINS,), change=(ADMINS,), publish=(ADMINS,)))


class Asker(msgspec.Struct, frozen=True):
    """Whoever wants something done. `is_first`: nobody is an admin, or on the rotation, yet."""

    id: str
    is_on_call: bool = False
    is_admin: bool = False
    is_first: bool = False


class AccessDecision(enum.Enum):
    """Whether somebody may."""

    YES = "yes"
    FOR_NOW = "as long as nobody is an admin or on the rotation"
    NO = "no"


def decide(file: PermissionsFile, asker: Asker, right: Right) -> AccessDecision:
    """Return whether somebody has a right. Capitals make no difference: a proxy's e-mail addresses come without."""
    allowed = file.may.of(right)
    groups = {MEMBERS: True, ON_CALL: asker.is_on_call, ADMINS: asker.is_admin}
    if asker.is_admin or any(groups.get(who, who.casefold() == asker.id.casefold()) for who in allowed):
        return AccessDecision.YES
    return AccessDecision.FOR_NOW if asker.is_first and right is Right.PUBLISH else AccessDecision.NO


def told(file: PermissionsFile, right: Right) -> str:
    """Return who has a right, in words: "whoever is on call, the admins and 2 others"."""
    words = {MEMBERS: "members", ON_CALL: "whoever is on call", ADMINS: "the admins"}
    allowed = file.may.of(right)
    groups = [words[who] for who in allowed if who in words]
    others = len(allowed) - len(groups)
    named = [f"{others} {'person' if others == 1 else 'people'} named in data/permissions.toml"] if others else []
    people = tell_list([*groups, *named]) or "nobody"
    return f"{people}, as long as data/permissions.toml is wrong" if isinstance(file, Closed) else people


def read(path: Path) -> PermissionsFile:
    """Return the file; the shipped rules where there is none. Raise a SettingsError with everything wrong in it."""
    return team_file.read(path, PermissionsFile) if path.exists() else PermissionsFile()


def remarks(path: Path) -> Iterator[str]:
    """Yield what the file may say and yet means nobody and nowhere: "everyone", a channel by its name."""
    file = read(path)
    for right in file.may.__struct_fields__:
        for who in getattr(file.may, right):
            if who.strip().casefold() in EVERYBODY:
                yield f'{path.name} [may] {right}: "{who}" is nobody; "{MEMBERS}" are all that the chat knows'
    for room in file.shared_channels:
        if not CHANNEL_ID.fullmatch(room):
            yield f'{path.name} shared_channels: "{room}" is not a Slack channel id, such as C02UP02HHGX'


def follow(
    path: Path, complain: Callable[[SettingsError], None], kept: KeptFiles = NOTHING_KEPT
) -> TeamFile[PermissionsFile]:
    """Return the file as the team last wrote it correctly; until it was right once, what is surely allowed."""
    instead = partial(_closed, path)
    return TeamFile(path, partial(read), complain, instead=instead, meanwhile=_meanwhile, kept=kept)


def _closed(path: Path, wrong: SettingsError) -> PermissionsFile:
    return Closed.of(path)


def _meanwhile(file: PermissionsFile) -> str:
    """Return what holds while the file is wrong and nothing earlier is known, for the admins."""
    alone = "everything is for the admins" if file.may.read == (ADMINS,) else "all but reading is for the admins"
    return f"{NEVER} Until it is right, {alone}."
