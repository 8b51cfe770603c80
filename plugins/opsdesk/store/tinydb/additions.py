"""What a change adds to a record, stored in place of the whole record: a long timeline is not written again.

    {"+entries":[{...}],"card":{...}}

The items that were added at the end of a list, and fields that had no value before.
"""

from collections.abc import Sequence
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields, replace

T = TypeVar("T", bound=msgspec.Struct)

LISTS = (tuple, list)
MORE = "+"  # before the name of a field that is a list: what is added at its end
LARGE = 1_000  # bytes: a smaller record is stored whole


class Additions(Generic[T]):
    """The additions to records of one kind."""

    def __init__(self, kind: type[T]) -> None:
        self._fields = fields(kind)
        self._tuples = {field.name for field in self._fields if _is_tuple(field.type)}
        self._decoder = msgspec.json.Decoder(_addition_to(self._fields))

    def between(self, before: T, after: T) -> bytes | None:
        """Return what `after` adds to `before`; None if it changes or removes anything."""
        added: dict[str, Any] = {}
        for field in self._fields:
            old, new = getattr(before, field.name), getattr(after, field.name)
            if old is new or old == new:
                continue
            if _is_longer(old, new):
                added[MORE + field.encode_name] = new[len(old) :]
            elif old is None:
                added[field.encode_name] = new
            else:
                return None
        return msgspec.json.encode(added)

    def check(self, added: bytes) -> None:
        """Raise a ValueError if an addition could not be read again."""
        self._decoder.decode(added)

    def to(self, record: T, added: Sequence[msgspec.Raw]) -> T:
        """Return the record with what was added to it, in order. Raises a ValueError for what is no addition to it."""
        values: dict[str, Any] = {}
        for addition in map(self._decoder.decode, added):
            for field in self._fields:
                if (new := getattr(addition, field.name)) is not msgspec.UNSET:
                    values[field.name] = list(new) if isinstance(new, tuple) else new
                if (more := getattr(addition, f"more_{field.name}", msgspec.UNSET)) is not msgspec.UNSET:
                    values.setdefault(field.name, list(getattr(record, field.name))).extend(more)
        return replace(record, **{name: self._typed(name, value) for name, value in values.items()})

    def _typed(self, name: str, value: Any) -> Any:
        return tuple(value) if name in self._tuples else value


def whole(record: bytes | msgspec.Raw, added: Sequence[msgspec.Raw]) -> bytes:
    """Return the JSON of a record with what was added to it, also with what the desk does not know of it."""
    plain = msgspec.json.decode(record)
    for addition in map(msgspec.json.decode, added):
        for name, value in addition.items():
            if name.startswith(MORE):
                plain.setdefault(name.removeprefix(MORE), []).extend(value)
            else:
                plain[name] = value
    return msgspec.json.encode(plain)


def _addition_to(known: Sequence[FieldInfo]) -> type[msgspec.Struct]:
    """Return the kind of the additions: every field may be missing, and each list has one more for its new items."""
    unset = msgspec.UnsetType
    set_: list[tuple[str, Any, Any]] = [(field.name, field.type | unset, msgspec.UNSET) for field in known]
    more = [(f"more_{field.name}", field.type | unset, msgspec.UNSET) for field in known if _is_list(field)]
    names = {field.name: field.encode_name for field in known}
    names |= {f"more_{field.name}": MORE + field.encode_name for field in known if _is_list(field)}
    return msgspec.defstruct("Addition", set_ + more, rename=names)


def _is_list(field: FieldInfo) -> bool:
    return any((get_origin(one) or one) in LISTS for one in _either(field.type))


def _is_tuple(declared: Any) -> bool:
    return any((get_origin(one) or one) is tuple for one in _either(declared))


def _either(declared: Any) -> tuple[Any, ...]:
    """Return the types that a declared type allows: those of a union, else itself."""
    return get_args(declared) if get_origin(declared) in (Union, UnionType) else (declared,)


def _is_longer(old: Any, new: Any) -> bool:
    return type(old) is type(new) and isinstance(old, LISTS) and len(new) > len(old) and new[: len(old)] == old
