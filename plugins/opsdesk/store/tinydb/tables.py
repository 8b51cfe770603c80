"""A file of TinyDB tables: each change adds the row it left to the file; all rows are in memory between them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

import msgspec
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from opsdesk.files import Stamp
from opsdesk.store.tinydb.additions import whole
from opsdesk.store.tinydb.copies import Copies, Loaded, Origin
from opsdesk.store.tinydb.sealed import Row, Tables


class Decoded:
    """The records of a table that were read so far, by id; `complete`: all of them, in the order of their rows."""

    def __init__(self) -> None:
        self.records: dict[str, Any] = {}
        self.complete = False


class _Change(NamedTuple):
    """What TinyDB is about to change: one row of a table, or any of them (None), and what that leaves in the file."""

    table: str
    name: str | None = None
    left: Row | None = None


class Stretch:
    """The time for which a thread holds the files: within it each is looked at once for what others did to it."""

    def __init__(self) -> None:
        self.number: int | None = None  # None while nobody holds them
        self._last = 0

    def begin(self) -> bool:
        """Begin a stretch, unless one is on; return whether it was begun, and is for the caller to end."""
        if self.number is not None:
            return False
        self._last += 1
        self.number = self._last
        return True

    def end(self) -> None:
        """End the stretch that is on."""
        self.number = None


class CopiesStorage(Storage):
    """What TinyDB reads and writes: a file in two copies, its content in memory while the file does not change."""

    def __init__(self, copies: Copies, stretch: Stretch) -> None:
        self._copies, self._stretch = copies, stretch
        self._looked_in: int | None = None
        self._held: Loaded | None = None
        self._changing: _Change | None = None
        self.decoded: dict[tuple[str, type], Decoded] = {}
        self.keys: dict[str, dict[str, str]] = {}

    def read(self) -> Tables:
        """Return the file's tables. Raises Unreadable."""
        return self._load().content.tables

    def write(self, data: Tables) -> None:
        """Store the tables durably. Raises NotStored."""
        before = self._held or self._load()
        change, added = self._changing, None
        if change and change.name is not None:
            left = change.left or data[change.table][change.name]
            added = self._copies.add({change.table: {change.name: left}}, data, before)
        self._held = added or self._save(data, before.content.generation + 1)

    def make(self) -> bool:
        """Make the file, without tables, if neither copy is there; return whether it did. Raises NotStored."""
        if self._copies.exist():
            return False
        self._held = self._save({}, 1)
        return True

    def settle(self) -> None:
        """Make sure that what the file holds is on the disk. Raises Unreadable and NotStored."""
        held = self._load()
        if held.origin is not Origin.WRITTEN:
            self._held = self._save(held.content.tables, held.content.generation + 1)

    @contextmanager
    def changing(self, change: _Change) -> Iterator[None]:
        """Let TinyDB make this change in here: one row's is added to the file, any other writes it anew."""
        self._changing = change
        try:
            yield
        except BaseException:
            # TinyDB changes its copy in memory before it writes: whatever stopped it, that copy is not what is stored.
            self._forget()
            raise
        finally:
            self._changing = None

    def restored(self) -> bool:
        """Return whether the first copy was damaged when the file was read."""
        return self._load().origin is Origin.RESTORED

    @property
    def size(self) -> int:
        """Return how many bytes are held of the file."""
        return self._held.content.size if self._held else 0

    def stamp(self) -> Stamp | None:
        """Return the stamp of the file as it was read or written last."""
        return self._load().stamp

    def _save(self, data: Tables, generation: int) -> Loaded:
        for rows in data.values():
            for row in rows.values():
                if "added" in row:
                    row["record"] = msgspec.Raw(whole(row["record"], row.pop("added")))
        return self._copies.save(data, generation)

    def _load(self) -> Loaded:
        if self._held is None or not self._is_current(self._held):
            self._forget()
            self._held = self._copies.load()
        return self._held

    def _is_current(self, held: Loaded) -> bool:
        now = self._stretch.number
        if self._changing or (now is not None and now == self._looked_in):
            return True
        self._looked_in = now
        return held.stamp == self._copies.stamp()

    def _forget(self) -> None:
        self._held = None
        self.decoded.clear()
        self.keys.clear()


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

    def __init__(self, copies: Copies, stretch: Stretch) -> None:
        self._storage = CopiesStorage(copies, stretch)
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

    @property
    def size(self) -> int:
        """Return how many bytes of the file are in memory; 0 before it was read."""
        return self._storage.size

    def stamp(self) -> Stamp | None:
        """Return what tells this version of the file from any other. Raises Unreadable."""
        return self._storage.stamp()

    def row(self, table: str, name: str) -> Row | None:
        """Return the row with this id. Raises Unreadable."""
        return cast("Row | None", self._table(table).get(doc_id=cast("int", name)))

    def rows(self, table: str) -> dict[str, Row]:
        """Return the table's rows by id, in the order they were added; do not change them. Raises Unreadable."""
        return self._storage.read().get(table, {})

    def tables(self) -> Tables:
        """Return the rows of every table; do not change them. Raises Unreadable."""
        return self._storage.read()

    def decoded(self, table: str, kind: type) -> Decoded:
        """Return the table's records of this kind as far as they were read, to be filled in; ask for the rows first."""
        return self._storage.decoded.setdefault((table, kind), Decoded())

    def named(self, table: str, key: str) -> str | None:
        """Return the id of the row that was added with this key, if any. Raises Unreadable."""
        rows = self.rows(table)
        if table not in self._storage.keys:
            self._storage.keys[table] = {row["key"]: name for name, row in reversed(rows.items()) if "key" in row}
        return self._storage.keys[table].get(key)

    def empty(self) -> bool:
        """Return whether the file holds no table. Raises Unreadable."""
        return not self._storage.read()

    def put(self, table: str, name: str, row: Row, record: Any = None) -> None:
        """Store a row, in the place of one with its id if there is one, or add to that. `record` is what it holds.

        Raises NotStored and Unreadable.
        """
        known = name in self.rows(table)
        with self._storage.changing(_Change(table, name, row if "add" in row else None)):
            if not known:
                self._table(table).insert(Document(row, cast("int", name)))
            elif not self._table(table).update(_as_change(row), doc_ids=[cast("int", name)]):
                raise AssertionError(f"{table} {name} is gone")
        self._note(table, name, row, record)

    def remove(self, table: str, names: Sequence[str]) -> None:
        """Remove these rows, all of which are there. Raises NotStored and Unreadable."""
        with self._storage.changing(_Change(table)):
            self._table(table).remove(doc_ids=[cast("int", name) for name in names])
        self._storage.decoded = {
            (other, kind): decoded for (other, kind), decoded in self._storage.decoded.items() if other != table
        }
        self._storage.keys.pop(table, None)

    def _note(self, table: str, name: str, row: Row, record: Any) -> None:
        if "key" in row and table in self._storage.keys:
            self._storage.keys[table].setdefault(row["key"], name)
        for (other, kind), decoded in self._storage.decoded.items():
            if other == table and kind is type(record):
                decoded.records[name] = record
            elif other == table:
                decoded.records.pop(name, None)
                decoded.complete = False

    def _table(self, name: str) -> Table:
        return self._tables.table(name, cache_size=0)


def _as_change(row: Row) -> Any:
    """Return what TinyDB does to a row that is there: add to its record, or replace that with all that was added."""

    def change(known: Row) -> None:
        if "add" in row:
            known.setdefault("added", []).append(row["add"])
        else:
            known.update(row)
            known.pop("added", None)

    return change
