"""Texts kept under names: what the team's files said when they were last right."""

from collections.abc import Mapping

import msgspec

from opsdesk.store.interface import Store


class Texts(msgspec.Struct, frozen=True):
    """The texts of a name, each by its path."""

    texts: Mapping[str, str]


class KeptTexts:
    """The texts of the team's files. What desks on one store have kept is the same for all of them."""

    def __init__(self, store: Store) -> None:
        self._kept = store.keyed("team files", Texts)

    def texts(self, name: str) -> Mapping[str, str]:
        """Return the texts kept under a name, by path; none where nothing is kept. Raises Unreadable."""
        kept = self._kept.get(None, name)
        return kept.texts if kept else {}

    def keep(self, name: str, texts: Mapping[str, str]) -> None:
        """Keep these texts under a name, instead of all that was kept under it. Raises NotStored."""
        new = Texts(dict(texts))
        self._kept.change(None, name, lambda before: before if before == new else new)
