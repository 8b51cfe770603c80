"""A file of TinyDB tables: each change adds the row it left to the file; all rows are in memory between them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from opsdesk.store.tinydb.copies import Copies, Loaded, Origin
from opsdesk.store.tinydb.sealed import Row, Tables


class CopiesStorage(Storage):
    """What TinyDB reads and writes: a file in two copies, its content in memory while the file does not change."""

    def __init__(self, copies: Copies) -> None:
        self._copies = copies
        self._held: Loaded | None = None
        self._changing: tuple[str, str | None] | None = None

    def read(self) -> Tables:
        """Return the file's tables. Raises Unreadable."""
        return self._load().content.tables

    def write(self, data: Tables) -> None:
        """Store the tables durably. Raises NotStored."""
        before = self._held or self._load()
        added = None
        table, name = self._changing or ("", None)
        if name is not None:
            added = self._copies.add({table: {name: data[table][name]}}, data, before)
        self._held = added or self._copies.save(data, before.content.generation + 1)

    def make(self) -> bool:
        """Make the file, without tables, if neither copy is there; return whether it did. Raises NotStored."""
        if self._copies.exist():
            return False
        self._held = self._copies.save({}, 1)
        return True

    def settle(self) -> None:
        """Make sure that what the file holds is on the disk. Raises Unreadable and NotStored."""
        held = self._load()
        if held.origin is not Origin.WRITTEN:
            self._held = self._copies.save(held.content.tables, held.content.generation + 1)

    @contextmanager
    def changing(self, table: str, name: str | None = None) -> Iterator[None]:
        """Let TinyDB change a table in here: one row, which is then added to the file, or any, which writes it anew."""
        self._changing = table, name
        try:
            yield
        except BaseException:
            # TinyDB changes its copy in memory before it writes: whatever stopped it, that copy is not what is stored.
            self._held = None
            raise
        finally:
            self._changing = None

    def restored(self) -> bool:
        """Return whether the first copy was damaged when the file was read."""
        return self._load().origin is Origin.RESTORED

    def _load(self) -> Loaded:
        if self._held is None or (not self._changing and self._held.stamp != self._copies.stamp()):
            self._held = self._copies.load()
        return self._held


class TextIdTable(Table):
    """A table whose ids are texts. TinyDB lets a table choose, but declares them as numbers: hence the casts below."""

    document_id_class = str  # type: ignore[assignment]  # see above

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        """Change the rows in place: TinyDB would copy all of them twice, for ids that are not texts."""
        tables = self._storage.read() or {}
        updater(tables.setdefault(self.name, {}))
        self._storage.write(tables)
        self.clear_cache()


class TextIdTables(TinyDB):
    """A database of tables whose ids are texts."""

    table_class = TextIdTable


class TableFile:
    """The tables of one file."""

    def __init__(self, copies: Copies) -> None:
        self._storage = CopiesStorage(copies)
        self._tables = TextIdTables(storage=lambda: self._storage)

    def make(self) -> bool:
        """Make the file, without records, if neither copy is there; return whether it did. Raises NotStored."""
        return self._storage.make()

    def settle(self) -> None:
        """Make sure that what it holds is on the disk, also after a change of which nobody knows.

        Raises Unreadable and NotStored.
        """
        self._storage.settle()

    def restored(self) -> bool:
        """Return whether the first copy was damaged when the file was read. Raises Unreadable."""
        return self._storage.restored()

    def row(self, table: str, name: str) -> Row | None:
        """Return the row with this id. Raises Unreadable."""
        return cast("Row | None", self._table(table).get(doc_id=cast("int", name)))

    def rows(self, table: str) -> dict[str, Row]:
        """Return the table's rows by id, in the order they were added; do not change them. Raises Unreadable."""
        return self._storage.read().get(table, {})

    def empty(self) -> bool:
        """Return whether the file holds no table. Raises Unreadable."""
        return not self._storage.read()

    def put(self, table: str, name: str, row: Row) -> None:
        """Store a row, in the place of one with its id if there is one. Raises NotStored and Unreadable."""
        known = name in self.rows(table)
        with self._storage.changing(table, name):
            if not known:
                self._table(table).insert(Document(row, cast("int", name)))
            elif not self._table(table).update(row, doc_ids=[cast("int", name)]):
                raise AssertionError(f"{table} {name} is gone")

    def remove(self, table: str, names: Sequence[str]) -> None:
        """Remove these rows, all of which are there. Raises NotStored and Unreadable."""
        with self._storage.changing(table):
            self._table(table).remove(doc_ids=[cast("int", name) for name in names])

    def _table(self, name: str) -> Table:
        return self._tables.table(name, cache_size=0)
