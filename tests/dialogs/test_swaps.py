"""Conversations in which one asks another to take a shift. Alice has it; it is 1:12pm on Monday, November 23, 2026."""

from types import SimpleNamespace

import pytest

from opsdesk.chat.chat import MessageRef

pytestmark = pytest.mark.usefixtures("team")


def test_a_swap_is_asked_accepted_and_undone(talk):
    talk.say("!oncall swap bob 2026-12-01")
    assert talk.next() == (
        "[@bob] Alice asks to take your shift on Tue Dec 1, 1pm to 8pm. "
        "Type `!oncall accept` or react with ✅; `!oncall decline` says no."
    )
    assert talk.next() == (
        "Bob is asked to give you the shift on Tue Dec 1, 1pm to 8pm; nothing changes until Bob accepts."
    )
    assert talk("!oncall me").split("\n")[-1] == (
        "You wait for an answer: you take Bob's shift on Tue Dec 1, 1pm to 8pm. `!oncall undo` withdraws it."
    )
    assert talk("!oncall me", by="bob").split("\n")[-1] == (
        "Alice asks to take your shift on Tue Dec 1, 1pm to 8pm. `!oncall accept 1`"
    )
    assert talk("!oncall accept", by="charlie").startswith("Nobody has asked you to take anything over.")
    agreed = "✅ Alice takes over from Bob on Tue Dec 1, 1pm to 8pm.\nTue Dec 1: Alice 1pm to 8pm"
    talk.say("!oncall accept", by="bob")
    assert [talk.next(), talk.next()] == [f"[@alice] {agreed}", agreed]
    assert talk("!oncall next 1") == "Mon Nov 30 to Fri Dec 4: Bob (but Tue Dec 1 Alice)"
    undone = "↩ Alice has undone that Alice takes over from Bob on Tue Dec 1, 1pm to 8pm.\nTue Dec 1: Bob 1pm to 8pm"
    talk.say("!oncall undo")
    assert [talk.next(), talk.next()] == [f"[@bob] {undone}", undone]


def test_a_swap_is_declined_and_another_withdrawn(talk):
    talk.say("!oncall swap bob tomorrow to 2026-11-25")
    assert talk.next() == (
        "[@bob] Alice asks you to take over from tomorrow 1pm to Wed Nov 25 8pm. "
        "Type `!oncall accept` or react with ✅; `!oncall decline` says no."
    )
    assert talk.next() == (
        "Bob is asked to take your shifts from tomorrow 1pm to Wed Nov 25 8pm; nothing changes until Bob accepts."
    )
    talk.say("!oncall decline", by="bob")
    assert [talk.next(), talk.next()] == [
        "[@alice] Bob says no: you still have the shifts from tomorrow 1pm to Wed Nov 25 8pm.",
        "You say no: Alice still has the shifts from tomorrow 1pm to Wed Nov 25 8pm.",
    ]
    talk("!oncall swap bob friday")
    assert talk.next() == (
        "Bob is asked to take your shift on Fri Nov 27, 1pm to 8pm; nothing changes until Bob accepts."
    )
    assert talk("!oncall me").split("\n")[-1] == (
        "You wait for an answer: Bob takes your shift on Fri Nov 27, 1pm to 8pm. `!oncall undo` withdraws it."
    )
    talk.say("!oncall undo")
    assert [talk.next(), talk.next()] == [
        "[@bob] Alice takes back what was asked: Alice still has the shift on Fri Nov 27, 1pm to 8pm.",
        "You take back what was asked: you still have the shift on Fri Nov 27, 1pm to 8pm.",
    ]


def test_cover_goes_to_the_first_taker(talk, clock):
    offer = "Alice asks for cover today, 3pm to 5pm. The first with `!oncall accept` or ✅ has it."
    talk.say("!oncall cover from 3pm to 5pm")
    assert [talk.next(), talk.next()] == [f"[@bob] {offer}", f"[@charlie] {offer}"]
    assert talk.next() == (
        "Asked: Bob, Charlie. Whoever is first takes your shift today, 3pm to 5pm; "
        "nothing changes until somebody accepts."
    )
    agreed = (
        "✅ Charlie takes over from Alice today, 3pm to 5pm.\n"
        "Today: Alice 1pm to 3pm, Charlie 3pm to 5pm, Alice 5pm to 8pm"
    )
    talk.say("!oncall accept", by="charlie")
    assert [talk.next(), talk.next()] == [f"[@alice] {agreed}", agreed]
    assert talk("!oncall accept 1", by="bob") == "Request 1 is accepted. `!oncall me` shows what waits for you."
    clock.to("2026-11-23 16:00")
    assert talk("!oncall") == ("On call: *Charlie* until 5pm ET (shift 1pm to 8pm)\nNext: Alice, today 5pm to 8pm ET")


def test_cover_of_another_day_is_asked_and_agreed_in_whole_sentences(talk):
    offer = "Alice asks for cover on Wed Nov 25, 3pm to 5pm. The first with `!oncall accept` or ✅ has it."
    talk.say("!oncall cover from 3pm to 5pm wednesday")
    assert [talk.next(), talk.next()] == [f"[@bob] {offer}", f"[@charlie] {offer}"]
    assert talk.next() == (
        "Asked: Bob, Charlie. Whoever is first takes your shift on Wed Nov 25, 3pm to 5pm; "
        "nothing changes until somebody accepts."
    )
    assert talk("!oncall me").split("\n")[-1] == (
        "You wait for an answer: whoever is first takes your shift on Wed Nov 25, 3pm to 5pm. "
        "`!oncall undo` withdraws it."
    )
    assert talk("!oncall me", by="bob").split("\n")[-1] == (
        "Alice asks you to take over on Wed Nov 25, 3pm to 5pm. `!oncall accept 1`"
    )
    assert talk("!oncall swap bob 2026-11-25") == (
        "That is asked already: whoever is first takes your shift on Wed Nov 25, 3pm to 5pm. "
        "`!oncall undo` withdraws a request of yours."
    )
    agreed = (
        "✅ Bob takes over from Alice on Wed Nov 25, 3pm to 5pm.\n"
        "Wed Nov 25: Alice 1pm to 3pm, Bob 3pm to 5pm, Alice 5pm to 8pm"
    )
    talk.say("!oncall accept", by="bob")
    assert [talk.next(), talk.next()] == [f"[@alice] {agreed}", agreed]
    assert talk("!oncall swap charlie 2026-11-25") == ("Bob already has Alice's shift on Wed Nov 25, 3pm to 5pm.")


def test_several_days_are_given_back_in_whole_sentences(talk):
    talk("!oncall swap bob 2026-11-30 to 2026-12-01")
    assert talk.next() == (
        "Bob is asked to give you the shifts from Mon Nov 30 1pm to Tue Dec 1 8pm; nothing changes until Bob accepts."
    )
    talk.say("!oncall decline", by="bob")
    assert [talk.next(), talk.next()] == [
        "[@alice] Bob says no: Bob still has the shifts from Mon Nov 30 1pm to Tue Dec 1 8pm.",
        "You say no: you still have the shifts from Mon Nov 30 1pm to Tue Dec 1 8pm.",
    ]


def test_taking_over_tells_whoever_had_it(talk, clock):
    clock.to("2026-11-23 15:30")
    taken = "✅ Bob takes over from Alice today, 3:30pm to 8pm.\nToday: Alice 1pm to 3:30pm, Bob 3:30pm to 8pm"
    talk.say("!oncall take", by="bob")
    assert [talk.next(), talk.next()] == [f"[@alice] {taken}", taken]
    assert talk("!oncall take", by="bob") == "You are on call already, until today 8pm."


def test_typing_that_cannot_be_read_says_what_to_type(talk):
    swap = "Type `!oncall swap bob 2026-12-01`, or `!oncall swap bob 2026-11-30 to 2026-12-04`."
    cover = "Type `!oncall cover from 3pm to 5pm`, with a day behind it where it is not today."
    assert talk("!oncall swap") == swap
    assert talk("!oncall swap bob") == f'"bob" names no person and day. {swap}'
    assert talk("!oncall swap bob 2026-13-01").startswith('"2026-13-01" is not a day')
    assert talk("!oncall cover") == cover
    assert talk("!oncall cover this afternoon") == f'"this afternoon" is no span of hours. {cover}'
    assert talk("!oncall accept it") == ('"it" is not the number of a request. `!oncall me` shows what waits for you.')


def test_a_tick_by_the_one_who_was_asked_accepts_and_nobody_elses_does(talk):
    plugin = talk.plugin("rotation")
    talk("!oncall swap bob 2026-12-01")
    talk.next()
    plugin.desk.oncall.roster.agreements.asked_in(1, MessageRef("D0BOB", "1.0"))

    def react(who, name="white_check_mark", action="added"):
        plugin.callback_reaction(
            SimpleNamespace(
                reactor=SimpleNamespace(person=who),
                reaction_name=name,
                action=action,
                reacted_to={"type": "message", "channel": "D0BOB", "ts": "1.0"},
            )
        )

    react("@charlie")
    react("@alice")
    react("@bob", name="eyes")
    react("@bob", action="removed")
    assert talk.silent()
    react("@bob")
    agreed = "✅ Alice takes over from Bob on Tue Dec 1, 1pm to 8pm.\nTue Dec 1: Alice 1pm to 8pm"
    assert [talk.next(), talk.next()] == [f"[@alice] {agreed}", f"[#D0BOB] {agreed}"]
    react("@bob")
    assert talk.silent()
    assert talk("!undo", by="bob") == (
        "Your last change is `!oncall accept`, which `!undo` leaves alone: `!oncall undo` takes it back. "
        "Nothing was changed."
    )


def test_what_was_agreed_outlives_a_restart(talk, start):
    talk("!oncall swap bob 2026-12-01")
    talk.next()
    again = start()
    again("!oncall accept", by="bob")
    again.next()
    assert start()("!oncall next 1") == "Mon Nov 30 to Fri Dec 4: Bob (but Tue Dec 1 Alice)"


def test_a_swap_with_somebody_is_one_of_theirs(talk):
    talk.say("!swap with bob on friday")
    assert talk.next().startswith("[@bob] Alice asks you to take over on Fri Nov 27, 1pm to 8pm.")
    assert (
        talk.next() == "Bob is asked to take your shift on Fri Nov 27, 1pm to 8pm; nothing changes until Bob accepts."
    )


def test_an_edit_that_what_was_agreed_does_not_fit_is_told_to_both(talk, edit):
    for typed, by, answers in (
        ("swap bob tomorrow", "alice", 2),
        ("accept", "bob", 2),
        ("cover wednesday 3pm to 5pm", "alice", 3),
        ("accept", "charlie", 2),
    ):
        talk.say(f"!oncall {typed}", by)
        assert all(talk.next() for _ in range(answers))
    talk.tick()
    assert talk.next().startswith("[@alice] *You are on call until 8pm ET.*")
    assert talk.next() == "[#check-in-go-live] @Alice is on call until 8pm ET. No incident is open."
    told = (
        "[@{}] data/rotation.toml was edited. You agreed that {}: {}. "
        "`!oncall undo` ends the agreement, `!oncall swap` and `!oncall cover` make a new one."
    )
    moved = "that shift is from 1pm to 7pm now, which the agreement does not fit"
    edit("rotation.toml", 'end = "8pm"', 'end = "7pm"')
    talk.tick()
    assert [talk.next(), talk.next()] == [
        told.format("alice", "Bob takes over tomorrow, 1pm to 8pm", moved),
        told.format("bob", "you take over from Alice tomorrow, 1pm to 8pm", moved),
    ]
    gone = "Charlie is no longer on the rotation, and is on call then all the same"
    edit("rotation.toml", 'charlie = { id = "@charlie", name = "Charlie" }', "")
    edit("rotation.toml", ', "charlie"]', "]")
    talk.tick()
    assert [talk.next(), talk.next()] == [
        told.format("alice", "Charlie takes over on Wed Nov 25, 3pm to 5pm", gone),
        told.format("charlie", "you take over from Alice on Wed Nov 25, 3pm to 5pm", gone),
    ]
    talk.tick()
    assert talk("!oncall wednesday") == "Wed Nov 25: Alice 1pm to 3pm, Charlie 3pm to 5pm, Alice 5pm to 7pm"
