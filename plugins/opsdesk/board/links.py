"""Links to the board: signed for one person, soon at their end, and made a cookie by whoever opens them."""

from datetime import UTC, datetime, timedelta

import msgspec

from opsdesk.chat import Person
from opsdesk.errors import UserError
from opsdesk.store import Store
from opsdesk.web import LinkEdition, Signer

TO_OPEN = timedelta(minutes=15)  # that a link opens the board
TO_READ = timedelta(hours=12)  # that whoever opened it may read
LONGEST = 600  # letters of a pass
LETTERS, DIGITS = "abcdefghijklmnop", "0123456789abcdef"
PACKED, UNPACKED = str.maketrans(DIGITS, LETTERS), str.maketrans(LETTERS, DIGITS)


class Pass(msgspec.Struct, frozen=True, array_like=True):
    """What a link or a cookie says: for what ("link", "cookie"), whose, until when, and which edition of theirs."""

    what: str
    id: str
    until: int  # seconds, as Unix counts them
    edition: int


class BoardLinks:
    """Gives people passes of their own, and knows them again."""

    def __init__(self, store: Store) -> None:
        self._signer, self._editions = Signer(store, "board"), store.keyed("board_links", LinkEdition)

    def link(self, person: Person, at: datetime) -> str:
        """Return a pass that opens the board for a quarter of an hour."""
        return self._given("link", person, at + TO_OPEN)

    def cookie(self, person: Person, at: datetime) -> str:
        """Return a pass to read by for half a day."""
        return self._given("cookie", person, at + TO_READ)

    def read(self, what: str, given: str, at: datetime) -> Pass | None:
        """Return what a pass says; None for one that was never given, is of the other kind, or at its end.

        The store is not asked: whether the pass was revoked since, `stands` tells.
        """
        told = _unpacked(given)
        if not told or told.what != what or not self._signer.signed(given.partition("z")[2], *_parts(told)):
            return None
        return None if datetime.fromtimestamp(told.until, UTC) <= at else told

    def stands(self, told: Pass) -> bool:
        """Return whether a pass was not revoked."""
        return told.edition == self._edition(told.id)

    def revoke(self, person: Person, at: datetime) -> None:
        """Have every pass that a person was given end now."""
        self._editions.change(None, person.id, lambda last: LinkEdition((last.number if last else 0) + 1, at))

    def _given(self, what: str, person: Person, until: datetime) -> str:
        if not person.id:
            raise UserError("The chat does not say who you are, so that there is no link for you.")
        told = Pass(what, person.id, int(until.timestamp()), self._edition(person.id))
        return f"{_packed(told)}z{self._signer.signature(*_parts(told))}"

    def _edition(self, id: str) -> int:
        return (self._editions.get(None, id) or LinkEdition()).number


def _parts(told: Pass) -> tuple[str | int, ...]:
    return "board", told.what, told.id, told.until, told.edition


def _packed(told: Pass) -> str:
    """Return a pass in small letters, in which no mask on the way out takes anything for a number or a key."""
    return msgspec.json.encode(told).hex().translate(PACKED)


def _unpacked(given: str) -> Pass | None:
    packed = given.partition("z")[0]
    if len(given) > LONGEST or not packed or packed.strip(LETTERS):
        return None
    try:
        return msgspec.json.decode(bytes.fromhex(packed.translate(UNPACKED)), type=Pass)
    except (msgspec.DecodeError, ValueError):
        return None
