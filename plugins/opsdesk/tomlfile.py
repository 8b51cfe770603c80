"""The team's TOML files: read into frozen values, checked as a whole, followed when they change."""

import threading
import tomllib
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from opsdesk.errors import SettingsError, near

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


def read(path: Path, kind: type[S]) -> S:
    """The file as a `kind`. Raises a SettingsError with everything wrong at once, each by file, table and key."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError([f"{path.name} is missing: it should be {path}."]) from None
    except (OSError, ValueError) as broken:
        raise SettingsError([f"{path.name} cannot be read: {broken}."]) from None
    complaints: list[str] = []
    value = _checked(kind, raw, (), complaints)
    if complaints:
        raise SettingsError(f"{path.name} {complaint}" for complaint in complaints)
    return typing.cast(S, value)


class TeamFile(Generic[T]):
    """A file as the team last wrote it correctly.

    Calling it gives the value; a changed file is read again first. One that is wrong after an
    edit leaves the last good value in force, and its complaints go to `complain`, once an edit.
    """

    def __init__(self, path: Path, read: Callable[[Path], T], complain: Callable[[SettingsError], None]) -> None:
        self._path, self._read, self._complain = path, read, complain
        self._lock = threading.Lock()
        self._stamp = self._stamped()
        self._value = read(path)

    def __call__(self) -> T:
        with self._lock:
            stamp = self._stamped()
            if stamp != self._stamp:
                self._stamp = stamp
                self._follow()
            return self._value

    def _follow(self) -> None:
        try:
            self._value = self._read(self._path)
        except SettingsError as wrong:
            self._complain(wrong)

    def _stamped(self) -> tuple[int, int, int]:
        try:
            stat = self._path.stat()
        except OSError:
            return (0, 0, 0)
        return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _checked(kind: Any, raw: Any, where: tuple[str, ...], complaints: list[str]) -> Any:
    """`raw` as a `kind`, table by table, so that one mistake does not hide the next."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(raw, Mapping):
        return _checked_table(kind, raw, where, complaints)
    if origin is dict and isinstance(raw, Mapping):
        return {key: _checked(inner[1], value, (*where, key), complaints) for key, value in raw.items()}
    if origin in (list, tuple) and isinstance(raw, list) and _is_table(inner[0]):
        return origin(_checked(inner[0], value, (*where, str(n)), complaints) for n, value in enumerate(raw, 1))
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as wrong:
        complaints.append(f"{_named(where)}: {wrong}")
        return None


def _checked_table(kind: type[msgspec.Struct], raw: Mapping[str, Any], where: tuple[str, ...], told: list[str]) -> Any:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    before = len(told)
    for key in raw.keys() - fields.keys():
        likely = near(key, fields)
        told.append(f"{_named((*where, key))}: unknown key" + (f", did you mean {likely[0]}?" if likely else ""))
    for name, field in fields.items():
        if field.required and name not in raw:
            told.append(f"{_named((*where, name))}: missing")
    values = {
        fields[key].name: _checked(fields[key].type, value, (*where, key), told)
        for key, value in raw.items()
        if key in fields
    }
    if len(told) > before:
        return None
    try:
        return kind(**values)
    except ValueError as wrong:
        told.append(f"{_named(where)}: {wrong}")
        return None


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _named(where: tuple[str, ...]) -> str:
    """ "[subsystems.vista] people" for the path ("subsystems", "vista", "people")."""
    table, key = ".".join(where[:-1]), where[-1] if where else ""
    return f"[{table}] {key}".strip() if table else key or "top level"
