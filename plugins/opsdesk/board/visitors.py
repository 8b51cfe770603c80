"""Whoever asks for the board: known by the request alone, limited, and only then looked up in the store."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from opsdesk.board.access import BoardAccess
from opsdesk.board.asked import NOTHING, TOO_OFTEN, Answer, BoardRequest
from opsdesk.board.links import BoardLinks, Pass
from opsdesk.chat import Person
from opsdesk.web import WebRate

AT_ONCE, EACH = 60, 0.25  # requests that a reader has at once; then one each so many seconds

PeopleOf = Callable[[str], Sequence[Person]]


class MayRead(Protocol):
    """Whether somebody, who may be known by further ids, may read."""

    def __call__(self, person: Person, at: datetime, also: Sequence[Person] = ()) -> bool: ...


class Visitor(msgspec.Struct, frozen=True):
    """Whoever asks, as the request tells: at this machine, with a pass that the desk signed, or by a proxy's e-mail."""

    person: Person
    is_local: bool = False
    signed: Pass | None = None


class Visitors:
    """Lets in who may read. `people_of` gives whom the team's contacts have under an e-mail address.

    Readers have an allowance each. Whoever shows nothing that the desk or a proxy vouches for shares that of the
    address they ask from: the store is asked nothing for them, and nobody else waits on their account.
    """

    def __init__(
        self, access: BoardAccess, links: BoardLinks, cookie: str, may_read: MayRead, people_of: PeopleOf
    ) -> None:
        self._access, self._links, self._cookie = access, links, cookie
        self._may_read, self._people_of = may_read, people_of
        self._rate, self._strangers = WebRate(AT_ONCE, EACH), WebRate(AT_ONCE, EACH)

    def admitted(self, asked: BoardRequest, at: datetime) -> Person | Answer:
        """Return who asks, if they may read now and have not asked too often; else what to answer them."""
        return self._admitted(self._visitor(asked, at), asked, at)

    def entering(self, asked: BoardRequest, at: datetime) -> Person | Answer:
        """Return whose link a request opens, if they may read now and have not asked too often; else the answer."""
        return self._admitted(self._signed("link", asked.query.get("link", ""), at), asked, at)

    def scraping(self, asked: BoardRequest, at: datetime) -> Person | Answer:
        """Return who asks for the figures: the scraper, known by its address, or somebody who may read."""
        visitor = Visitor(Person("", asked.peer), is_local=True) if self._access.is_scraper(asked) else None
        return self._admitted(visitor or self._visitor(asked, at), asked, at)

    def _admitted(self, visitor: Visitor | None, asked: BoardRequest, at: datetime) -> Person | Answer:
        if not visitor:
            return NOTHING if self._strangers.admits(asked.peer) else TOO_OFTEN
        person = visitor.person
        # Who has a pass that was revoked must not use up what its owner may ask with a new one.
        edition = f" {visitor.signed.edition}" if visitor.signed else ""
        if not self._rate.admits((person.id or person.name) + edition):
            return TOO_OFTEN
        return person if self._may(visitor, at) else NOTHING

    def _visitor(self, asked: BoardRequest, at: datetime) -> Visitor | None:
        if self._access.is_local(asked):
            return Visitor(Person("", asked.peer), is_local=True)
        if named := self._access.named(asked):
            return Visitor(Person(named, named))
        return self._signed("cookie", asked.cookies.get(self._cookie, ""), at)

    def _signed(self, what: str, given: str, at: datetime) -> Visitor | None:
        signed = self._links.read(what, given, at) if self._access.links and given else None
        return Visitor(Person(signed.id, signed.id), signed=signed) if signed else None

    def _may(self, visitor: Visitor, at: datetime) -> bool:
        if visitor.is_local:
            return True
        if visitor.signed:
            return self._links.stands(visitor.signed) and self._may_read(visitor.person, at)
        return self._may_read(visitor.person, at, self._people_of(visitor.person.id))
