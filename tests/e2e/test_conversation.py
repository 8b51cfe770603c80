"""An incident from start to end on Slack, by Socket Mode and by the Events API."""

from tests.dialogs.test_help import INCIDENT
from tests.e2e.harness import BOB, DESK, until


def opened(slack, title="VistA timeouts", by="alice"):
    """Opens an incident and returns its message and its number."""
    slack.say(by, f"!incident open {title} --sev 2")
    card = slack.answer()
    return card, card["text"].split("#")[1].split()[0]


def card_says(slack, card, words):
    until(lambda: words in slack.message(card["ts"])["text"], f'"{words}" on the card')
    return slack.message(card["ts"])["text"]


def test_help_is_one_message_of_what_people_do(slack, desk):
    told = slack.ask("alice", "!help")
    assert len(told.splitlines()) <= 12
    assert "`!incident open VistA is slow --sev 2`" in told
    assert "Admins" not in told
    assert slack.ask("charlie", "!help").splitlines()[-1].startswith("Admins: ")
    assert "--sev 2" in slack.ask("alice", "!help incident open")
    assert slack.ask("alice", "hello", slack.room_with("alice")) == told


def test_a_long_answer_goes_into_a_thread(slack, desk):
    asked = slack.say("alice", "!help incident")
    told = slack.answer()
    assert (told["thread_ts"], told["text"]) == (asked, INCIDENT)


def test_a_long_answer_of_errbots_own_is_cut_between_its_lines(slack, desk):
    slack.say("charlie", "!apropos e")
    parts = [slack.answer()["text"]]
    while "!watch on:" not in parts[-1]:  # the last of them
        parts.append(slack.answer()["text"])
    assert len(parts) > 1
    commands = [line for part in parts for line in part.splitlines() if "!incident" in line or "!stats" in line]
    assert len(commands) > 10
    assert all(line.strip().startswith("!") for line in commands), parts


def test_an_incident_is_a_thread_under_its_card(slack, desk):
    card, number = opened(slack)
    assert card["text"].startswith(f"🔴 #{number} VistA timeouts\nsev 2 · vista · opened by alice ")
    assert "thread_ts" not in card

    slack.say("bob", "!incident update two sites --status identified", thread=card["ts"])
    answer = slack.answer()
    assert answer["text"] == f"#{number} identified (was investigating). Less than a minute open."
    assert answer["thread_ts"] == card["ts"]
    assert card_says(slack, card, "identified").startswith(f"🟠 #{number} VistA timeouts\n")

    assert f"#{number} VistA timeouts" in slack.ask("bob", "!incident list")

    slack.say("bob", "!incident resolve vista-api restarted", thread=card["ts"])
    resolved = f"✅ #{number} resolved after less than a minute: vista-api restarted"
    assert slack.answer()["text"] == resolved
    assert card_says(slack, card, "resolved by bob").startswith(f"✅ #{number} VistA timeouts\n")


def test_what_was_typed_comes_back_as_it_was_typed(slack, desk):
    title = "it’s “down” — <b> & co, 2*3*4 snake_case ‹ שלום 🙂"
    card, number = opened(slack, title)
    shown = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert card["text"].splitlines()[0] == f"🔴 #{number} {shown}"
    answer = slack.ask("alice", f"!incident update {number} first line\n  second & last")
    assert answer.startswith(f"#{number} updated")
    assert "first line\n┊   second &amp; last" in slack.ask("alice", f"!incident show {number}")


def test_mentions_that_people_type_call_nobody(slack, desk):
    slack.say("alice", f"!incident open ask <@{BOB}> <!here> <!subteam^S1|@oncall> @channel", raw=True)
    card = slack.answer()
    assert "ask @bob @here @oncall @channel" in card["text"]
    posted = slack.front.made("chat.postMessage", text=card["text"])[0].arguments
    assert (posted["link_names"], posted["parse"]) == (False, "none")
    assert "&lt;!channel&gt;" in slack.ask("alice", "!incident search <!channel> of nobody")


def test_the_desk_calls_those_it_means_to_call(slack, desk):
    _, number = opened(slack)
    assert (
        slack.ask("alice", f"!incident assign {number} <@{BOB}>", raw=True) == f"#{number} owner <@{BOB}> (was alice)."
    )
    assert slack.ask("bob", f"!incident assign {number} @Charlie") == f"#{number} owner <@U03CHARLIE> (was bob)."


def looks(slack):
    """The looks at a message that the desk has taken and that are over."""
    return [call for call in slack.front.made("conversations.replies") if call.over]


def test_a_message_marked_with_a_pin_is_kept_by_its_own_author(slack, desk):
    card, number = opened(slack)
    said = slack.say("charlie", "the broker dropped <https://example.org/a|these>", thread=card["ts"], raw=True)
    slack.react("bob", said, "pushpin")
    card_says(slack, card, "last update")
    timeline = slack.ask("alice", f"!incident show {number}")
    assert "charlie noted: the broker dropped these (https://example.org/a)" in timeline
    slack.edit("charlie", said, "the broker dropped all of these")
    until(lambda: len(slack.front.made("chat.update", ts=card["ts"])) == 2, "the card to follow the edit")
    assert "charlie reworded it: the broker dropped all of these (pinned by bob)" in slack.ask(
        "alice", f"!incident show {number}"
    )

    for who, present in (("alice", True), ("bob", False), ("alice", False)):
        looked = len(looks(slack))
        slack.react(who, said, "pushpin", present=present)
        until(lambda before=looked: len(looks(slack)) > before, "a look at the message")
    card_says(slack, card, "last update")
    until(lambda: len(slack.front.made("chat.update", ts=card["ts"])) == 3, "the card to follow the withdrawal")
    assert "alice withdrew the note" in slack.ask("alice", f"!incident show {number}")


def test_a_file_goes_up_where_it_was_asked_for(slack, desk):
    card, _ = opened(slack)
    slack.say("alice", "!incident export", thread=card["ts"])
    assert "post-mortem" in slack.answer()["text"]
    upload = slack.answer()
    assert [file["name"][10:] for file in upload["files"]] == ["-vista-timeouts.md"]
    assert upload["thread_ts"] == card["ts"]


def test_the_desk_is_called_by_its_name(slack, desk):
    assert "incident open" in slack.ask("alice", f"<@{DESK}> incident", raw=True)
    assert "incident open" in slack.ask("alice", f"<@{DESK}>: !incident", raw=True)
    slack.say("alice", "incident list")  # which calls nobody in a channel
    for typed, command in (("who is on call?", "!oncall"), ("Incident list", "!incident list")):
        assert slack.ask("alice", f"<@{DESK}> {typed}", raw=True) == slack.ask("alice", command)


def test_direct_messages_are_answered_where_they_are_written(slack, desk):
    room = slack.room_with("bob")
    assert "The desk is ready." in slack.ask("bob", "!desk status", room)


def test_every_message_of_the_desk_can_be_known_again(slack, desk):
    card, number = opened(slack)
    noted = until(lambda: slack.front.metadata.get(("C01GENERAL", card["ts"])), "the answer to the desk")
    assert noted["event_type"] == "desk_post"
    assert noted["event_payload"]["key"] == f"incident {number}"


def test_what_is_for_whoever_is_on_call_is_refused_to_others_and_kept(slack, desk):
    assert slack.ask("bob", "!summary skip tomorrow nothing to tell") == (
        "That is for whoever is on call and the admins. Ask one of them."
    )
    assert slack.ask("bob", "!desk audit") == "That is for the admins. Ask one of them."
    assert f" bob ({BOB}) in C01GENERAL: !summary skip. " in slack.ask("charlie", "!desk audit bob")
