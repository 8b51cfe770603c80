"""The house as a newcomer finds it: a wing for each idea, entered by its face, small files and functions."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

LIBRARY = ROOT / "plugins" / "opsdesk"
WINGS = sorted(path.parent.name for path in LIBRARY.glob("*/__init__.py"))
MODULES = sorted(path for folder in ("plugins", "backends") for path in (ROOT / folder).rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION, MEDIAN_FUNCTION = 300, 35, 6


def wing_of(path: Path) -> str:
    """The wing a module stands in; "" outside all of them."""
    inside = path.relative_to(LIBRARY).parts if LIBRARY in path.parents else ()
    return inside[0] if len(inside) > 1 else ""


def face_of(wing: str) -> set[str]:
    """What the wing's `__all__` names."""
    tree = ast.parse((LIBRARY / wing / "__init__.py").read_text())
    named = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    return set(ast.literal_eval(named[0])) if named else set()


FACES = {wing: face_of(wing) for wing in WINGS}


def past_the_face(path: Path) -> Iterator[str]:
    """The imports of another wing's insides."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("opsdesk."):
            continue
        wing, *inside = str(node.module).split(".")[1:]
        if wing in FACES and wing != wing_of(path):
            yield from (f"{node.module}.{one.name}" for one in node.names if inside or one.name not in FACES[wing])


def lengths_of_functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function's name and how many lines of code it has: neither its head nor its docstring is code."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield (
                f"{path.relative_to(ROOT)}:{node.lineno} {node.name}",
                (node.end_lineno or 0) - body[0].lineno + 1 if body else 0,
            )


def lengths_on_paper(path: Path) -> Iterator[tuple[str, int]]:
    """Each function's name and how many lines it takes, from its head to its end."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_other_wings_are_entered_by_their_face(path: Path) -> None:
    assert list(past_the_face(path)) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE


def test_functions_are_short() -> None:
    on_paper = dict(one for path in MODULES for one in lengths_on_paper(path))
    assert {name: many for name, many in on_paper.items() if many > LONGEST_FUNCTION} == {}
    lengths = dict(one for path in MODULES for one in lengths_of_functions(path))
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


def test_no_plugin_has_a_property() -> None:
    """Errbot looks at each with every start, and would load whatever it leads to."""
    files = [path for path in MODULES if LIBRARY not in path.parents and path.parent.parent == ROOT / "plugins"]
    assert [path.name for path in files if re.search(r"@(cached_)?property\b", path.read_text("utf-8"))] == []
    assert len(files) > 8


def test_the_readme_names_every_wing_and_no_other() -> None:
    told = (ROOT / "README.md").read_text().partition("## Where things are")[2]
    assert sorted(re.findall(r"(?m)^\| `(\w+)/` \|", told)) == WINGS
