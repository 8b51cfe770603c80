"""What stands on the board's pages: what the chat answers, in its words, as HTML that nothing can break out of."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from opsdesk.alerts import Alert, AlertState, Source
from opsdesk.alerts.notification import Notification
from opsdesk.board import markup
from opsdesk.incidents import Change
from opsdesk.summary import answer_words
from tests.board.stage import ALICE, BOB, LINKS, LOCAL, Readers, readers, text_of
from tests.counts.stage import fill
from tests.oncall.stage import ROTATION_TOML

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}</main>"
PAGES = ("", "incidents", "incident/1", "alerts", "counts", "oncall", "search?q=script", "day/2026-11-20")


def test_today_tells_all_that_a_shift_is_told(board: Readers):
    board.open(severity=2, subsystem="vista")
    told = board.lines()
    for line in (
        "Monday, November 23, 2026",
        "On call: Alice until 8pm ET",
        "🔴 #1 VistA timeouts sev 2 · vista · owner Alice · less than a minute",
        "No alert today.",
        "The watch has nothing to look at: no Datadog keys are configured. !stats check says which.",
        "Next post: 8:00pm.",
        "As of 1:12pm ET",
    ):
        assert line in told
    assert "Times are America/New_York." in board.page()


def test_the_post_is_the_chats_to_the_word(board: Readers):
    board.open(severity=2)
    desk, at = board.desk, board.clock()
    said = answer_words.shown(desk.summary.commands.shown(date(2026, 11, 23), at), desk.zone)
    lines = [line.replace("*", "").removeprefix("• ").strip() for line in said.split("\n") if line]
    shown = board.lines()
    start = shown.index(lines[0])
    assert shown[start : start + len(lines)] == lines


def test_what_changes_is_shown_within_half_a_minute(board: Readers, monkeypatch: pytest.MonkeyPatch):
    board.open()
    monkeypatch.setattr(board.board._shelf, "_now", lambda: 0.0)
    before = board.lines("incidents")
    board.desk.incidents.log.resolve(1, Change(text="restarted"), at=board.clock(), by=BOB)
    assert board.lines("incidents") == before
    monkeypatch.setattr(board.board._shelf, "_now", lambda: 30.0)
    assert "Nothing is open. !incident list resolved shows what was." in board.lines("incidents")


def test_a_long_timeline_is_shown_in_pages_the_latest_first(board: Readers):
    board.open()
    for number in range(149):
        board.desk.incidents.log.note(1, Change(text=f"note {number}"), at=board.clock(), by=BOB)
    first, second = board.lines("incident/1"), board.lines("incident/1?page=2")
    assert "Timeline, page 1 of 2, the latest first" in first
    assert [line for line in first if "note" in line][-1] == "1:12pm Bob noted: note 148"
    assert (len([line for line in first if "note " in line]), len([line for line in second if "note " in line])) == (
        100,
        49,
    )
    assert board.lines("incident/1?page=99")[:-1] == second[:-1]


def test_the_rota_is_of_four_weeks(board: Readers):
    told = board.lines("oncall")
    assert [told[5], told[8], told[-2]] == [
        "Today Alice 1pm to 8pm",
        "Thu Nov 26 Thanksgiving Day",
        "Fri Dec 18 Alice 1pm to 8pm",
    ]


def test_one_part_that_cannot_be_told_keeps_no_other_back(board: Readers, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(board.desk.alerts.ledger), "day", broken)
    told = board.lines()
    assert "Unavailable: a mistake in the desk." in told
    assert "On call: Alice until 8pm ET" in told


def test_charts_are_those_of_the_chat_and_none_is_drawn_around_the_post(environment, clock, datadog):
    fill(datadog, "2026-11-23")
    clock.to("2026-11-23 19:50")
    with readers(environment | LINKS | {"DESK_WEB_ACCESS": "loopback"} | datadog.environment, clock) as board:
        assert "Check-in counts, midnight to 7:50pm ET, Monday November 23" in board.lines("counts")
        png, status, headers = board.ask("chart/today.png")
        assert (png[:8], status, headers["Content-Type"]) == (b"\x89PNG\r\n\x1a\n", 200, "image/png")
    clock.to("2026-11-23 20:00")
    with readers(environment | LINKS | {"DESK_WEB_ACCESS": "loopback"} | datadog.environment, clock) as board:
        assert "The charts are drawn again after the day's post." in board.lines("counts")
        assert board.ask("chart/today.png")[1] == 404


def notified(title: str) -> Notification:
    alert = Alert(
        source=Source.DATADOG,
        key=title,
        title=title,
        state=AlertState.TRIGGERED,
        at=datetime(2026, 11, 23, 18, 0, tzinfo=UTC),
        service=MARKUP,
        link="https://dd.example/?a=1&b='\"><b>",
        text=MARKUP,
    )
    return Notification(alert, title, "webhook", datetime(2026, 11, 23, 18, 0, tzinfo=UTC))


def test_no_field_of_anything_is_markup(environment, clock):
    with readers(environment | {"DESK_WEB": "127.0.0.1:3141"}, clock) as board:
        rotation = Path(environment["DESK_DATA_DIR"]) / "rotation.toml"
        rotation.write_text(ROTATION_TOML.replace('name = "Alice"', f"name = '''{MARKUP}'''"))
        by = type(ALICE)("U0<b>", MARKUP)
        log, at = board.desk.incidents.log, board.clock()
        board.open(MARKUP, subsystem=MARKUP, owner=by, reported_by=MARKUP, text=MARKUP)
        log.note(1, Change(text=MARKUP), at=at, by=by)
        log.link(1, Change(text='https://x.example/?q="><script>alert(1)</script>'), at=at, by=by)
        log.update(1, Change(text=MARKUP, severity=1), at=at, by=by)
        board.desk.alerts.ledger.take(notified(MARKUP))
        board.desk.summary.commands.note(MARKUP, by=by, at=at)
        for page in (*PAGES, f"search?q={MARKUP}"):
            body = board.page(page)
            assert body.count("<script") == 1, page  # the board's own
            assert body.count("</main>") == 1, page
            assert "<img src=x" not in body, page
            assert "<b>" not in body, page
            assert "49" not in body.partition("<main")[2].replace("#49", ""), page
        assert any("alert(1)" in line for line in board.lines("incident/1"))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*bold* and `a < b`", "<strong>bold</strong> and <code>a &lt; b</code>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("(see https://x.example/a?b=1&c=2).", None),
        ("javascript:alert(1) data:text/html,x", "javascript:alert(1) data:text/html,x"),
        ("#12, &#12; and a#1", '<a href="/board/incident/12">#12</a>, &amp;#12; and a#1'),
        ("<@U0ALICE> in <#C0LIVE|live>", "@Alice in #live"),
    ],
)
def test_the_chats_marks_are_the_boards(said: str, shown: str | None):
    made = markup.line(said, {"U0ALICE": "Alice"})
    assert isinstance(made, Markup)
    address = "https://x.example/a?b=1&amp;c=2"
    assert made == (shown or f'(see <a href="{address}" rel="noopener noreferrer">{address}</a>).')


def test_titles_call_people_and_channels_by_name(board: Readers):
    assert markup.plain("<@U0ALICE> in <#C0LIVE|live>", {"U0ALICE": "Alice"}) == "@Alice in #live"
    board.open("<@U0ALICE> cannot log in to <#C0LIVE|live>")
    called = "#1 @U0ALICE cannot log in to #live"  # nobody in the rotation has that id
    assert f"<title>{called} · The desk</title>" in board.page("incident/1")
    assert f"🔴 {called}" in board.lines("incident/1")
    assert any(called in line for line in board.lines("incidents"))


def test_private_data_is_masked_here_as_well(board: Readers):
    assert markup.line("SSN 219-09-9999") == markup.line("SSN [SSN]")


def test_nothing_is_kept_by_browsers_or_taken_from_elsewhere(board: Readers):
    for page in ("", "counts", "board.css"):
        headers = board.ask(page)[2]
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        policy = dict(one.strip().split(" ", 1) for one in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
    body = board.page()
    assert "style=" not in body
    assert "onclick" not in body
    assert "http://" not in body
    assert text_of(body)


def test_the_script_and_the_sheet_are_served_to_readers_alone(board: Readers):
    for asset, kind in (("board.css", "text/css"), ("board.js", "text/javascript")):
        body, status, headers = board.ask(asset)
        assert (status, headers["Content-Type"]) == (200, f"{kind}; charset=utf-8")
        assert body
        assert board.ask(asset, headers=LOCAL | {"x-forwarded-for": "203.0.113.9"})[1] == 404
