"""The stores that keep the contract: each test of this folder is run against every one of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsdesk.store import Store, open_store
from tests.store.stage import Shelf

# Each opens the store that goes by this path; opened again after it was closed, it holds what it held.
STORES: dict[str, Callable[[Path], Store]] = {"embedded": open_store}


@pytest.fixture(params=STORES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    """A store with a table of each sort, empty."""
    shelf = Shelf(tmp_path / "state", opened=STORES[request.param])
    yield shelf
    shelf.store.close()
