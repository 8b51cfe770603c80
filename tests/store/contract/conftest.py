"""The stores that keep the contract: each test of this folder is run against every one of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsdesk.store import Store, open_store
from opsdesk.store.postgres.database import open_database
from tests.postgres import server
from tests.store.stage import Shelf


def open_postgres(path: Path) -> Store:
    """Opens the store in a schema that goes by this path."""
    address = path.with_suffix(".url")
    if not address.exists():
        address.write_text(server().schema())
    return open_database(address.read_text())


# Each opens the store that goes by this path; opened again after it was closed, it holds what it held.
STORES: dict[str, Callable[[Path], Store]] = {"embedded": open_store, "postgres": open_postgres}


@pytest.fixture(params=STORES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    """A store with a table of each sort, empty. Whatever else is opened from it is closed with it."""
    opened: list[Store] = []

    def open_one(path: Path) -> Store:
        opened.append(STORES[request.param](path))
        return opened[-1]

    yield Shelf(tmp_path / "state", opened=open_one)
    for store in opened:
        store.close()
