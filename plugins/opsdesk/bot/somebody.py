"""Who and what is called how: whether a word of a line may be somebody's name, or one that the contacts have."""

import logging
from collections.abc import Iterator

from opsdesk.chat import Command
from opsdesk.commands import named_so
from opsdesk.desk import Desk
from opsdesk.errors import UserError
from opsdesk.text import typos

log = logging.getLogger(__name__)

LONG = 6  # letters of a name that two wrong ones make no other


def known_to(desk: Desk, command: Command) -> "named_so.Known":
    """Return what the desk knows by name, where somebody types."""

    def finds(name: str, phrase: str) -> bool:
        try:
            directory = desk.contacts.directory
            found = directory.find_runbooks(phrase) if name == "runbook" else directory.find(phrase)
            return bool(found.found)
        except UserError as unreadable:  # the command itself says so
            log.warning("What is called so cannot be read: %s", unreadable)
            return True

    return named_so.Known(
        is_somebody=lambda word: is_somebody(desk, command, word),
        finds=finds,
        is_subsystem=lambda phrase: bool(desk.contacts.subsystems.names_of(phrase)),
        newest=desk.incidents.log.latest,
    )


def is_somebody(desk: Desk, command: Command, word: str) -> bool:
    """Return whether anybody whom the desk knows is called like `word`, but for a letter or two of a long name."""
    name = word.casefold()
    most = 2 if len(name) >= LONG else 1
    try:
        known = {part for one in _names(desk, command) for part in (one, *one.split())}
        if any(typos(name, one, most) <= most for one in known if len(one) > most + 1) or name in known:
            return True
        return not desk.chat.trusts_everybody and desk.chat.person(word) is not None
    except UserError as unreadable:
        log.warning("Who is called so cannot be read: %s", unreadable)
        return False


def _names(desk: Desk, command: Command) -> Iterator[str]:
    """Yield the names of the rotation, the contacts, the owners of what is open, whoever types: in small letters."""
    yield command.by.name.casefold()
    for member in desk.oncall.roster.rotation.members:
        yield from (member.key.casefold(), member.name.casefold())
    for key, person in desk.contacts.directory.people.items():
        yield from (key.casefold(), person.name.casefold(), *(alias.casefold() for alias in person.aliases))
    for incident in desk.incidents.subjects.now().by_number.values():
        if incident.owner:
            yield incident.owner.name.removeprefix("@").casefold()
