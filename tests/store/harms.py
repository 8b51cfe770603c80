"""What can become of a file: cut, emptied, deleted, garbled; each is done to a path."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

IN_PARTS = pytest.mark.parametrize("in_parts", [True, False], ids=["in parts", "in one part"])


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def deleted(path: Path) -> None:
    path.unlink()


def filled_with_garbage(path: Path) -> None:
    path.write_bytes(random.Random(7).randbytes(path.stat().st_size))


def filled_with_zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def filled_with_other_json(path: Path) -> None:
    path.write_text("[" * 100_000)


def changed_in_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


HARMS = (
    cut_in_half,
    emptied,
    deleted,
    filled_with_garbage,
    filled_with_zeros,
    filled_with_other_json,
    changed_in_the_middle,
    made_a_folder,
)

Harm = Callable[[Path], None]
