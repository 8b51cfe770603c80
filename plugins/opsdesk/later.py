"""Modules that a start does without: they are loaded when something in them is first used, or soon after the start."""

import sys
import threading
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar, cast

T = TypeVar("T")

_named: list[str] = []
_waiting: list[str] = []


class LaterModule:
    """Stands for a module of a wing, and loads it when something in it is first used."""

    __slots__ = ("_loaded", "_name")

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_loaded", None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loaded or _load(self), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._loaded or _load(self), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._loaded or _load(self), name)

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return vars(self._loaded or _load(self))


def _load(part: LaterModule) -> ModuleType:
    """Return the module, which is whole by now, and keep it: to be imported anew at each use takes far longer."""
    module = _imported(part._name)
    object.__setattr__(part, "_loaded", module)
    return module


class LaterValue:
    """Stands for a value, and has it made when something in it is first used."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Any]) -> None:
        object.__setattr__(self, "_make", make)
        object.__setattr__(self, "_made", None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made or _made_of(self), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._made or _made_of(self), name, value)

    def __call__(self, *given: Any, **named: Any) -> Any:
        return (self._made or _made_of(self))(*given, **named)


_making = threading.RLock()  # one for all: values are made of one another


def _made_of(part: LaterValue) -> Any:
    """Return the value, made by now, once for all who ask at the same time."""
    with _making:
        if part._made is None:
            object.__setattr__(part, "_made", part._make())
        return part._made


def made(make: Callable[[], T]) -> T:
    """Return what stands for the value of `make`, which is called when something in the value is first used.

    It is to read nothing and to wait for nobody: whoever uses the value first may keep others waiting.
    """
    return cast(T, LaterValue(make))


def parts(wing: str, *names: str) -> None:
    """Have these modules of a wing loaded later. A face says so before it imports anything of its wing.

    Whoever then imports one of them by its name (`from opsdesk.incidents import words`) is given what stands for it;
    whoever imports something from inside it loads it.
    """
    for name in names:
        module = f"{wing}.{name}"
        _named.append(module)
        _waiting.append(module)
        if module not in sys.modules:
            setattr(sys.modules[wing], name, LaterModule(module))


def load_next() -> bool:
    """Load one of the modules that are still to be loaded; return whether there was one.

    It is done soon after the start: hours later other files may lie on the disk, those of a newer version, or none.
    """
    if _waiting:
        _imported(_waiting.pop())
        return True
    return False


def load_all() -> None:
    """Load all that is still to be loaded, and wait for what another thread loads: the files are about to go."""
    _waiting.clear()
    for name in _named:
        _imported(name)


def _imported(name: str) -> ModuleType:
    """Return the module, imported once its wing is whole.

    Of a wing that another thread is importing, each of the two might wait for what the other has begun: Python then
    gives one of them a module that lacks something.
    """
    import_module(name.rpartition(".")[0])
    return import_module(name)


def named() -> tuple[str, ...]:
    """Return the modules that are to be loaded later, by their whole names."""
    return tuple(_named)


# Whole wings: the library's own folder is not always what Python finds first of its name (plugins/desk/opsdesk.py).
parts("opsdesk", "alerts", "counts", "datadog", "report", "traces", "unheard", "watch")
