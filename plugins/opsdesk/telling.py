"""Direct messages to people about what somebody else has just done."""

from collections.abc import Callable, Iterable

from opsdesk.chat import Chat, Person, Posted, Unsent


def tell_each(
    chat: Chat, people: Iterable[Person], text: str, proved: Callable[[Posted], None] = lambda posted: None
) -> dict[str, str]:
    """Tells each who can be reached, and hands the proof on; gives the reason, by name, for each who was not told."""
    untold: dict[str, str] = {}
    for person in {person.id: person for person in people if person.id}.values():
        try:
            proved(chat.tell(person.id, text))
        except Unsent as unsent:
            untold[person.name] = unsent.reason
    return untold
