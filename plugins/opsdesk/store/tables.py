"""A file of TinyDB tables, written as a whole with every change and kept in memory between them."""

from typing import cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from opsdesk.store.copies import Copies, Loaded
from opsdesk.store.sealed import Row, Sealed, Tables


class CopiesStorage(Storage):
    """TinyDB's view of a file in two copies. What it has read stays in memory as long as the file stays as it is."""

    def __init__(self, copies: Copies) -> None:
        self._copies = copies
        self._held: Loaded | None = None

    def read(self) -> Tables:
        """The file's tables. Raises Unreadable."""
        return self._load().content.tables

    def write(self, data: Tables) -> None:
        """Stores the tables durably. Raises NotStored."""
        generation = self._load().content.generation + 1
        stamp = self._copies.save(data, generation)
        self._held = Loaded(Sealed(generation, data), stamp, restored=False)

    def forget(self) -> None:
        """Drops what is in memory; the file is read again when next asked."""
        self._held = None

    def restored(self) -> bool:
        """Whether the file had to be taken from its second copy."""
        return self._load().restored

    def _load(self) -> Loaded:
        if self._held is None or self._held.stamp != self._copies.stamp():
            self._held = self._copies.load()
        return self._held


class KeyedTable(Table):
    """A table whose ids are texts. TinyDB lets a table choose, but declares them as numbers: hence the casts below."""

    document_id_class = str  # type: ignore[assignment]  # see above


class KeyedTables(TinyDB):
    """A database of such tables."""

    table_class = KeyedTable


class TableFile:
    """The tables of one file."""

    def __init__(self, copies: Copies) -> None:
        self._copies, self._storage = copies, CopiesStorage(copies)
        self._tables = KeyedTables(storage=lambda: self._storage)

    def make(self) -> None:
        """Makes the file, without records, if neither copy is there. Raises NotStored."""
        if not self._copies.exist():
            self._copies.save({}, 1)

    def restored(self) -> bool:
        """Whether the first copy was not whole when it was read. Raises Unreadable."""
        return self._storage.restored()

    def row(self, table: str, name: str) -> Row | None:
        """The row with this id. Raises Unreadable."""
        return cast("Row | None", self._table(table).get(doc_id=cast("int", name)))

    def rows(self, table: str) -> dict[str, Row]:
        """The table's rows by id, in the order in which they were added; not to be changed. Raises Unreadable."""
        return self._storage.read().get(table, {})

    def empty(self) -> bool:
        """Whether the file holds no table. Raises Unreadable."""
        return not self._storage.read()

    def put(self, table: str, name: str, row: Row) -> None:
        """Stores a row, in the place of the one with the same id if there is one. Raises NotStored and Unreadable."""
        try:
            if name not in self.rows(table):
                self._table(table).insert(Document(row, cast("int", name)))
            elif not self._table(table).update(row, doc_ids=[cast("int", name)]):
                raise AssertionError(f"{table} {name} is gone")
        except BaseException:
            # TinyDB changes its copy in memory before it writes: whatever stopped it, that copy is not what is stored.
            self._storage.forget()
            raise

    def _table(self, name: str) -> Table:
        return self._tables.table(name, cache_size=0)
