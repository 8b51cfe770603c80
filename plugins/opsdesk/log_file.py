"""Errbot's log file, kept from filling the disk that the store needs."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST = 5_000_000  # bytes
KEPT = 3  # older files beside it, of that size


def bound(file: str) -> None:
    """Has whatever Errbot logs to `file` begin a new one in time; `!log tail` reads the one of that name."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if _writes_to(one, file)]:
        rotating = RotatingFileHandler(file, maxBytes=LARGEST, backupCount=KEPT)
        rotating.setFormatter(handler.formatter)
        root.addHandler(rotating)
        root.removeHandler(handler)
        handler.close()


def _writes_to(handler: logging.Handler, file: str) -> bool:
    """Whether it is the one that Errbot made, without an end."""
    return type(handler) is logging.FileHandler and Path(handler.baseFilename).resolve() == Path(file).resolve()
