"""Every regular expression of the library, how it is used, and texts that are hard for it."""

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, product
from re import _constants as sre  # type: ignore[attr-defined]  # how re itself reads a pattern
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any, NamedTuple

from opsdesk.patterns import Uncompiled
from opsdesk.text import options
from tests.conftest import ROOT

LIBRARY = ROOT / "plugins" / "opsdesk"
METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
ANCHORED = {"match", "fullmatch"}
MOST_UNITS = 50
MOST_GROWTH = 30  # for ten times the text; what is quadratic grows a hundredfold


class Used(NamedTuple):
    """A pattern, where it stands, and whether it is only ever tried at the beginning of a text."""

    pattern: re.Pattern[str]
    where: str
    anchored: bool


def modules() -> Iterator[tuple[ModuleType, ast.Module, str]]:
    """Yield each module of the library, as it runs and as it is written."""
    for path in sorted(LIBRARY.rglob("*.py")):
        parts = path.relative_to(LIBRARY.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield importlib.import_module(name), ast.parse(path.read_text("utf-8")), name


def every_pattern() -> list[Used]:
    """Return the patterns held by modules and classes, and those written where they are used."""
    everything = list(modules())
    methods: dict[int, set[str]] = {}
    for module, tree, _ in everything:
        for pattern, method in _asked(module, tree):
            methods.setdefault(id(pattern), set()).add(method)
    found = {}
    for module, tree, name in everything:
        held = {} if name == "opsdesk.patterns" else vars(module)  # which knows those of all others
        for attribute, pattern in _held(held, name):
            anchored = bool(methods.get(id(pattern))) and methods[id(pattern)] <= ANCHORED
            found[pattern, anchored] = Used(pattern, f"{name}.{attribute}", anchored)
        for line, method, pattern in _written(module, tree):
            found[pattern, method in ANCHORED] = Used(pattern, f"{name}:{line}", method in ANCHORED)
    return [*found.values(), *_of_options(everything)]


def _of_options(everything: list[tuple[ModuleType, ast.Module, str]]) -> Iterator[Used]:
    """Yield the patterns made of each option that a command takes."""
    told = {id(values): values for module, _, _ in everything for values in vars(module).values()}
    tables = [table for table in told.values() if isinstance(table, dict)]
    for name, option in {(n, o) for table in tables for n, o in table.items() if isinstance(o, options.Option)}:
        yield Used(options._value_or_word(option), f"--{name}", anchored=True)
        yield Used(options._loosely(name, option), f"--{name}, loose", anchored=True)
        yield Used(options._lastly(name, option), f"--{name}, last", anchored=False)


def _held(values: dict[str, Any], module: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    for attribute, value in values.items():
        for pattern in _inside(value, module):
            yield attribute, pattern


@cache
def _compiled_of(made: Uncompiled) -> re.Pattern[str]:
    return re.compile(made.pattern, made.flags)


def _compiled(value: Any) -> Any:
    return _compiled_of(value) if isinstance(value, Uncompiled) else value


def _inside(value: Any, module: str, deep: int = 3) -> Iterator[re.Pattern[str]]:
    value = _compiled(value)
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, type) and value.__module__ == module:
        for _, pattern in _held(vars(value), module):
            yield pattern
    elif deep:
        for one in _parts_of(value):
            yield from _inside(one, module, deep - 1)


def _parts_of(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return (*value, *value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return value
    return [getattr(value, field, None) for field in getattr(value, "__struct_fields__", ())]


def _asked(module: ModuleType, tree: ast.Module) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield the patterns that a module names, each with the method that it calls; "" for any other use."""
    called = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            called[id(node.value)] = node.attr
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            pattern = _compiled(_named(module, node))
            if isinstance(pattern, re.Pattern):
                yield pattern, called.get(id(node), "")


def _named(module: ModuleType, node: ast.Name | ast.Attribute) -> Any:
    if isinstance(node, ast.Name):
        return vars(module).get(node.id)
    return getattr(vars(module).get(node.value.id), node.attr, None) if isinstance(node.value, ast.Name) else None


def _written(module: ModuleType, tree: ast.Module) -> Iterator[tuple[int, str, re.Pattern[str]]]:
    """Yield the patterns handed to functions of `re` that can be read without a call of what is around them."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args):
            continue
        method = ast.unparse(node.func).removeprefix("re.")
        flags = [word.value for word in node.keywords if word.arg == "flags"] + node.args[2:3]
        try:
            written = eval(ast.unparse(node.args[0]), dict(vars(module)))  # the library's own code
            flag = eval(ast.unparse(flags[0]), dict(vars(module))) if flags and "re." in ast.unparse(flags[0]) else 0
        except NameError:
            continue  # made of what is at hand only there
        if method in METHODS and isinstance(written, str):
            yield node.lineno, method, re.compile(written, flag)


def texts(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Yield texts of a length that are hard for a pattern: what it looks for, over and over, and never quite."""
    for unit, (before, behind) in product(units(pattern), (("", "\0"), ("\nx", " x"))):
        yield before + (unit * (length // len(unit) + 1))[:length] + behind


def units(pattern: re.Pattern[str]) -> list[str]:
    """Return pieces of what a pattern matches: its letters, words, pairs of those, and beginnings of a whole match."""
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    atoms = list(dict.fromkeys([*filter(None, _atoms(parsed)), " ", "\n", "a", "1"]))[:14]
    whole = _example(parsed)
    beginnings = [whole[:end] for end in range(1, min(len(whole), 40) + 1)]
    pairs = [one + other for one, other in product(atoms, atoms) if one != other]
    return list(dict.fromkeys(islice((*atoms, *beginnings, *pairs), MOST_UNITS)))


def _atoms(parsed: Any) -> Iterator[str]:
    for kind, value in parsed:
        if kind is sre.LITERAL:
            yield chr(value)
        elif kind is sre.IN:
            yield from _letters(value)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield _example(branch)
                yield from _atoms(branch)
        else:
            for inner in _parts(kind, value):
                yield _example(inner)
                yield from _atoms(inner)


def _parts(kind: Any, value: Any) -> list[Any]:
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind is sre.SUBPATTERN:
        return [value[3]]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1]]
    if kind is sre.ATOMIC_GROUP:
        return [value]
    return []


def _letters(members: Any) -> Iterator[str]:
    if members[0][0] is sre.NEGATE:
        yield "a"
        return
    samples = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a"}
    for kind, value in members[:4]:
        if kind is sre.LITERAL:
            yield chr(value)
        elif kind is sre.RANGE:
            yield chr(value[0])
        elif kind is sre.CATEGORY:
            yield samples.get(value, "-")


def _example(parsed: Any) -> str:
    """Return a text that a pattern is likely to match."""
    made = ""
    for kind, value in parsed:
        if kind is sre.LITERAL:
            made += chr(value)
        elif kind in (sre.ANY, sre.NOT_LITERAL):
            made += "a"
        elif kind is sre.IN:
            made += next(_letters(value), "a")
        elif kind is sre.BRANCH:
            made += _example(value[1][0])
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            made += _example(value[2]) * min(max(value[0], 1), 5)
        elif kind not in (sre.ASSERT, sre.ASSERT_NOT):
            made += "".join(map(_example, _parts(kind, value)))
    return made
