"""Emoji that have the desk do something: whoever may not is refused as with a command."""

import msgspec


class Emoji(msgspec.Struct, frozen=True):
    """The names of emoji that mean something on anybody's message, and of those that do on the desk's or an app's."""

    anywhere: frozenset[str] = frozenset()
    on_apps: frozenset[str] = frozenset()

    def asks(self, name: str, *, on_a_person_s: bool = False) -> bool:
        """Return whether an emoji has the desk do something, where it stands on a message."""
        return name in self.anywhere or (name in self.on_apps and not on_a_person_s)
