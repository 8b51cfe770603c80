"""The lease of several desks: who has it, who takes it over, and to whom it is left."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from opsdesk.store import Duty
from opsdesk.store.desks import Untimed
from opsdesk.store.postgres import schema
from opsdesk.store.postgres.connections import Connections
from opsdesk.store.postgres.desks import LAST, PostgresDesks
from opsdesk.store.postgres.versions import Versions
from opsdesk.store.postgres.vocabulary import Vocabulary
from tests.postgres import server, set_clock

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
Opened = Callable[[str], PostgresDesks]


@pytest.fixture
def url() -> str:
    """A schema whose time stands at noon."""
    return server().timed_schema(NOON)


@pytest.fixture
def desk(url: str) -> Iterator[Opened]:
    """Opens a desk with a name, which beats when it is told to; its own time stands."""
    with ExitStack() as stack:

        def opened(name: str) -> PostgresDesks:
            connections = Connections(url, 2)
            connections.open()
            stack.callback(connections.close)
            schema.prepare(connections)
            return PostgresDesks(connections, Versions(), name, Untimed(), lambda: 0.0, Vocabulary())

        yield opened


def two_desks(desk: Opened) -> tuple[PostgresDesks, PostgresDesks]:
    """The one that has the lease, and the one that waits; they know of each other."""
    leader, other = desk("first"), desk("second")
    for one in (leader, other, leader):
        one.beat()
    assert (leader.duty(), other.duty()) == (Duty.LEADS, Duty.WAITS)
    return leader, other


def test_a_lease_that_was_left_is_anothers_even_if_whoever_left_it_beats_first(desk: Opened) -> None:
    leader, other = two_desks(desk)
    leader.step_aside()
    leader.beat()
    assert leader.duty() is Duty.WAITS
    other.beat()
    assert other.duty() is Duty.LEADS


def test_a_lease_that_was_left_and_nobody_took_is_taken_again(desk: Opened, url: str) -> None:
    leader, _ = two_desks(desk)
    leader.step_aside()
    set_clock(url, NOON + timedelta(seconds=LAST))
    leader.beat()
    assert leader.duty() is Duty.LEADS


def test_a_lease_that_ran_out_is_its_holders_where_nobody_else_took_it(desk: Opened, url: str) -> None:
    leader, _ = two_desks(desk)
    set_clock(url, NOON + timedelta(minutes=1))
    leader.beat()
    assert leader.duty() is Duty.LEADS
