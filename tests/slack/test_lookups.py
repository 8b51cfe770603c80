"""Names are asked for once, and waited for no longer than patience lasts."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from opsdesk.chat.chat import Person
from tests.patience import LONG
from tests.slack.stage import BOB, Fault


@pytest.mark.parametrize("named", [f"<@{BOB}>", "@rsmith", "Bob Smith", "@bob smith"])
def test_people_are_known_by_mention_and_by_name(chat, named):
    assert chat.person(named) == Person(BOB, "Bob Smith")


def test_nobody_goes_by_an_unknown_name(chat):
    assert chat.person("@nobody") is None


def test_a_name_is_asked_for_once_by_twenty_threads(web, slack):
    with ThreadPoolExecutor(20) as pool:
        names = list(pool.map(web.lookups.name, [BOB] * 20))
    assert names == ["Bob Smith"] * 20
    assert slack.calls.count("users.info") == 1


def test_a_changed_name_is_asked_for_again(web, slack):
    web.lookups.name(BOB)
    web.lookups.forget(BOB)
    web.lookups.name(BOB)
    assert slack.calls.count("users.info") == 2


def test_a_name_that_slack_does_not_tell_is_the_id(web, slack, waits):
    slack.faults["users.info"] = [Fault.BROKEN] * 20
    assert web.lookups.name(BOB) == BOB
    assert 60 < sum(waits.lengths) <= 120
    slack.faults.clear()
    assert web.lookups.name(BOB) == "Bob Smith"


def test_a_name_that_slack_does_not_tell_is_waited_for_no_longer_by_twenty_threads(web, slack, waits):
    slack.faults["users.info"] = [Fault.BROKEN] * 400
    together = threading.Barrier(20)

    def name(user):
        together.wait(LONG)
        return web.lookups.name(user)

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(name, [BOB] * 20)) == {BOB}
    assert sum(waits.lengths) <= 120


def test_a_stranger_goes_by_the_id_and_is_not_asked_for_again(web, slack):
    assert [web.lookups.name("U0STRANGER")] * 2 == ["U0STRANGER", web.lookups.name("U0STRANGER")]
    assert slack.calls.count("users.info") == 1
