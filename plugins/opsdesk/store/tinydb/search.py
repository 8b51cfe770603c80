"""Looking through all records of a table: day by day, newest first, in the days' search files."""

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from opsdesk.files import Stamp
from opsdesk.store.interface import SearchFields
from opsdesk.store.tinydb import search_file
from opsdesk.store.tinydb.files import DayFiles
from opsdesk.store.tinydb.records import Records

T = TypeVar("T", bound=msgspec.Struct)

log = logging.getLogger(__name__)


class TableSearch(Generic[T]):
    """What is searched of a table's records is in a file for each day, made when it is first looked through."""

    def __init__(self, files: DayFiles, table: str, records: Records[T], fields: SearchFields[T]) -> None:
        self._files, self._table, self._records, self._fields = files, table, records, fields

    def numbers(self, day: date, words: Sequence[str], labels: Sequence[str], *, keep: bool) -> list[int]:
        """Return the numbers of the day's records that have all words and labels, highest first.

        The store is not held meanwhile, but for reading a day whose search file is outdated; that is written again if
        it is to be kept. Raises Unreadable.
        """
        file = self._file(day, text=bool(words), keep=keep)
        found = set(file.with_labels(list(map(search_file.searched, labels))))
        if words:
            found &= set(file.with_words(list(map(search_file.searched, words))))
        return sorted(found, reverse=True)

    def _file(self, day: date, *, text: bool, keep: bool) -> "search_file.SearchFile":
        path = self._files.search_path(self._table, day)
        of = self._fields.version, self._files.stamp(day)
        return search_file.read(path, of, text=text) or self._anew(day, path, keep=keep)

    def _anew(self, day: date, path: str, *, keep: bool) -> "search_file.SearchFile":
        records, stamp = self._records_of(day)
        fields, made = self._fields, search_file.SearchedRecord
        file = search_file.made_of(made(number, fields.labels(one), fields.text(one)) for number, one in records)
        if keep:
            try:
                search_file.write(Path(path), file, (self._fields.version, stamp))
            except OSError as error:  # then it is worked out again next time
                log.info("%s is not written: %s", path, error)
        return file

    def _records_of(self, day: date) -> tuple[Iterator[tuple[int, T]], Stamp | None]:
        with self._files.held():
            file = self._files.glance(day)
            rows, stamp = self._records.rows(file), file.stamp()
        return ((int(name), read()) for name, read in rows), stamp
