"""Whoever types private data is told so, alone; whoever cannot act here is given nothing."""

import pytest

from opsdesk.chat import Person
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.private import tell_of_private_data
from tests.slack.stage import ALICE, BOB, DESK, GENERAL, PEOPLE, Fault, typed


def test_whoever_typed_private_data_is_asked_alone_to_delete_it(web, slack):
    tell_of_private_data(web, typed("!incident note 1 veteran 987-65-4320, 202-555-0123").extras["slack_event"])
    assert [(one["channel"], one["user"], one["text"]) for one in slack.alone] == [
        (
            GENERAL,
            ALICE,
            "Your message holds private data (Social Security numbers, phone numbers). I keep and repeat it as [SSN], "
            "[phone], but your message still shows it: please delete it, and write it again without.",
        )
    ]
    assert slack.shown(GENERAL) == []


def test_nobody_is_told_of_what_is_not_private(web, slack):
    tell_of_private_data(web, typed("!incident note 1 monitor 111830 is quiet").extras["slack_event"])
    assert slack.alone == []


def test_a_warning_that_slack_refuses_ends_nothing(web, slack):
    slack.faults["chat.postEphemeral"] = [Fault.GONE]
    tell_of_private_data(web, typed("dob 01/02/1950").extras["slack_event"])
    assert slack.alone == []


@pytest.mark.parametrize("flag", ["deleted", "is_bot", "is_restricted", "is_stranger", "is_unknown"])
def test_whoever_cannot_act_here_is_nobody_to_give_anything_to(chat, monkeypatch, flag):
    monkeypatch.setitem(PEOPLE, "U0GONE", {"id": "U0GONE", "name": "gone", flag: True})
    assert chat.person("<@U0GONE>") is None
    assert chat.person(f"<@{ALICE}>") is not None


def test_the_desk_and_a_guest_of_the_same_name_are_nobody_to_give_anything_to(chat, monkeypatch):
    assert chat.person(f"<@{DESK}>") is None
    monkeypatch.setitem(PEOPLE, "U0GUEST", {"id": "U0GUEST", "name": "rsmith", "is_restricted": True})
    assert chat.person("@rsmith") == Person(BOB, "Bob Smith")


def test_who_can_act_is_asked_of_whoever_knows_more_than_slack_says(web):
    chat = SlackChat(web, can_act=lambda user: user["id"] == BOB)
    assert [chat.person(f"<@{one}>") for one in (ALICE, BOB)] == [None, Person(BOB, "Bob Smith")]
