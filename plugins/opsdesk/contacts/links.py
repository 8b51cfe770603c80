"""Where to look: dashboards, traces, documents, with what to look for there; from data/links.toml."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from opsdesk.text import Matched, Names, plain, words

SHOWN = timedelta(hours=1)
FROM, TO = "{from_ms}", "{to_ms}"


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[links.KEY]: an address, what to look for there, and other words people search it by.

    `{from_ms}` and `{to_ms}` in the address are filled in when it is told.
    """

    title: str
    url: str
    look_for: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def is_timed(self) -> bool:
        """Return whether the address shows a span of time."""
        return FROM in self.url or TO in self.url

    def address(self, at: datetime) -> str:
        """Return the URL, showing the hour before `at` (as Datadog counts: milliseconds since 1970, UTC)."""
        return self.url.replace(FROM, _milliseconds(at - SHOWN)).replace(TO, _milliseconds(at))


class LinksFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """data/links.toml as it is written."""

    links: dict[str, Link]


class Links(Mapping[str, Link]):
    """All links by key, in the order of the file, and found by words."""

    def __init__(self, links: Mapping[str, Link]) -> None:
        self._links = dict(links)
        self._named = Names((key, (key, link.title, *link.words)) for key, link in self._links.items())
        self._texts = {key: plain(_written(key, link)) for key, link in self._links.items()}

    def __getitem__(self, key: str) -> Link:
        return self._links[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._links)

    def __len__(self) -> int:
        return len(self._links)

    def search(self, typed: str) -> tuple[str, ...]:
        """Return the keys of the links of this name, else of those with all these words; typos are forgiven."""
        named = self._named.find(typed)
        if named.how is Matched.NAME:
            return named.found
        wanted = words(typed)
        speaking = tuple(key for key, text in self._texts.items() if wanted and all(word in text for word in wanted))
        return speaking or named.found


def _written(key: str, link: Link) -> str:
    return " ".join((key, link.title, *link.look_for, *link.words))


def _milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
