"""The federal holidays of the United States, by the library of holidays, of which no more is loaded than that takes."""

import functools
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

# The packages of which parts are needed, and the groups of holidays of which the United States have some.
LIBRARY, GROUPS = "holidays", "holidays.groups"
PACKAGES = (LIBRARY, "holidays.calendars", "holidays.countries", GROUPS)
NEEDED = ("christian", "custom", "hindu", "international")
PARSER = "dateutil.parser"

_loading = threading.Lock()  # what stands in for a package is there for all threads


def federal_holiday(day: date) -> str:
    """Return the name of the US federal holiday, observed days included, that `day` is; "" for any other day."""
    return _federal_holidays(day.year).get(day, "")


@functools.lru_cache(maxsize=20)
def _federal_holidays(year: int) -> dict[date, str]:
    return dict(_united_states()(years=year))


def _united_states() -> Callable[..., Mapping[date, str]]:
    """Return the library's holidays of the United States. Threads that ask at once wait for the first of them."""
    with _loading:
        return _loaded()


@functools.cache
def _loaded() -> Callable[..., Mapping[date, str]]:
    """Return the library's holidays of the United States, loaded when first asked for: by the first tick.

    Its packages load every country and every calendar there is, and what reads a day that somebody typed: 12 MB.
    """
    packages, parser = [_package(name) for name in PACKAGES], ModuleType(PARSER)
    vars(parser)["parse"] = _parsed
    with _standing_in([*packages, parser]):
        for group in NEEDED:
            found = vars(import_module(f"{GROUPS}.{group}"))
            vars(packages[-1]).update((name, found[name]) for name in found if not name.startswith("_"))
        from holidays.countries.united_states import UnitedStates
    return UnitedStates


def _package(name: str) -> ModuleType:
    """Return an empty package of the library, whose modules are found where they are."""
    library, package = find_spec(LIBRARY), ModuleType(name)
    inside = name.removeprefix(LIBRARY).replace(".", "/")
    package.__path__ = [folder + inside for folder in (library and library.submodule_search_locations) or ()]
    return package


@contextmanager
def _standing_in(modules: Sequence[ModuleType]) -> Iterator[None]:
    """Have these be found in the place of what was not loaded yet, and no longer than in here."""
    for module in modules:
        sys.modules.setdefault(module.__name__, module)
    try:
        yield
    finally:
        for module in modules:
            if sys.modules.get(module.__name__) is module:
                del sys.modules[module.__name__]


def _parsed(text: str) -> datetime:
    parsed: datetime = import_module(PARSER).parse(text)
    return parsed
