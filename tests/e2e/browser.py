"""People in front of Slack: its page in a headless Chromium, what they click there, and pictures of what they saw."""

import re
import shutil
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from opsdesk.slack.interactions import SLOW
from tests.browser import opened
from tests.e2e.page import mended
from tests.e2e.workspace import HERE, PATIENCE, Workspace

PICTURES = HERE / "screenshots"  # which git ignores
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 780}
LOOKS = {"wide-light": (WIDE, "light"), "narrow-dark": (NARROW, "dark")}


def pictures_of(request: pytest.FixtureRequest, slack: Workspace) -> Path:
    """An empty folder for the pictures of a test, of which the end of the run tells."""
    name = request.node.originalname.removeprefix("test_").replace("_", "-")
    folder = PICTURES / f"{name[:60].rstrip('-')}-{slack.mode}"
    shutil.rmtree(folder, ignore_errors=True)
    request.node.user_properties.append(("pictures", str(PICTURES)))
    return folder


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser, which reaches nothing but this machine."""
    expect.set_options(timeout=PATIENCE * 1000)
    with opened() as browser:
        yield browser


class Person:
    """Somebody who has Slack open on a screen of their own. Whatever they look for is waited for."""

    def __init__(self, browser: Browser, slack: Workspace, who: str, pictures: Path) -> None:
        self.slack, self.who, self._pictures = slack, who, pictures
        told: Any = {"viewport": WIDE, "reduced_motion": "reduce", "permissions": ["local-network-access"]}
        self._context = browser.new_context(**told)
        self._context.set_default_timeout(PATIENCE * 1000)
        self.page: Page = self._context.new_page()
        self.page.route(f"{slack.url}/", self._mend)
        self.page.goto(f"{slack.url}/")
        self.page.get_by_label("Act as").select_option(slack.people[who])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._context.close()

    # -- where they are --

    def goes_to(self, place: str) -> None:
        """Opens a channel, or "🏠 desk", the desk's Home tab."""
        self._item(place).click()
        self._item(place, ".active").wait_for()

    def reads_messages_of_the_desk(self) -> None:
        """Opens their direct messages with the desk."""
        self.slack.room_with(self.who)
        self.goes_to(self.who.title())

    def opens_thread(self, message: Locator) -> Locator:
        """Opens the thread below a message, and gives what is in it."""
        message.locator(".thread-summary").click()
        return self.page.locator(".thread-pane")

    def message(self, words: str, within: Locator | None = None) -> Locator:
        """The latest message that holds these words now, whatever it holds later."""
        shown = within or self.page.locator(".messages")
        ts = shown.locator(".msg").filter(has_text=words).last.get_attribute("data-ts")
        return shown.locator(f'.msg[data-ts="{ts}"]')

    # -- what they press and fill in --

    def presses(self, label: str, within: Locator | None = None) -> None:
        """Presses a button."""
        (within or self.page.locator(".main")).get_by_role("button", name=label, exact=True).click()

    def chooses(self, label: str, within: Locator) -> None:
        """Chooses from the menu of a message."""
        within.locator(".bk-overflow").select_option(label=label)

    def form(self, title: str) -> Locator:
        """The form that is shown."""
        form = self.page.locator(".modal").filter(has=self.page.locator(".modal-title", has_text=title))
        form.wait_for()
        return form

    def field(self, label: str) -> Locator:
        """What is filled in below a label."""
        named = self.page.locator(".bk-label").filter(has_text=re.compile(rf"^{re.escape(label)}( \(optional\))?$"))
        return self.page.locator(".modal .bk-input").filter(has=named).locator("input, textarea, select")

    def picks(self, option: str) -> None:
        """Picks one of a few that are all in sight."""
        self.page.locator(".modal .bk-options label").filter(has_text=option).locator("input").check()

    def sends(self) -> dict[str, str]:
        """Sends the form; what is wrong, by field, where it stays. Where they are told to, they send it again."""
        end = time.monotonic() + PATIENCE
        while True:
            before = self.page.evaluate("answered.times")
            self.page.locator(".modal .modal-btn.primary").click()
            self.page.wait_for_function("before => answered.times > before", arg=before)
            errors: dict[str, str] = self.page.evaluate("answered.errors") or {}
            if SLOW not in errors.values() or time.monotonic() > end:
                break
        expect(self.page.locator(".modal")).to_have_count(1 if errors else 0)
        return errors

    # -- what they see --

    def sees(self, name: str) -> None:
        """Keeps pictures of what they see: wide and light, narrow and dark."""
        self._pictures.mkdir(parents=True, exist_ok=True)
        number = len({one.name.partition("-")[0] for one in self._pictures.glob("*.png")}) + 1
        for look, (size, colours) in LOOKS.items():
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            self.page.evaluate(
                "document.querySelectorAll('.messages, .thread-body').forEach(e => e.scrollTop = e.scrollHeight)"
            )
            self.page.mouse.move(0, 0)
            self.page.screenshot(path=self._pictures / f"{number:02}-{name}-{look}.png")
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="light")

    def _item(self, place: str, more: str = "") -> Locator:
        named = re.compile(rf"^\W*{re.escape(place.removeprefix('🏠 '))}$")
        return self.page.locator(f".sidebar-item{more}").filter(has_text=named)

    def _mend(self, route: Route, *_: Any) -> None:
        with urllib.request.urlopen(route.request.url, timeout=PATIENCE) as answer:
            route.fulfill(body=mended(answer.read().decode()), content_type="text/html; charset=utf-8")
