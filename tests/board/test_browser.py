"""The board in a browser: on phone, desk, wall and paper, light and dark, by axe, by keyboard, kept up to date."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, Page, expect

from opsdesk import web
from opsdesk.board import asked_of
from opsdesk.board.asked import NOTHING
from opsdesk.incidents import Change
from tests.board.browser import browsing, complaints, patient, pictures
from tests.board.stage import ALICE, BOB, WEB, Readers, readers
from tests.board.test_pages import MARKUP, notified
from tests.counts.stage import fill
from tests.ports import free_port

PAGES = ("", "/incidents", "/incident/2", "/incident/9", "/alerts", "/counts", "/oncall", "/search?q=vista")
PAGES += ("/day/2026-11-20",)
SIZES = {"phone": (360, 740), "desk": (1280, 900), "wall": (2560, 1440)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture
def board(environment, clock, datadog) -> Iterator[Readers]:
    """A desk in the middle of a shift."""
    fill(datadog, "2026-11-23")
    clock.to("2026-11-20 14:00")
    with readers(environment | WEB | datadog.environment, clock) as board:
        log = board.desk.incidents.log
        board.open("Travel claims rejected", subsystem="btsss", owner=BOB)
        clock.to("2026-11-23 13:12")
        board.open("VistA timeouts on pre-check-in", severity=2, subsystem="vista", owner=ALICE)
        log.update(2, Change(text="two sites, `vista-api` is looking", status="identified"), at=clock(), by=BOB)
        log.note(2, Change(text=MARKUP), at=clock(), by=BOB)
        log.note(2, Change(text="W" * 300), at=clock(), by=BOB)
        board.desk.alerts.ledger.take(notified("[Prod] vista-api RPC socket timeouts"))
        board.desk.summary.commands.note("Watch the VEText backlog", by=ALICE, at=clock())
        clock.to("2026-11-23 15:42")
        yield board


@pytest.fixture
def address(board: Readers, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the board is served, on the desk's own web server."""
    application = Flask("board")
    application.add_url_rule("/board", "first", lambda: board.board.answer(asked_of(request)))
    application.add_url_rule("/board/<path:page>", "page", lambda page: board.board.answer(asked_of(request, page)))
    monkeypatch.setattr("errbot.core_plugins.flask_app", application)
    monkeypatch.setattr(board.board._visitors._rate, "_at_once", 1_000)
    server = web.serve(place := f"127.0.0.1:{free_port()}", object())
    yield f"http://{place}/board"
    server.close()


def opened(browser: Browser, size: str, scheme: Any = "light") -> Page:
    width, height = SIZES[size]
    return patient(browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme))


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desk", "light")])
def test_axe_finds_nothing_on_any_page_and_each_fits(browser, address, size, scheme, request):
    folder, page = pictures(request), opened(browser, size, scheme)
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("dialog", lambda dialog: refused.append(dialog.message))
    found = {}
    for where in PAGES:
        page.goto(address + where)
        name = where.strip("/").partition("?")[0].replace("/", "-") or "today"
        page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=True)
        found[where] = complaints(page)
    assert (found, refused) == ({where: [] for where in PAGES}, [])
    page.close()


def test_on_a_wall_it_is_read_from_afar(browser, address, request):
    page = opened(browser, "wall", "dark")
    page.goto(address)
    page.screenshot(path=pictures(request) / "today-wall-dark.png")
    assert complaints(page) == []
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 22
    page.close()


def test_on_paper_it_is_a_shift_report(browser, address, request):
    page = opened(browser, "desk", "dark")
    page.goto(address)
    page.emulate_media(media="print", color_scheme="light")
    page.screenshot(path=pictures(request) / "today-print.png", full_page=True)
    for gone in ("nav", "form", "button", ".days"):
        expect(page.locator(gone).first).to_be_hidden()
    for shown in ("Open incidents", "Alerts today", "The watch", "The post, as it would be now"):
        expect(page.get_by_role("heading", name=shown)).to_be_visible()
    expect(page.get_by_text("Times are America/New_York.")).to_be_visible()
    page.close()


def test_with_the_keyboard_alone_one_comes_past_the_menu_to_a_page(browser, address):
    page = opened(browser, "phone")
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To what it says")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="#2 VistA timeouts on pre-check-in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("#2 VistA timeouts on pre-check-in")
    page.get_by_label("Search incidents").fill("claims")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("#1 Travel claims rejected")
    page.close()


def test_it_is_brought_up_to_date_in_its_place_and_can_be_paused(browser, address, board: Readers):
    page = opened(browser, "phone")
    page.clock.install()
    page.goto(f"{address}/incidents")
    page.evaluate("scrollTo(0, 40)")
    board.open("Check-ins stopped", severity=1)
    board.board._shelf._made.clear()
    page.clock.run_for(31_000)
    expect(page.get_by_role("main")).to_contain_text("Check-ins stopped")
    page.get_by_role("button", name="Pause updates").click()
    board.open("VEText late")
    board.board._shelf._made.clear()
    page.clock.run_for(120_000)
    expect(page.get_by_role("main")).not_to_contain_text("VEText late")
    page.get_by_role("button", name="Go on updating").click()
    page.clock.run_for(31_000)
    expect(page.get_by_role("main")).to_contain_text("VEText late")
    page.close()


def test_a_reader_who_may_read_no_more_is_told_that_the_page_is_old(browser, address, board: Readers, monkeypatch):
    page = opened(browser, "desk")
    page.clock.install()
    page.goto(address)
    monkeypatch.setattr(board.board._visitors, "admitted", lambda asked, at: NOTHING)
    page.clock.run_for(31_000)
    expect(page.get_by_role("status")).to_have_text("This page is no longer brought up to date: load it again.")
    page.close()


def test_without_scripts_everything_is_read(browser, address):
    page = patient(browser.new_context(java_script_enabled=False).new_page())
    page.goto(address)
    expect(page.get_by_role("heading", name="Open incidents")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()
    page.context.close()
