"""How keys, days and texts are written in SQL, and what stands for them where they are locked."""

import re
from datetime import date
from hashlib import blake2b

from opsdesk.store.json_records import unwritable

NO_DAY = "-infinity"
TRIGRAM = re.compile("[a-z0-9]{3}")


def lock_of(*parts: str) -> int:
    """Return the number of the advisory lock for what these parts name: a bigint."""
    digest = blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def as_day(day: date | None) -> str:
    """Return the day that records are filed under; "-infinity" for those of no day."""
    return day.isoformat() if day else NO_DAY


def as_text(text: str) -> str:
    """Return a text that PostgreSQL takes: without NUL, and without halves of letters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def as_pattern(word: str) -> str:
    """Return the pattern for `like` that finds a word in the middle of a text, exactly as it is written."""
    escaped = as_text(word).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def is_indexed(word: str) -> bool:
    """Return whether an index of trigrams helps to find a word: of one that has none, all of it would be read."""
    return TRIGRAM.search(word) is not None


def as_bytes(key: str) -> bytes:
    """Return a key as it is stored. Raises NotStored for half a letter."""
    try:
        return key.encode()
    except UnicodeEncodeError as wrong:
        raise unwritable(wrong) from wrong
