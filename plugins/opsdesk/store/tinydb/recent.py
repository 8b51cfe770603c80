"""The days kept in memory: those used last, by how much there is in them."""

from collections import OrderedDict
from datetime import date

from opsdesk.store.tinydb.tables import TableFile

KEPT_IN_MEMORY = 10  # days: a week, today and tomorrow among them
ALWAYS_KEPT = 2  # of these, whatever their size: today, and another that is asked about
KEPT_BYTES = 500_000  # of files, a week of 20 incidents a day: in memory it is four times as much, as it is read


class RecentDays:
    """The files of the days used last."""

    def __init__(self) -> None:
        self._files: OrderedDict[date, TableFile] = OrderedDict()

    def get(self, day: date) -> TableFile | None:
        """Return the day's file if it is kept, and keep it longer than the others."""
        file = self._files.get(day)
        if file:
            self._files.move_to_end(day)
        return file

    def keep(self, day: date, file: TableFile) -> TableFile:
        """Keep the file of a day, and return it; let go of others."""
        self._files[day] = file
        self._files.move_to_end(day)
        while len(self._files) > (KEPT_IN_MEMORY if self._bytes() <= KEPT_BYTES else ALWAYS_KEPT):
            self._files.popitem(last=False)
        return file

    def clear(self) -> None:
        """Let go of all."""
        self._files.clear()

    def _bytes(self) -> int:
        return sum(file.size for file in self._files.values())
