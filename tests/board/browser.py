"""A Chromium without a window, in which the board is looked at; it reaches nothing but this machine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium, opened
from tests.conftest import ROOT
from tests.patience import LONG

AXE = ROOT / "tests" / "e2e" / "node_modules" / "axe-core" / "axe.min.js"


def needed() -> None:
    """Without a Chromium, or without axe, skips the test; where that is required, fails it."""
    path = chromium()
    if not path or not AXE.exists():
        lacks = "no Chromium is installed (apt-get install chromium)" if not path else "axe-core is not installed (npm)"
        (pytest.fail if os.environ.get("DESK_E2E") == "required" else pytest.skip)(lacks)


@contextmanager
def browsing() -> Iterator[Browser]:
    """The browser."""
    needed()
    with opened() as browser:
        yield browser


def complaints(page: Page) -> list[str]:
    """What axe finds wrong with a page, and what does not fit its width."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    told = [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]
    return [*told, *([f"wider than the screen by {wide}"] if wide > 0 else [])]


def pictures(request: pytest.FixtureRequest) -> Path:
    """The folder for pictures of what was seen, which git ignores."""
    folder = ROOT / "tests" / "e2e" / "screenshots" / "board"
    folder.mkdir(parents=True, exist_ok=True)
    request.node.user_properties.append(("pictures", str(folder.parent)))
    return folder


def patient(page: Page) -> Page:
    """The page, on which whatever is looked for is waited for."""
    page.set_default_timeout(LONG * 1000)
    return page
