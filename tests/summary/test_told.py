"""Whoever can do something about a summary hears of it at once, with what to do."""

from datetime import date, timedelta

import pytest

from opsdesk.chat.chat import SendError
from opsdesk.summary.notice_words import UNHEARD
from tests.chat.stage import REFUSED, Message, failing
from tests.oncall.stage import eastern
from tests.summary.stage import Team

MONDAY = date(2026, 11, 23)
SECOND = timedelta(seconds=1)
ADMIN = "U0ADMIN"
HEAD = "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)"
OTHERS = {"key": "summary:2026-11-23", "record": "another desk's", "version": "theirs"}


@pytest.fixture
def team(team: Team) -> Team:
    team.admins = [ADMIN]
    team.restart("2026-11-23 19:45")
    return team


def room_refuses(team: Team, until: str, reason: SendError = REFUSED):
    def refuse(call: str) -> None:
        if call == "post" and team.posts.at < eastern(until) and team.others.at < team.posts.at:
            raise reason

    return refuse


def test_a_refusal_that_stays_is_told_at_once_with_the_text_to_paste_and_again_when_it_is_over(team):
    team.channel.before = room_refuses(team, "2026-11-23 20:05", SendError("is_archived"))
    team.run("2026-11-23 20:00", "2026-11-23 20:00:05", step=SECOND)
    for person in ("U0ALICE", ADMIN):
        (told,) = team.channel.texts(person)
        assert told.startswith(
            "The post of Monday, November 23, 2026 is *not posted yet*: is_archived. Somebody has to mend that: the "
            f"desk goes on trying until 8:30pm.\nIf it cannot be mended by then, here is its text to paste:\n\n{HEAD}\n"
        )
    team.run("2026-11-23 20:00:06", "2026-11-23 20:10", step=SECOND)
    link = team.day_post.record(MONDAY).proof.permalink
    for person in ("U0ALICE", ADMIN):
        assert team.channel.texts(person)[1:] == [
            f"The post of Monday, November 23, 2026 was posted after all: nothing is to be pasted. {link}"
        ]


def test_whoever_has_the_text_to_paste_hears_that_it_was_posted_by_hand_after_all(team):
    team.channel.before = room_refuses(team, "2026-11-23 20:35")
    team.run("2026-11-23 20:00", "2026-11-23 20:40")
    team.day_post.post_now("", eastern("2026-11-23 20:45"))
    team.run("2026-11-23 20:46", "2026-11-23 20:50")
    assert len(team.posted) == 1
    for person in ("U0ALICE", ADMIN):
        told = team.channel.texts(person)
        for text, words in zip(told, ("is *not posted yet*", "was *not posted*", "was posted after all"), strict=True):
            assert words in text


def test_whoever_was_told_that_it_is_not_known_hears_that_it_was_found(team):
    team.channel.after = failing("post", SendError("no answer", retry_after=SECOND, unclear=True))
    team.channel.before = failing("find", None, *[SendError("no answer", retry_after=SECOND, unclear=True)] * 60)
    team.run("2026-11-23 20:00", "2026-11-23 21:40")
    for person in ("U0ALICE", ADMIN):
        told = team.channel.texts(person)
        assert ["is *not known*" in text for text in told] == [True, False]
        assert told[1].startswith("The post of Monday, November 23, 2026 was posted after all: nothing is to be pasted")


def test_what_may_be_mended_by_itself_is_told_only_when_it_is_given_up(team):
    busy = SendError("Slack failed (HTTP 503)", retry_after=SECOND)
    team.channel.before = room_refuses(team, "2026-11-23 20:05", busy)
    team.run("2026-11-23 20:00", "2026-11-23 20:10", step=SECOND)
    assert team.channel.texts(ADMIN) == []
    assert len(team.posted) == 1


@pytest.mark.parametrize("fault", ["", "refused"])
def test_where_nobody_can_be_told_the_channel_hears_so_once_without_details(team, monkeypatch, fault):
    from opsdesk.chat.trouble import Addressees

    team.admins = []
    team.restart("2026-11-23 19:45")
    monkeypatch.setattr(team, "to_tell", lambda at: Addressees(()))
    if fault:
        team.channel.before = room_refuses(team, "2026-11-23 20:05")
    team.run("2026-11-23 20:00", "2026-11-23 20:40", step=5 * SECOND)
    assert [text for text in team.posted if HEAD[:30] not in text] == ([UNHEARD] if fault else [])


def test_a_post_of_another_desk_found_before_sending_is_told_to_the_admins(team):
    team.channel.post("C0LIVE", HEAD, **OTHERS)
    team.run("2026-11-23 20:00", "2026-11-23 20:20")
    (told,) = team.channel.texts(ADMIN)
    assert told == (
        "The post of Monday, November 23, 2026 stood in the channel as this desk did not write it. "
        "https://chat.example/C0LIVE/1.0\n"
        "Another desk may be running, or this desk's state was put back to an earlier one or lost. Nothing it says is "
        "lost: what it lacks is added."
    )


def test_a_post_of_another_desk_found_afterwards_is_told_to_the_admins_with_both_links(team):
    def at_once(call: str) -> None:
        if call == "post":
            team.channel.after = lambda call: None
            team.channel.post("C0LIVE", HEAD, **OTHERS)

    team.channel.after = at_once
    team.run("2026-11-23 20:00", "2026-11-23 20:01", step=SECOND)
    (told,) = team.channel.texts(ADMIN)
    assert told == (
        "The post of Monday, November 23, 2026 stands twice: https://chat.example/C0LIVE/1.0 is this desk's, and "
        "https://chat.example/C0LIVE/2.0 it did not send.\n"
        "Both stay. If another desk is running, stop it; then delete the post that is not needed."
    )


def test_a_second_post_that_cannot_be_deleted_is_told_to_the_admins(team):
    team.run("2026-11-23 20:00", "2026-11-23 20:00")
    sent = team.channel.messages[0]
    team.channel.put(Message("C0LIVE", "9.0", HEAD, sent.key, record=sent.record, version=sent.version))
    team.channel.before = failing("delete", REFUSED)
    team.run("2026-11-23 20:01", "2026-11-23 20:02")
    assert team.channel.texts(ADMIN) == [
        "The post of Monday, November 23, 2026 was sent twice: https://chat.example/C0LIVE/1.0 counts, and "
        "https://chat.example/C0LIVE/9.0 could not be removed: channel_not_found. Please delete it."
    ]


def test_a_draft_that_cannot_reach_the_person_on_call_goes_to_the_admins_and_says_so(team):
    def gone(call: str) -> None:
        if call == "post":
            team.channel.before = lambda call: None
            raise SendError("Slack refused: user_not_found")

    team.channel.before = gone
    team.run("2026-11-23 19:45", "2026-11-23 19:46")
    (told,) = team.channel.texts(ADMIN)
    assert told.startswith(
        "This goes to you since <@U0ALICE> could not be told: Slack refused: user_not_found.\n"
        "Draft of today's post. You need not do anything"
    )


def test_a_post_whose_fate_is_not_known_is_not_said_to_be_missing(team):
    lost = SendError("Slack did not answer in time", retry_after=SECOND, unclear=True)
    team.channel.before = failing("find", None, None, *[REFUSED] * 999)
    team.channel.after = failing("post", lost)
    team.run("2026-11-23 20:00", "2026-11-23 20:31")
    at_once, given_up = team.channel.texts(ADMIN)
    assert at_once.startswith(
        "Whether the post of Monday, November 23, 2026 stands in the channel is *not known*: channel_not_found. "
        "Somebody has to mend that: the desk goes on trying until 8:30pm.\n"
    )
    assert given_up.startswith(
        "Whether the post of Monday, November 23, 2026 stands in the channel is *not known*: channel_not_found. "
        "If it does not, here is its text to paste:\n\n"
    )
