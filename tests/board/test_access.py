"""Who may read the board: nobody else gets a word, not even that it is there."""

import pytest

from opsdesk import guard
from opsdesk.access import KnownStanding, Standing
from opsdesk.board import access
from opsdesk.board.visitors import AT_ONCE, EACH
from opsdesk.errors import SettingsError, UserError
from opsdesk.posts import PostStep
from tests.board.stage import ADDRESS, ALICE, BOB, EVE, LINKS, LOCAL, WEB, Readers, readers

NOTHING = (b"", 404)
AWAY = {"host": "desk.example"}
PROXY, STRANGER = "10.0.0.5", "10.0.0.6"
HANDED_ON = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "via", "x-real-ip")
PATHS = (
    *("../board", "..", "./", "/", "//", "incidents/", "INCIDENTS", "incident/0", "incident/01", "incident/1/../2"),
    *("incident/99999999", "incident/1\n", "incident/١", "board.py", "../board.py", "templates/base.html"),
    *("%2e%2e/board.py", "..\\board.py", "chart/../board.py", "board.css\x00", "metrics", "oncall.ics"),
    *("day/today", "day/2026-1-1", "alerts/0000-00-00"),
)
NAMED = LINKS | {"DESK_WEB_ACCESS": f"X-Auth-Request-Email from {PROXY}; metrics from 10.0.0.9"}


def answered(board: Readers, page: str = "", **more):
    body, status, headers = board.ask(page, **more)
    assert headers["Cache-Control"] == "no-store"
    return body, status


def test_without_a_setting_it_is_read_on_its_own_machine_alone(board: Readers):
    for host in ("127.0.0.1:3141", "localhost", "LOCALHOST:80", "[::1]:3141", "127.8.0.1"):
        assert board.ask(headers={"host": host})[1] == 200, host
    assert board.ask(peer="::1")[1] == 200
    assert board.ask(peer="::ffff:127.0.0.1")[1] == 200


@pytest.mark.parametrize(
    "more",
    [
        {"peer": "203.0.113.9"},
        {"headers": {"host": "desk.example"}},  # a name that leads here, or a proxy that keeps it
        {"headers": {"host": "127.0.0.1.evil.example"}},
        {"headers": {"host": ""}},
        {"headers": {}},
        *({"headers": LOCAL | {name: "203.0.113.9"}} for name in HANDED_ON),
        {"headers": LOCAL | {"x-forwarded-for": "127.0.0.1"}},
        {"headers": {"host": "127.0.0.1", "x-auth-request-email": "alice@desk.example"}, "peer": "203.0.113.9"},
    ],
)
def test_behind_a_proxy_everybody_is_loopback_and_nobody_is_let_in(board: Readers, more):
    for page in ("", "incidents", "board.css", "enter", "nothing", "chart/today.png"):
        assert answered(board, page, **more) == NOTHING, page


def test_where_people_reach_the_desk_from_elsewhere_its_own_machine_is_let_in_only_if_named(environment, clock):
    with readers(environment | WEB | {"DESK_WEB_URL": ADDRESS}, clock) as board:
        assert answered(board) == NOTHING
    with readers(environment | WEB | {"DESK_WEB_URL": ADDRESS, "DESK_WEB_ACCESS": "loopback"}, clock) as board:
        assert board.ask()[1] == 200
    with readers(environment | WEB | {"DESK_WEB_URL": "http://localhost:3141"}, clock) as board:
        assert board.ask()[1] == 200


def test_a_link_is_made_a_cookie_at_once_and_leads_away_from_its_address(linked: Readers):
    assert linked.status() == 404
    page = linked.link()
    body, status, headers = linked.ask(page, peer="203.0.113.9", headers=AWAY)
    assert (body, status, headers["Location"], headers["Referrer-Policy"]) == (b"", 303, "/board", "no-referrer")
    cookie, *kept = headers["Set-Cookie"].split("; ")
    assert kept == ["Path=/", "Max-Age=43200", "HttpOnly", "SameSite=Lax", "Secure"]
    assert cookie.startswith("__Host-desk_board=")
    cookies = dict([cookie.split("=", 1)])
    assert linked.status(cookies=cookies) == 200
    assert page.removeprefix("enter?link=") not in str(linked.ask(cookies=cookies))


def test_links_and_what_they_open_end(linked: Readers):
    page, cookies = linked.link(), linked.cookies()
    linked.clock.forward(minutes=14, seconds=59)
    assert linked.status(page) == 303
    linked.clock.forward(seconds=1)
    assert linked.status(page) == 404
    assert linked.status(cookies=cookies) == 200
    linked.clock.forward(hours=11, minutes=45)
    assert linked.status(cookies=cookies) == 404


def test_revoked_everything_of_that_person_ends_and_nothing_of_another(linked: Readers):
    page, alices, bobs = linked.link(), linked.cookies(), linked.cookies(BOB)
    assert linked.typed("revoke") == "Your links to the board open nothing any more, and whoever came in by one is out."
    assert (linked.status(page), linked.status(cookies=alices), linked.status(cookies=bobs)) == (404, 404, 200)
    assert linked.status(cookies=linked.cookies()) == 200


def test_each_request_asks_whether_its_person_may_still_read(linked: Readers, environment):
    alices, eves, page = linked.cookies(), linked.cookies(EVE), linked.link(EVE)
    permissions = linked.desk.settings.data_dir / "permissions.toml"
    permissions.write_text(f'[may]\nread = ["{ALICE.id}"]\n')
    assert (linked.status(cookies=alices), linked.status(cookies=eves), linked.status(page)) == (200, 404, 404)


def test_what_is_no_pass_of_that_kind_opens_nothing(linked: Readers):
    link, (name, cookie) = linked.link().removeprefix("enter?link="), *linked.cookies().items()
    packed, _, signature = cookie.partition("z")
    other = linked.link(BOB).removeprefix("enter?link=").partition("z")[0]
    wrong = [
        *("", "z", "zz", signature, packed, f"{packed}z", f"{packed}z{'a' * 32}", f"{other}z{signature}", link),
        *(cookie.upper(), f"{cookie} ", "ab" * 5_000, f"{'a' * 40}z{signature}", "é" * 30),
    ]
    assert [one for one in wrong if linked.status(cookies={name: one}) != 404] == []
    assert linked.status(cookies={"desk_board": cookie}) == 404
    for one in (cookie, f"{link[:-1]}{'a' if link[-1] != 'a' else 'b'}", link[1:], ""):
        assert linked.status(f"enter?link={one}") == 404
    assert linked.status(f"?link={link}") == 404


@pytest.mark.parametrize(
    "page",
    PATHS,
)
def test_paths_lead_to_pages_alone(board: Readers, page: str):
    board.open()
    assert answered(board, page) == NOTHING


def test_a_link_passes_the_masks_as_it_is(linked: Readers):
    told = linked.typed()
    assert guard.checked(told) == told == guard.clean(told)
    assert told.split("\n")[1] == (
        "Open it by 1:27pm: that browser may read for 12 hours then. Nothing can be changed there. The link is yours "
        "alone. `!desk board revoke` ends it."
    )


def test_a_link_is_in_no_log(linked: Readers, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch):
    caplog.set_level("DEBUG")
    page = linked.link()
    monkeypatch.setattr(linked.board, "_entered", lambda asked, at: 1 / 0)
    body, status, _ = linked.ask(page)
    assert (body, status) == (b"A mistake in the desk: it is in its log.", 500)
    assert "A request for the board met a mistake" in caplog.text
    assert page.removeprefix("enter?link=") not in caplog.text


def test_a_proxy_is_believed_from_its_own_address_alone(environment, clock):
    with readers(environment | NAMED, clock) as board:
        named = AWAY | {"x-auth-request-email": "Alice@Desk.example", "x-forwarded-for": "203.0.113.9"}
        assert board.ask(peer=PROXY, headers=named)[1] == 200
        assert board.ask(peer="::ffff:10.0.0.5", headers=named)[1] == 200
        assert answered(board, peer=STRANGER, headers=named) == NOTHING
        assert answered(board, peer="127.0.0.1", headers=LOCAL | named) == NOTHING
        assert answered(board, peer=PROXY, headers=AWAY) == NOTHING
        for told in ("", "alice", "a@b, eve@c", "a@b\t@c", "@", "a@b@c", "<a@b>"):
            assert answered(board, peer=PROXY, headers=named | {"x-auth-request-email": told}) == NOTHING, told
        (board.desk.settings.data_dir / "permissions.toml").write_text('[may]\nread = ["alice@desk.example"]\n')
        assert board.ask(peer=PROXY, headers=named)[1] == 200
        other = named | {"x-auth-request-email": "bob@desk.example"}
        assert answered(board, peer=PROXY, headers=other) == NOTHING
        assert answered(board, peer="10.0.0.9", headers=AWAY) == NOTHING  # the scraper's is for figures alone
        assert board.typed() == f"The board: {ADDRESS}/board, for whoever has signed in there."


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("everybody", "which is none of: links; X-Auth-Request-Email from 10.0.0.5"),
        ("X-Email from proxy.example", 'has "X-Email from proxy.example"'),
        ("X-Email", 'has "X-Email"'),
        ("X-Email from 10.0.0.5; X-Mail from 10.0.0.6", "names two headers"),
        ("links; metrics from", 'has "metrics from"'),
    ],
)
def test_a_setting_that_cannot_be_read_is_told(given: str, told: str):
    with pytest.raises(SettingsError, match="DESK_WEB_ACCESS") as wrong:
        access.read(WEB | {"DESK_WEB_ACCESS": given})
    assert told in str(wrong.value)


def test_networks_may_be_named():
    given = access.read(WEB | {"DESK_WEB_ACCESS": "X-Email from 10.0.0.0/24;X-Email from ::1; links"})
    assert [str(one) for one in given.proxies] == ["10.0.0.0/24", "::1/128"]
    assert (given.header, given.links, given.loopback) == ("x-email", True, False)


def test_who_asks_too_often_is_told_to_wait_and_nobody_else(linked: Readers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(linked.board._visitors._rate, "_now", lambda: 0.0)
    alices, bobs = linked.cookies(), linked.cookies(BOB)
    asked = [linked.status("incidents", cookies=alices) for _ in range(AT_ONCE + 20)]
    assert asked == [200] * (AT_ONCE - 1) + [429] * 21  # opening the link was the first
    assert linked.status("incidents", cookies=bobs) == 200
    monkeypatch.setattr(linked.board._visitors._rate, "_now", lambda: EACH)
    assert [linked.status("incidents", cookies=alices) for _ in range(2)] == [200, 429]


def test_strangers_are_limited_together_and_nobody_with_a_pass_on_their_account(
    linked: Readers, monkeypatch: pytest.MonkeyPatch
):
    for rate in (linked.board._visitors._rate, linked.board._visitors._strangers):
        monkeypatch.setattr(rate, "_now", lambda: 0.0)
    page, cookies = linked.link(), linked.cookies(BOB)
    for tried in ("", "enter", "enter?link=abcdz", "nothing"):
        linked.status(tried, cookies={"desk_board": "abcd"})
    assert [linked.status("incidents") for _ in range(AT_ONCE)] == [404] * (AT_ONCE - 4) + [429] * 4
    assert (linked.status(f"{page}a"), linked.status(page), linked.status(cookies=cookies)) == (429, 303, 200)
    assert answered(linked, headers=AWAY, peer=STRANGER) == NOTHING


def test_a_forged_pass_costs_the_store_nothing(linked: Readers, monkeypatch: pytest.MonkeyPatch):
    page, (name, cookie) = linked.link(), *linked.cookies().items()
    linked.clock.forward(minutes=16)  # after which the link is at its end
    monkeypatch.setattr(linked.desk.access.standings, "get", None)
    monkeypatch.setattr(linked.board._links._editions, "get", None)
    monkeypatch.setattr(linked.board._links._signer._keys, "get", None)
    assert (linked.status(page), linked.status(cookies={name: f"{cookie[:-1]}{'b' * 9}"})) == (404, 404)
    assert linked.status(cookies={name: cookie}) == 500  # which was asked of the store


def test_whom_a_proxy_names_is_whom_the_contacts_have_under_that_address(environment, clock):
    with readers(environment | NAMED, clock) as board:
        contacts, permissions = (board.desk.settings.data_dir / f"{name}.toml" for name in ("contacts", "permissions"))
        named = {"peer": PROXY, "headers": AWAY | {"x-auth-request-email": "Eve@desk.example"}}
        contacts.write_text(
            contacts.read_text() + f'\n[people.eve]\nname = "Eve"\nslack = "{EVE.id}"\nemail = "EVE@desk.example"\n'
        )
        permissions.write_text(f'[may]\nread = ["{EVE.id}"]\n')
        assert board.ask(**named)[1] == 200
        gone = KnownStanding(Standing.GONE.name, clock())
        board.desk.access.standings.change(None, EVE.id, lambda known: gone)
        assert answered(board, **named) == NOTHING
        permissions.write_text('[may]\nread = ["members", "eve@desk.example"]\n')
        assert answered(board, **named) == NOTHING


def test_where_no_links_are_given_it_is_said_what_to_do(board: Readers, environment, clock):
    assert board.typed() == "The board: http://127.0.0.1:3141/board, on the desk's own machine alone."
    with pytest.raises(UserError, match="`!desk board revoke` to end those you had"):
        board.typed("please")
    with readers(environment | {"DESK_STATE_DIR": environment["DESK_STATE_DIR"] + "-2"}, clock) as off:
        assert off.typed().startswith("The desk has no board here.")
    more = {"DESK_STATE_DIR": environment["DESK_STATE_DIR"] + "-3", "DESK_WEB_URL": ADDRESS}
    with readers(environment | WEB | more, clock) as closed:
        assert closed.typed().startswith("No links to the board are given here.")


def test_reading_changes_nothing(board: Readers):
    board.open()
    before = {path: path.read_bytes() for path in board.desk.settings.state_dir.rglob("*.json")}
    for page in ("", "incidents", "incident/1", "alerts", "counts", "oncall", "search?q=x", "day/2026-11-20"):
        board.page(page)
    assert {path: path.read_bytes() for path in board.desk.settings.state_dir.rglob("*.json")} == before
    record = board.desk.summary.commands.record(board.clock().date())
    assert [one.step for one in record.entries if one.step is not PostStep.NOTED] == []
