"""What the desks on a database can read: a value that one of them does not know yet is not written while it is there.

A field that a desk does not know it keeps as it is; a value of an enumeration that it does not know makes the whole
record unreadable to it. So each desk tells the others which values it knows, and a newer one waits with new ones until
the last older desk is updated.
"""

import enum
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any

import msgspec
from msgspec import inspect

from opsdesk.store.interface import NotStored

NOT_YET = (
    "Nothing was stored: another desk on this database is of an older version, and could not read it. "
    "Type it again once all are updated; `!desk status` lists them."
)


Before = Callable[[], msgspec.Struct | None]
Check = Callable[[msgspec.Struct, Before], None]


class Vocabulary:
    """The values of enumerations in the records of each table: those that this desk knows, and which others do not."""

    def __init__(self) -> None:
        self._own: set[str] = set()
        self._unknown_to_some: frozenset[str] = frozenset()

    def of(self, table: str, kind: type) -> Check:
        """Know the values in records of this kind, and return what refuses to write those that another desk does not.

        It is handed a record, and what gives the one that is stored so far. It raises NotStored.
        """
        self._own |= {_word(table, value) for value in _values_of(kind)}
        return partial(self._check, table)

    def own(self) -> list[str]:
        """Return what this desk knows, in words for the other desks."""
        return sorted(self._own)

    def learn(self, others: Iterable[Collection[str] | None]) -> None:
        """Learn what each desk knows that is here; None: it does not tell."""
        self._unknown_to_some = frozenset().union(*(self._unknown_to(frozenset(other or ())) for other in others))

    def _unknown_to(self, other: frozenset[str]) -> frozenset[str]:
        """Return the values that another desk could not read.

        To one that does not know the enumeration at all, it is a field that it keeps as it is.
        """
        enumerations = set(map(_enumeration, other))
        return frozenset(word for word in self._own - other if _enumeration(word) in enumerations)

    def _check(self, table: str, record: msgspec.Struct, before: Before) -> None:
        if not self._unknown_to_some:
            return
        new = {_word(table, value) for value in _values_in(record)} & self._unknown_to_some
        if new and new - {_word(table, value) for value in _values_in(before())}:
            raise NotStored(NOT_YET)


def _word(table: str, value: enum.Enum) -> str:
    return f"{table}\t{type(value).__name__}\t{value.value}"


def _enumeration(word: str) -> str:
    return word.rpartition("\t")[0]


@cache
def _values_of(kind: type) -> frozenset[enum.Enum]:
    """Return all values of all enumerations that records of this kind may hold."""
    seen: set[Any] = set()
    found: set[enum.Enum] = set()
    waiting: list[Any] = [inspect.type_info(kind)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, inspect.EnumType):
            found.update(one.cls)
        elif isinstance(one, inspect.StructType):
            if one.cls not in seen:
                seen.add(one.cls)
                waiting += [field.type for field in one.fields]
        else:
            waiting += _inside(one)
    return frozenset(found)


def _inside(one: Any) -> Iterator[Any]:
    """Yield the types that a type is made of."""
    for name in ("item_type", "key_type", "value_type"):
        if isinstance(inner := getattr(one, name, None), inspect.Type):
            yield inner
    for name in ("item_types", "types"):
        yield from getattr(one, name, ())


def _values_in(record: Any) -> Iterator[enum.Enum]:
    """Yield the values of enumerations that a record holds."""
    if isinstance(record, enum.Enum):
        yield record
    elif isinstance(record, msgspec.Struct):
        for name in record.__struct_fields__:
            yield from _values_in(getattr(record, name))
    elif isinstance(record, Mapping):
        for pair in record.items():
            yield from _values_in(pair)
    elif isinstance(record, (tuple, list, set, frozenset)):
        for item in record:
            yield from _values_in(item)
