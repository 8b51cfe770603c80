"""Conversations about the board, and the board read over HTTP by the link that was given."""

import http.client
import re
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tests.patience import LONG
from tests.ports import free_port

pytestmark = pytest.mark.usefixtures("team")


@pytest.fixture
def served(environment):
    """The desk's web server on this machine, where it gives links."""
    environment |= {"DESK_WEB": f"127.0.0.1:{free_port()}", "DESK_WEB_ACCESS": "links"}
    environment["DESK_WEB_URL"] = f"http://{environment['DESK_WEB']}"
    return environment["DESK_WEB_URL"]


def read(address, browser=None, **headers):
    """The status, where it led, and the page."""
    asked = urllib.request.Request(address, headers=headers)
    try:
        with (browser or urllib.request.build_opener()).open(asked, timeout=LONG) as answer:
            return answer.status, answer.url, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.url, refused.read().decode()


def test_the_board_is_read_by_a_link_until_it_is_revoked(start, served):
    talk = start()
    talk("!incident open VistA <timeouts> --sev 2")
    told = talk("!desk board")
    link = re.search(r"http\S+", told)[0]
    assert re.sub("link=[a-z]{70,}", "link=…", told) == (
        f"The board: {served}/board/enter?link=…\n"
        "Open it by 1:27pm: that browser may read for 12 hours then. Nothing can be changed there. The link is yours "
        "alone. `!desk board revoke` ends it."
    )
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    status, where, page = read(link, browser)
    assert (status, where) == (200, f"{served}/board")
    assert "#1 VistA &lt;timeouts&gt;" in page
    assert read(f"{served}/board/incident/1", browser)[0] == 200
    assert read(f"{served}/board")[0] == read(f"{served}/board/incident/1")[0] == 404
    talk("!desk board revoke")
    assert read(f"{served}/board", browser)[::2] == read(link)[::2] == (404, "")


def test_a_request_that_was_handed_on_is_known_by_what_a_proxy_adds(start, environment):
    environment["DESK_WEB"] = place = f"127.0.0.1:{free_port()}"
    start()
    address = f"http://{place}/board"
    assert read(address)[0] == read(f"{address}/incidents")[0] == 200
    for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"):
        assert read(address, **{name: "203.0.113.9"})[::2] == (404, "")
    assert read(address, Host="desk.example")[::2] == (404, "")


def test_nothing_can_be_changed_there(start, environment):
    environment["DESK_WEB"] = place = f"127.0.0.1:{free_port()}"
    start()
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        connection = http.client.HTTPConnection(place, timeout=LONG)
        connection.request(method, "/board/incidents", b"title=x")
        assert connection.getresponse().status == 405
        connection.close()


def test_where_there_is_no_board_it_is_said(start, served, environment):
    del environment["DESK_WEB"]
    assert start()("!desk board") == (
        "The desk has no board here. Whoever runs it can have it: DESK_WEB says where it listens."
    )
