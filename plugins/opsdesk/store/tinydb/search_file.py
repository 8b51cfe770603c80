"""The search file of a day: labels and texts of its records beside each other, to be looked through as bytes.

    {"of":[1,[8,1234,567]],"labels":[57,1190235301],"text":[931,2838024587]}
    <RS>12<US>resolved<US>on vista<US>
    <RS>12<US>vista timeouts on pre-check-in
    two sites, rpc socket timeouts<RS>13<US>...

It is worked out of the day's file and may be deleted at any time. `of` says what it was worked out of: the version of
texts and labels, and the stamp of the day's file; of anything else it tells nothing.
"""

import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from opsdesk.files import Stamp, opened, replace

RS, US = b"\x1e", b"\x1f"  # ASCII's own separators of records and units
FIRST = 16_384  # bytes: the labels of most days are among them


class SearchedRecord(msgspec.Struct, frozen=True):
    """What is looked through of a record."""

    number: int
    labels: Sequence[str]
    text: str


class _Header(msgspec.Struct, frozen=True):
    of: tuple[int, Stamp | None]
    labels: tuple[int, int]
    text: tuple[int, int]


class SearchFile(msgspec.Struct, frozen=True):
    """The labels and the texts of a day's records. Each may be missing where it was not asked for."""

    labels: bytes
    text: bytes = b""

    def with_labels(self, labels: Sequence[bytes]) -> Iterator[int]:
        """Yield the numbers of the records with all of these labels."""
        wanted = [US + label + US for label in labels]
        return _numbers_with(self.labels, wanted, before=US)

    def with_words(self, words: Sequence[bytes]) -> Iterator[int]:
        """Yield the numbers of the records in whose text each of the words is."""
        return _numbers_with(self.text, words)


def made_of(records: Iterable[SearchedRecord]) -> SearchFile:
    """Return the search file of these records."""
    labels, texts = [], []
    for record in records:
        number = RS + str(record.number).encode() + US
        labels.append(b"".join([number, *(searched(label) + US for label in record.labels), b"\n"]))
        texts.append(number + searched(record.text))
    return SearchFile(b"".join(labels), b"".join(texts))


def searched(text: str) -> bytes:
    """Return a text, a word or a label as it stands in a search file."""
    return text.encode("utf-8", "replace").replace(RS, b" ").replace(US, b" ")


def write(path: Path, file: SearchFile, of: tuple[int, Stamp | None]) -> None:
    """Write the search file. Raises an OSError."""
    header = _Header(of, (len(file.labels), zlib.crc32(file.labels)), (len(file.text), zlib.crc32(file.text)))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace(path, [msgspec.json.encode(header), b"\n", file.labels, file.text], synced=False)


def read(path: str, of: tuple[int, Stamp | None], *, text: bool) -> SearchFile | None:
    """Return the search file, with its text if that is asked for; None if there is none, or none of this."""
    try:
        with opened(path) as handle:
            data = os.read(handle, os.fstat(handle).st_size if text else FIRST)
            return _read(handle, data, of, text=text)
    except (OSError, ValueError):
        return None


def _read(handle: int, data: bytes, of: tuple[int, Stamp | None], *, text: bool) -> SearchFile | None:
    line, _, rest = data.partition(b"\n")
    header = msgspec.json.decode(line, type=_Header)
    if len(rest) < header.labels[0]:
        rest += os.read(handle, header.labels[0] - len(rest))
    labels, texts = rest[: header.labels[0]], rest[header.labels[0] :] if text else b""
    whole = (len(labels), zlib.crc32(labels)) == header.labels
    whole = whole and (not text or (len(texts), zlib.crc32(texts)) == header.text)
    return SearchFile(labels, texts) if whole and header.of == of else None


def _numbers_with(section: bytes, wanted: Sequence[bytes], *, before: bytes = b"") -> Iterator[int]:
    if not all(one in section for one in wanted):
        return
    for record in section.split(RS)[1:]:
        number, _, told = record.partition(US)
        told = before + told
        if all(one in told for one in wanted):
            yield int(number)
