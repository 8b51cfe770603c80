"""What is asked for by the words of a list."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from opsdesk.chat import Command, Person, Place
from opsdesk.errors import UserError
from opsdesk.incidents.lists import ListRequest, Scope, read_listing

OWNERS = (Person("U1", "Bob Smith"), Person("U2", "Simon"), Person("U3", "Chip Jones"), Person("U4", "Simon Peter"))
SUBSYSTEMS = ("chip", "authentication", "sign-on")


def listed(text: str) -> ListRequest:
    """Return the list that Alice asks for by `text`."""

    def subsystem(name: str) -> str:
        if name.casefold() not in SUBSYSTEMS:
            raise UserError(f'"{name}" is not a subsystem I know.')
        return name

    command = Command(text, Person("U0", "alice"), Place("C1"), datetime(2026, 11, 23, 20, tzinfo=UTC))
    return read_listing(command, UTC, subsystem, lambda: [SimpleNamespace(owner=owner) for owner in OWNERS])  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Bob Smith", "Bob Smith"),
        ("bob smith's", "Bob Smith"),
        ("bob", "Bob Smith"),
        ("of bob", "Bob Smith"),
        ("simon", "Simon"),
        ("simon peter", "Simon Peter"),
        ("u1", "Bob Smith"),
    ],
)
def test_an_owner_is_named_by_all_of_the_name_or_by_a_first_name_of_one_person(text: str, owner: str) -> None:
    assert (listed(text).scope, listed(text).owner, listed(text).subsystem) == (Scope.MINE, owner, "")
    assert listed(listed(text).command.removeprefix("!incident list ")) == listed(text)


@pytest.mark.parametrize("text", ["authentication", "on authentication", "sign-on", "for sign-on", "chip"])
def test_a_subsystem_is_itself_also_where_it_ends_like_a_small_word_or_is_somebody_s_first_name(text: str) -> None:
    assert (listed(text).scope, listed(text).subsystem) == (Scope.OPEN, text.split()[-1])
