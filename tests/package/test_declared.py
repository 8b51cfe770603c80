"""What the plugins and the package say of themselves: versions, what they need, what they bring."""

import ast
import configparser
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from opsdesk.status import VERSION
from tests.conftest import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "plugins").glob("*/*.plug"))
PLUGS = [*sorted((ROOT / "plugins").rglob("*.plug")), *sorted((ROOT / "backends").rglob("*.plug"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SLACK_DESK = tomllib.loads((ROOT / "backends" / "pyproject.toml").read_text("utf-8"))


def named(requirement: str) -> str:
    """The name in "errbot>=6.2.1", as package indexes spell it."""
    return re.split(r"[=<>! \[]", requirement)[0].casefold().replace("_", "-")


def pinned() -> dict[str, str]:
    """The version of each package that the desk itself runs on."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return {named(line): line.partition("==")[2] for line in lines if "==" in line}


DECLARED = sorted(map(named, PROJECT["project"]["dependencies"]))
NEEDED_TO_LOAD = ["msgspec"]
LATER = sorted({*DECLARED} - {"errbot", *NEEDED_TO_LOAD})


def lowest_errbot() -> str:
    return next(one for one in PROJECT["project"]["dependencies"] if named(one) == "errbot").partition(">=")[2]


@pytest.mark.parametrize("file", PLUGS, ids=lambda file: file.stem)
def test_a_plugin_names_the_versions_it_needs_and_says_what_it_is_for(file: Path) -> None:
    told = configparser.ConfigParser()
    told.read(file, "utf-8")
    assert told["Python"]["Version"] == PROJECT["project"]["requires-python"].removeprefix(">=") + ".0"
    assert told["Errbot"]["Min"] == lowest_errbot() == pinned()["errbot"]
    assert told["Documentation"]["Description"].endswith(".")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_a_plugin_needs_stands_beside_it_by_name_alone(folder: Path) -> None:
    """Errbot looks for a package by the whole line, so that one with a version in it would never be found.

    It loads the plugins in any order, each once what stands beside it is there, and starts them when all are loaded:
    what is first needed then stands beside one of them alone, as Errbot goes through each list twice with every start.
    """
    needed = (folder / "requirements.txt").read_text("utf-8").splitlines()
    assert needed == (DECLARED if folder.name == "desk" else NEEDED_TO_LOAD)


LOADED = """
import builtins, importlib.util, sys
import errbot.botplugin, errbot.templating

found = builtins.__import__
missing = set(sys.argv[3:])

def import_(name, globals=None, locals=None, fromlist=(), level=0):
    by = (globals or {}).get("__name__", "")
    if not level and name.partition(".")[0] in missing and by.startswith(("opsdesk", "errbot.plugins")):
        raise ModuleNotFoundError(name)
    return found(name, globals, locals, fromlist, level)

builtins.__import__ = import_
sys.path.append(sys.argv[1])
for name in sys.argv[2].split():
    spec = importlib.util.spec_from_file_location(f"errbot.plugins.{name}", f"{sys.argv[1]}/{name}/{name}.py")
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    print(name)
"""


def test_plugins_are_loaded_with_nothing_but_what_all_of_them_name() -> None:
    missing = [module for module, of in packages_distributions().items() if set(map(named, of)) & set(LATER)]
    names = [folder.name for folder in FOLDERS]
    command = [sys.executable, "-c", LOADED, str(ROOT / "plugins"), " ".join(names), *missing]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == names, done.stderr


def imported() -> Iterator[str]:
    """The packages that the plugins and the library import, but for the Slack wing, which is the backend's."""
    distributions = packages_distributions()
    for path in (ROOT / "plugins").rglob("*.py"):
        if (ROOT / "plugins" / "opsdesk" / "slack") not in path.parents:
            for module in modules(ast.parse(path.read_text("utf-8"))):
                yield from (named(one) for one in distributions.get(module, []))


def modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
        yield from (found for name in names if (found := name.partition(".")[0]) not in sys.stdlib_module_names)


BROUGHT_ALONG = {"flask", "urllib3", "werkzeug"}  # by errbot and datadog-api-client
BY_PYTHON_ITSELF = {"tzdata"}  # imported by zoneinfo, where a machine has no zones of its own


def test_everything_that_is_imported_is_declared_and_nothing_else() -> None:
    needed = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["postgres"]]
    declared = {named(one) for one in needed}
    assert set(imported()) - BROUGHT_ALONG == declared - BY_PYTHON_ITSELF
    assert declared <= set(pinned())


def test_every_plugin_is_in_the_package() -> None:
    sources: dict[str, Any] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"]
    assert {f"plugins/{folder.name}" for folder in FOLDERS} | {"plugins/opsdesk", "data"} == set(sources)


def test_the_slack_backend_is_of_the_desk_s_version() -> None:
    assert SLACK_DESK["project"]["version"] == VERSION
    assert f"{PROJECT['project']['name']}=={VERSION}" in SLACK_DESK["project"]["dependencies"]


def test_the_readme_tells_the_same_versions() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"Any Errbot from {lowest_errbot()} on, on Python 3.11 to 3.13, can have the desk" in readme
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8")
    assert 'python: ["3.11", "3.12", "3.13"]' in workflow
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_the_lock_holds_every_requirement_as_it_is_pinned_by_its_hash_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    locked = {named(line): line.split()[0].partition("==")[2] for line in lock.splitlines()}
    assert {name: locked.get(name) for name in pinned()} == pinned(), "make lock"
    assert all("--hash=sha256:" in line for line in lock.splitlines())
    assert "://" not in lock
