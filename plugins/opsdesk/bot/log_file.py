"""The log that Errbot writes: kept within bounds, with labels in the place of private data."""

import copy
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from opsdesk import guard

LARGEST = 5_000_000  # bytes
KEPT = 3  # older files beside it, of that size
MASKED = "desk_masked"  # by which name a record of the log carries itself as it may be written


def keep_short(file: str) -> None:
    """Rotate the log that Errbot writes to `file`; `!log tail` reads the file of that name."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if _writes_to(one, file)]:
        rotating = RotatingFileHandler(file, maxBytes=LARGEST, backupCount=KEPT)
        rotating.setFormatter(handler.formatter)
        root.addHandler(rotating)
        root.removeHandler(handler)
        handler.close()


def mask_lines() -> None:
    """Have all that this process logs masked."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, MaskedLines):
            handler.setFormatter(MaskedLines(handler.formatter or logging.Formatter()))


class MaskedLines(logging.Formatter):
    """Formats what is logged, errors and all, as `formatter` does, with labels in the place of private data."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self._formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record."""
        try:
            return self._formatter.format(self._masked(record))
        except Exception as mistake:  # noqa: BLE001  # unlike a post, a line can be missing; logging it would fail again
            return f"{record.levelname} {record.name}: a line that could not be masked ({type(mistake).__name__})"

    def _masked(self, record: logging.LogRecord) -> logging.LogRecord:
        """Return the record with its words masked: its moment, level and place, in every line, hold nothing private.

        Each record is masked once: several handlers write it, and one of them formats it twice.
        """
        known: logging.LogRecord | None = getattr(record, MASKED, None)
        if known:
            return known
        masked = copy.copy(record)
        masked.msg, masked.args = _without_private(record.getMessage()), None
        error = record.exc_text or (self.formatException(record.exc_info) if record.exc_info else "")
        masked.exc_text, masked.stack_info = _without_private(error), _without_private(record.stack_info or "") or None
        setattr(record, MASKED, masked)
        return masked


def _writes_to(handler: logging.Handler, file: str) -> bool:
    """Return whether it is the endless one that Errbot made."""
    return type(handler) is logging.FileHandler and Path(handler.baseFilename).resolve() == Path(file).resolve()


def _without_private(words: str) -> str:
    return guard.mask(words, guard.team()).text if words else ""
