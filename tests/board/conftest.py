"""What tests of the board begin with."""

from collections.abc import Iterator

import pytest

from tests.board.stage import LINKS, WEB, Readers, readers
from tests.talk import MovedClock


@pytest.fixture
def board(environment: dict[str, str], clock: MovedClock) -> Iterator[Readers]:
    """The board of a desk that serves its own machine alone."""
    with readers(environment | WEB, clock) as those:
        yield those


@pytest.fixture
def linked(environment: dict[str, str], clock: MovedClock) -> Iterator[Readers]:
    """The board of a desk that gives links."""
    with readers(environment | LINKS, clock) as those:
        yield those
