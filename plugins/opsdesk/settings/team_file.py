"""The team's TOML files: read into frozen values, checked as a whole."""

import functools
import tomllib
import types
import typing
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from opsdesk.errors import SettingsError, near
from opsdesk.settings.plain_words import plainly
from opsdesk.settings.toml_mistakes import plainly_at_line

S = TypeVar("S", bound=msgspec.Struct)

WRONG: Any = object()


class Parsed(msgspec.Struct, Generic[S], frozen=True):
    """A file as far as it can be read. `value` lacks the tables that are wrong; `raw` has them still."""

    value: S | None
    raw: Mapping[str, Any]
    complaints: tuple[str, ...]


def read(path: Path, kind: type[S]) -> S:
    """Return the file as a `kind`. Raise a SettingsError with everything wrong in it, each by file, table and key."""
    parsed = parse(path, kind)
    if parsed.value is None or parsed.complaints:
        raise SettingsError(parsed.complaints)
    return parsed.value


def parse(path: Path, kind: type[S]) -> Parsed[S]:
    """Return the file as far as it is a `kind`, for checks that go on in spite of what is wrong with it."""
    try:
        raw = _loaded(text_of(path))
    except FileNotFoundError:
        return Parsed(None, {}, (f"{path.name} is missing: it should be {path}.{_misnamed(path)}",))
    except (OSError, ValueError, RecursionError) as broken:
        return Parsed(None, {}, (f"{path.name} cannot be read: {reason(broken)}.",))
    complaints: list[str] = []
    value = _table(kind, raw, (), complaints)
    return Parsed(None if value is WRONG else value, raw, tuple(f"{path.name} {complaint}" for complaint in complaints))


def text_of(path: Path) -> str:
    """Return the text of a file, however Windows saved it: with a mark at its beginning, with other line ends.

    Raises a ValueError for one that is not UTF-8, such as UTF-16, which has zeros in it.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValueError('it is not saved as UTF-8. Save it again, with the encoding "UTF-8"')
    return text


def reason(broken: Exception) -> str:
    """Return why a file cannot be read, without the address that an OSError repeats."""
    return (broken.strerror if isinstance(broken, OSError) else None) or str(broken)


def _loaded(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise ValueError(plainly_at_line(str(wrong), text)) from None


def _misnamed(path: Path) -> str:
    """Return a sentence about the file that stands there under nearly the right name, "" where none does."""
    likely, found = (f"{path.name}.txt", path.name), ""
    with suppress(OSError):  # where the folder is missing, or may not be listed
        found = next((file.name for file in path.parent.iterdir() if file.name.casefold() in likely), "")
    return f" There is {found}: give it the right name." if found else ""


class _Field(msgspec.Struct, frozen=True):
    """A field of a table: the name and the type that it has in Python, and whether a file has to have it."""

    name: str
    kind: Any
    required: bool


@functools.cache  # to find it out takes as long as all the rest, and a file has many tables of one kind
def _fields(kind: type[msgspec.Struct]) -> Mapping[str, _Field]:
    """Return the fields of a table, by their names in the file."""
    fields = msgspec.structs.fields(kind)
    return {field.encode_name: _Field(field.name, field.type, field.required) for field in fields}


@functools.cache
def _parts(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return what a type is one of, such as dict, and of which types it is made."""
    return typing.get_origin(kind), typing.get_args(kind)


def _checked(kind: Any, raw: Any, where: tuple[str, ...], complaints: list[str]) -> Any:
    """Return `raw` as a `kind`, table by table and item by item, so that one mistake does not hide the next."""
    origin, inner = _parts(kind)
    if origin in (typing.Union, types.UnionType) and isinstance(raw, dict | list):
        kind = next((one for one in inner if _takes(one, raw)), kind)
        origin, inner = _parts(kind)
    if _is_struct(kind) and isinstance(raw, Mapping):
        return _table(kind, raw, where, complaints)
    if origin in (dict, Mapping) and isinstance(raw, Mapping):
        return _tables(inner[1], raw, where, complaints)
    if _is_list(origin, inner) and isinstance(raw, list):
        return _items(origin, inner[0], raw, where, complaints)
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as wrong:
        complaints.append(f"{_named(where)}: {plainly(str(wrong), kind)}")
        return WRONG


def _table(kind: type[msgspec.Struct], raw: Mapping[str, Any], where: tuple[str, ...], complaints: list[str]) -> Any:
    fields = _fields(kind)
    before = len(complaints)
    complaints += [f"{_named((*where, key))}: {_unknown(key, fields)}" for key in raw if key not in fields]
    complaints += [f"{_named((*where, key))}: missing" for key in fields if fields[key].required and key not in raw]
    checked = {
        field.name: _checked(field.kind, raw[key], (*where, key), complaints)
        for key, field in fields.items()
        if key in raw
    }
    try:
        return kind(**{name: value for name, value in checked.items() if value is not WRONG})
    except (TypeError, ValueError, SettingsError) as wrong:
        if len(complaints) == before:  # otherwise it may only follow from what is wrong inside
            table = f"[{'.'.join(where)}] " if where else ""
            complaints += [f"{table}{complaint}" for complaint in getattr(wrong, "complaints", [str(wrong)])]
        return WRONG


def _tables(kind: Any, raw: Mapping[str, Any], where: tuple[str, ...], complaints: list[str]) -> dict[str, Any]:
    """Return the tables that are right, by their keys."""
    checked = {key: _checked(kind, value, (*where, key), complaints) for key, value in raw.items()}
    return {key: value for key, value in checked.items() if value is not WRONG}


def _items(origin: Any, kind: Any, raw: list[Any], where: tuple[str, ...], complaints: list[str]) -> Any:
    """Return the items that are right, in order."""
    checked = [_checked(kind, value, (*where, str(n)), complaints) for n, value in enumerate(raw, 1)]
    return origin(value for value in checked if value is not WRONG)


def _unknown(key: str, fields: Iterable[str]) -> str:
    likely = near(key, fields)
    return "unknown key" + (f", did you mean {likely[0]}?" if likely else "")


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _is_list(origin: Any, inner: tuple[Any, ...]) -> bool:
    return origin is list or (origin is tuple and len(inner) == 2 and inner[1] is Ellipsis)


def _takes(kind: Any, raw: Any) -> bool:
    """Return whether this member of a union is meant for `raw`, a table or a list."""
    origin, inner = _parts(kind)
    return (_is_struct(kind) or origin is dict) if isinstance(raw, dict) else _is_list(origin, inner)


def _named(where: tuple[str, ...]) -> str:
    """Return "[subsystems.vista] people" for the path ("subsystems", "vista", "people")."""
    table, key = ".".join(where[:-1]), where[-1] if where else ""
    return f"[{table}] {key}".strip() if table else key or "top level"
