"""The web server: on where DESK_WEB names a place, silent until the plugins are active."""

import socket
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest
from errbot import core_plugins
from flask import Flask, request

from opsdesk import web
from opsdesk.errors import SettingsError
from opsdesk.web import server as web_server
from opsdesk.web.serving import address
from tests.patience import LONG, until
from tests.ports import free_port


@pytest.fixture(autouse=True)
def application(monkeypatch):
    """An application of this module's own: one that has answered takes no more routes."""
    monkeypatch.setattr(core_plugins, "flask_app", Flask("test"))


@pytest.fixture
def place():
    """Host and port of loopback that nobody listens on."""
    return f"127.0.0.1:{free_port()}"


def asked(place, path):
    try:
        with urllib.request.urlopen(f"http://{place}{path}", timeout=LONG) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.mark.parametrize(("started", "status"), [(True, 404), (False, 503)])
def test_requests_reach_the_plugins_once_they_are_active(place, started, status):
    server = web.serve(place, SimpleNamespace(desk_started=lambda seconds: started))
    try:
        assert asked(place, "/nothing-is-here") == status
    finally:
        server.close()


def read_of(place, body):
    """How many bytes of a request are read; "refused" where they are too many, whether that is read or not."""
    try:
        with urllib.request.urlopen(urllib.request.Request(f"http://{place}/events", body), timeout=LONG) as answer:
            return int(answer.read())
    except urllib.error.HTTPError as refused:
        return "refused" if refused.code == 413 else f"status {refused.code}"
    except (urllib.error.URLError, ConnectionError):  # the server hangs up on whoever goes on sending
        return "refused"


def test_a_request_has_no_endless_body(place):
    core_plugins.flask_app.add_url_rule("/events", view_func=lambda: str(len(request.get_data())), methods=["POST"])
    server = web.serve(place, object())
    try:
        sizes = (1_000, web_server.LARGEST, web_server.LARGEST + 1)
        assert [read_of(place, b"x" * size) for size in sizes] == [1_000, web_server.LARGEST, "refused"]
        assert read_of(place, iter([b"x" * web_server.LARGEST] * 2)) == "refused"  # it does not say how long it is
    finally:
        server.close()


def test_without_an_address_nothing_is_served():
    assert web.serve("", object()) is None


def test_a_place_that_is_taken_is_told(place):
    server = web.serve(place, object())
    try:
        with pytest.raises(SettingsError, match=f"DESK_WEB is {place}, where this machine cannot listen now"):
            web.serve(place, object())
    finally:
        server.close()


def test_a_closed_server_gives_its_place_back(place):
    web.serve(place, object()).close()
    web.serve(place, object()).close()


def test_the_web_server_s_address_is_host_and_port():
    assert address("127.0.0.1:3141") == ("127.0.0.1", 3141)
    assert address("[::1]:3141") == ("::1", 3141)
    assert address("") is None


@pytest.mark.parametrize("told", ["3141", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:70000"])
def test_any_other_address_is_refused(told):
    with pytest.raises(SettingsError, match="DESK_WEB"):
        address(told)


def heard(place, *sent):
    """What the server says to these bytes, up to when it hangs up; each piece is sent once the last was."""
    host, port = place.split(":")
    with socket.create_connection((host, int(port)), timeout=LONG) as line:
        for piece in sent:
            line.sendall(piece)
        return b"".join(iter(lambda: line.recv(65_536), b"")).decode()


def test_the_server_does_not_say_what_it_is(place):
    server = web.serve(place, object())
    try:
        answers = [
            heard(place, b"GET /nothing HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n"),
            heard(place, b"BOGUS\r\n\r\n"),
            heard(place, b"GET / HTTP/1.1\r\nX: " + b"x" * web_server.LARGEST_HEAD + b"\r\n\r\n"),
        ]
    finally:
        server.close()
    assert [answer.split()[1] for answer in answers] == ["404", "400", "431"]
    said = "".join(answers).casefold()
    assert not [word for word in ("server:", "via:", "waitress", "werkzeug", "flask", "python") if word in said]


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nX: y", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"])
def test_a_request_that_never_ends_is_hung_up_on(place, monkeypatch, begun):
    monkeypatch.setattr(web_server, "WHOLE", 0.0)
    monkeypatch.setattr(web_server, "IDLE", 0)
    server = web.serve(place, object())
    try:
        assert heard(place, begun) == ""
    finally:
        server.close()


def test_a_clock_that_is_set_back_keeps_no_idle_connection(place, monkeypatch):
    monkeypatch.setattr(web_server, "IDLE", 1)
    ahead = {"by": 10_000.0}
    for module in ("server", "channel"):
        monkeypatch.setattr(f"waitress.{module}.time", SimpleNamespace(time=lambda: time.time() + ahead["by"]))
    server = web.serve(place, object())
    host, port = place.split(":")
    try:
        with socket.create_connection((host, int(port)), timeout=LONG) as line:
            until(lambda: server._listeners[0].active_channels, "the connection")
            ahead["by"] = 0.0
            assert line.recv(1) == b""
    finally:
        server.close()


def trickle(line):
    """Sends a byte after the other for as long as the line is there."""
    while True:
        line.sendall(b"x")


def test_a_request_that_trickles_is_hung_up_on_though_something_comes_all_the_time(place, monkeypatch):
    monkeypatch.setattr(web_server, "WHOLE", 0.5)
    server = web.serve(place, object())
    host, port = place.split(":")
    try:
        with socket.create_connection((host, int(port)), timeout=LONG) as line, pytest.raises(ConnectionError):
            trickle(line)
    finally:
        server.close()


def test_more_connections_than_the_server_takes_wait_until_others_are_hung_up_on(place, monkeypatch):
    monkeypatch.setattr(web_server, "CONNECTIONS", 5)
    monkeypatch.setattr(web_server, "WHOLE", 0.5)
    server = web.serve(place, object())
    host, port = place.split(":")
    half = [socket.create_connection((host, int(port)), timeout=LONG) for _ in range(6)]
    try:
        for line in half:
            line.sendall(b"GET / HTTP/1.1\r\n")
        assert asked(place, "/nothing-is-here") == 404
    finally:
        for line in half:
            line.close()
        server.close()


def test_a_mistake_in_what_answers_is_told_to_nobody_outside(place):
    core_plugins.flask_app.add_url_rule("/mistake", view_func=lambda: 1 // 0)
    server = web.serve(place, object())
    try:
        answer = heard(place, b"GET /mistake HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n")
    finally:
        server.close()
    assert answer.split()[1] == "500"
    assert "ZeroDivision" not in answer
    assert "Traceback" not in answer


def is_answered(place, path):
    try:
        return asked(place, path) == 200
    except OSError:  # hung up on as idle: it came slowly
        return False


def test_whoever_takes_no_answer_holds_up_nobody(place, monkeypatch):
    monkeypatch.setattr(web_server, "THREADS", 1)
    monkeypatch.setattr(web_server, "IDLE", 1)
    core_plugins.flask_app.add_url_rule("/large", "large", lambda: b"x" * 1_000_000)
    core_plugins.flask_app.add_url_rule("/small", "small", lambda: "small")
    server = web.serve(place, object())
    host, port = place.split(":")
    try:
        with socket.create_connection((host, int(port)), timeout=LONG) as line:
            line.sendall(b"GET /large HTTP/1.1\r\nHost: desk\r\n\r\n" * 40)
            assert any(is_answered(place, "/small") for _ in range(3))
    finally:
        server.close()
