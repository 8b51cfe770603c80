"""The web server: on where DESK_WEB names a place, silent until the plugins are active."""

import socket
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest
from errbot import core_plugins
from flask import Flask, request

from opsdesk import web
from opsdesk.errors import SettingsError


@pytest.fixture(autouse=True)
def application(monkeypatch):
    """An application of this module's own: one that has answered takes no more routes."""
    monkeypatch.setattr(core_plugins, "flask_app", Flask("test"))


@pytest.fixture
def place():
    """Host and port of loopback that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return "{}:{}".format(*taken.getsockname())


def asked(place, path):
    try:
        with urllib.request.urlopen(f"http://{place}{path}", timeout=10) as answer:
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
    """How many bytes of a request are read; the status where it is refused."""
    try:
        with urllib.request.urlopen(urllib.request.Request(f"http://{place}/events", body), timeout=10) as answer:
            return int(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code


def test_a_request_has_no_endless_body(place):
    core_plugins.flask_app.add_url_rule("/events", view_func=lambda: str(len(request.get_data())), methods=["POST"])
    server = web.serve(place, object())
    try:
        sizes = (1_000, web.LARGEST, web.LARGEST + 1)
        assert [read_of(place, b"x" * size) for size in sizes] == [1_000, web.LARGEST, 413]
        assert read_of(place, iter([b"x" * web.LARGEST] * 2)) == web.LARGEST  # it does not say how long it is
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
    assert web.address("127.0.0.1:3141") == ("127.0.0.1", 3141)
    assert web.address("[::1]:3141") == ("::1", 3141)
    assert web.address("") is None


@pytest.mark.parametrize("told", ["3141", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:70000"])
def test_any_other_address_is_refused(told):
    with pytest.raises(SettingsError, match="DESK_WEB"):
        web.address(told)
