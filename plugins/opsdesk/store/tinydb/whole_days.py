"""Days written as whole files, and the index made of them: for what comes from another store."""

from array import array
from collections.abc import Collection, Iterable, Mapping
from datetime import date

import msgspec

from opsdesk.store.rows import PASSING, DayRows, KeptRow, NumberedRow, TouchedRow, compact, in_order
from opsdesk.store.tinydb.additions import whole
from opsdesk.store.tinydb.index import ROW, TABLE, Content, filed_by
from opsdesk.store.tinydb.numbered import TOUCHED
from opsdesk.store.tinydb.sealed import Row, Tables


class GatheredDays:
    """Gathers what the index tells of days, handed to it oldest first; of each record no more than its number."""

    def __init__(self) -> None:
        self._days: list[date] = []
        self._numbers: dict[str, dict[date, array[int]]] = {}
        self._open: dict[str, list[int]] = {}

    def add(self, day: date, rows: DayRows) -> None:
        """List a day with its rows."""
        self._days.append(day)
        for row in rows.numbered:
            self._numbers.setdefault(row.table, {}).setdefault(day, array("q")).append(row.number)
            if row.is_open:
                self._open.setdefault(row.table, []).append(row.number)

    def tables(self, last_numbers: Mapping[str, int]) -> Tables:
        """Return the tables of the index's file, where numbers go on behind the last."""
        filed = {
            table: msgspec.structs.replace(
                filed_by(self._numbers.get(table, {}), self._open.get(table, ())), given_out=last
            )
            for table, last in last_numbers.items()
        }
        content = Content(tuple(sorted(self._days)), filed)
        return {TABLE: {ROW: {"record": msgspec.Raw(msgspec.json.encode(content))}}}


def tables_of(rows: DayRows) -> Tables:
    """Return the tables of a file that holds these rows."""
    tables: Tables = {}
    for one in rows.numbered:
        record: Row = {"record": msgspec.Raw(one.record)}
        tables.setdefault(one.table, {})[str(one.number)] = {"key": one.key, **record} if one.key else record
    for kept in rows.kept:
        tables.setdefault(kept.table, {})[kept.key] = {"record": msgspec.Raw(kept.record)}
    touched: dict[str, list[int]] = {}
    for row in rows.touched:
        touched.setdefault(row.table, []).append(row.number)
    for table, numbers in touched.items():
        tables.setdefault(TOUCHED, {})[table] = {"record": msgspec.Raw(msgspec.json.encode(numbers))}
    return tables


def passing_apart(rows: DayRows) -> tuple[DayRows, DayRows]:
    """Return the rows of no day that are kept, and those of passing tables, which have a file of their own."""
    return rows.lasting(), DayRows(kept=[row for row in rows.kept if row.table in PASSING])


def rows_of(tables: Tables, numbered: Collection[str], *more: Tables) -> DayRows:
    """Return the rows in the tables of a file, and in those of `more` files; `numbered` names the numbered tables.

    What is open is not looked at: anything may be.
    """
    found: list[NumberedRow] = []
    kept: list[KeptRow] = []
    for table, rows in (pair for one in (tables, *more) for pair in one.items()):
        if table in numbered:
            found += [NumberedRow(table, int(name), row.get("key", ""), record_of(row)) for name, row in rows.items()]
        elif table != TOUCHED:
            kept += [KeptRow(table, key, record_of(row)) for key, row in rows.items()]
    return in_order(found, kept, _touched(tables.get(TOUCHED, {})))


def record_of(row: Row) -> bytes:
    """Return the JSON of a row's record, with what was added to it."""
    return compact(whole(row["record"], row["added"]) if "added" in row else bytes(row["record"]))


def _touched(rows: Mapping[str, Row]) -> Iterable[TouchedRow]:
    for table, row in rows.items():
        for number in msgspec.json.decode(row["record"], type=list[int]):
            yield TouchedRow(table, number)
