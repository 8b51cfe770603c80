"""Incidents listed and searched, as people ask for them."""

from tests.conftest import Conversation, MovedClock


def test_lists(talk: Conversation, clock: MovedClock) -> None:
    clock.to("2026-11-20 18:00")
    talk("!incident open Travel claims rejected", by="bob")
    clock.to("2026-11-22 16:10")
    talk("!incident note 1 still", by="bob")
    clock.to("2026-11-23 13:12")
    talk("!incident open VistA timeouts --sev 2 --on vista")
    talk("!incident open VEText reminders late --on vetext --status monitoring --owner @bob")
    clock.forward(minutes=41)
    talk("!incident resolve 2 restarted")
    claims = (
        "#1 Travel claims rejected · sev 3 · owner bob · open 2 days, last update yesterday 4:10pm ⚠ quiet for 21 hours"
    )
    vista = "#2 VistA timeouts · sev 2 · vista · resolved 1:53pm after 41 minutes"
    reminders = "#3 VEText reminders late · sev 3 · vetext · monitoring · owner bob · 41 minutes"
    assert talk("!incident list") == talk("!incidents") == f"2 open\n{claims}\n{reminders}"
    assert talk("!incident list today") == f"today: 2 opened or changed\n{vista}\n{reminders}"
    assert talk("!incident list nov 22") == f"yesterday: 1 opened or changed\n{claims}"
    assert talk("!incident list resolved") == f"resolved, newest first\n{vista}"
    assert talk("!incident list all") == f"all, newest first\n{reminders}\n{vista}\n{claims}"
    assert talk("!incident list VEText") == f"1 open on vetext\n{reminders}"
    assert talk("!incident list all vista-api") == f"all on vista, newest first\n{vista}"


def test_lists_of_nothing_and_lists_there_are_none_of(talk: Conversation) -> None:
    assert talk("!incident list") == "Nothing is open. `!incident list resolved` shows what was."
    assert talk("!incident list vista") == "Nothing is open on vista. `!incident list resolved vista` shows what was."
    assert talk("!incident list today") == "Nothing was opened or changed today."
    assert talk("!incident list resolved") == "There is nothing resolved yet."
    assert talk("!incident list all chip") == "There is nothing yet on chip."
    assert talk("!incident list all 9") == "There is no page 9 of that. Type `!incident list all` for the first."
    others = "Other lists: mine, today, yesterday, week, resolved, all."
    assert talk("!incident list nowhere") == (
        f'"nowhere" is not a subsystem I know. `!whois` lists the subsystems. {others}'
    )
    assert talk("!incident list vsta mine") == f'"vsta" is not a subsystem I know. Did you mean `vista`? {others}'
    assert talk("!incident list all today") == (
        "A day's list has all of that day. Type `!incident list today`, or `!incident list resolved`."
    )


def test_a_list_of_ones_own(talk: Conversation) -> None:
    assert talk("!incident list mine") == "Nothing of yours is open. `!incident list` shows what is."
    talk("!incident open VistA timeouts --on vista")
    talk("!incident open Reminders late --owner @bob")
    talk("!incident open Claims rejected")
    talk("!incident open Over already", by="bob")
    talk("!incident resolve 4")
    assert talk("!incident list mine", by="bob") == (
        "1 of yours open\n#2 Reminders late · sev 3 · owner bob · less than a minute"
    )
    assert talk("!incident list vista mine") == (
        "1 of yours open on vista\n#1 VistA timeouts · sev 3 · vista · owner alice · less than a minute"
    )
    assert talk("!incidents mine").splitlines()[0] == "2 of yours open"
    assert talk("!incident list mine vista", by="bob") == (
        "Nothing of yours is open on vista. `!incident list` shows what is."
    )
    assert talk("!incident list bob") == ("1 of bob's open\n#2 Reminders late · sev 3 · owner bob · less than a minute")
    assert talk("!whats bob got") == talk("!bob's incidents") == talk("!incident list @bob")
    assert talk("!incident list bob vista") == "Nothing of bob's is open on vista. `!incident list` shows what is."
    assert talk("!incident list mine 2") == "There is no page 2 of that. Type `!incident list mine` for the first."


def test_open_ones_come_worst_first_and_numbers_in_a_column(talk: Conversation) -> None:
    for number in range(1, 11):
        talk(f"!incident open Event {number} --sev {3 if number < 9 else 1}")
    lines = talk("!incident list").splitlines()
    assert lines[:4] == [
        "10 open",
        "#9  Event 9 · sev 1 · owner alice · less than a minute",
        "#10 Event 10 · sev 1 · owner alice · less than a minute",
        "#1  Event 1 · sev 3 · owner alice · less than a minute",
    ]


def test_long_lists_go_on_on_another_page_and_stay_in_one_message(talk: Conversation) -> None:
    for _ in range(17):
        talk(f"!incident open {'x' * 200} --on clinician-workflow --sev 1 --status investigating")
    first, second = talk("!incident list"), talk("!incident list 2")
    assert first.splitlines()[0] == "17 open, page 1 of 2"
    assert first.splitlines()[-1] == "More: `!incident list 2`"
    assert len(first.splitlines()) == 17
    assert len(first) < 3500
    assert [line.split()[0] for line in second.splitlines()] == ["17", "#16", "#17"]
    assert talk("!incident list all").splitlines()[0] == "all, newest first, page 1"
    assert talk("!incident list all page 2").splitlines()[0] == "all, newest first, page 2"
    assert talk("!incident list 3") == "There is no page 3 of that. Type `!incident list` for the first."


def test_search(talk: Conversation, clock: MovedClock) -> None:
    talk("!incident open VistA timeouts\nRPC socket timeouts, and then a long story " + "of waiting " * 20)
    clock.forward(minutes=28)
    talk("!incident resolve 1 it’s restarted")
    talk("!incident open Socket errors in VEText")
    assert talk("!incident search SOCKET") == (
        "2 with SOCKET\n"
        "#2 Socket errors in VEText · investigating\n"
        "#1 VistA timeouts · resolved 1:40pm after 28 minutes\n"
        "      RPC socket timeouts, and then a long story of waiting of waiting of waiting of waiting of waiting "
        "of waiting of waiting of w…"
    )
    assert talk("!incident search it's") == (
        "1 with it's\n#1 VistA timeouts · resolved 1:40pm after 28 minutes\n      it’s restarted"
    )
    assert talk("!incident search socket vetext rpc") == (
        "No title or timeline has socket vetext rpc in it. Try fewer words, or a part of one."
    )
    assert talk('!incident search "errors in" socket') == (
        "1 with errors in socket\n#2 Socket errors in VEText · investigating"
    )
    assert talk("!incident search") == "What shall I look for? Type `!incident search RPC socket`."


def test_a_search_shows_the_word_behind_letters_that_become_two(talk: Conversation) -> None:
    talk(f"!incident open VistA timeouts\n{'ß' * 80} socket {'ß' * 200}")
    assert talk("!incident search socket") == (
        f"1 with socket\n#1 VistA timeouts · investigating\n      …{'ß' * 59} socket {'ß' * 113}…"
    )


def test_a_search_that_finds_many_says_what_is_left_out(talk: Conversation) -> None:
    for _ in range(12):
        talk(f"!incident open {'slow ' * 39}\n" + "slow " * 700)
    found = talk("!incident search slow")
    assert found.splitlines()[0] == "12 with slow; the newest 8 are here, one more word finds others"
    assert [line.split()[0] for line in found.splitlines() if line.startswith("#")] == [
        f"#{n}" for n in range(12, 4, -1)
    ]
    assert len(found) < 3500


def test_what_was_resolved_last_comes_first(talk: Conversation, clock: MovedClock) -> None:
    for title in ("First", "Second", "Third"):
        talk(f"!incident open {title}")
    for number in (3, 1, 2):
        clock.forward(minutes=1)
        talk(f"!incident resolve {number} over")
    assert talk("!incident list resolved") == (
        "resolved, newest first\n"
        "#2 Second · sev 3 · resolved 1:15pm after 3 minutes\n"
        "#1 First · sev 3 · resolved 1:14pm after 2 minutes\n"
        "#3 Third · sev 3 · resolved 1:13pm after 1 minute"
    )


def test_search_takes_accents_and_dashes_for_alike(talk: Conversation) -> None:
    talk("!incident open Café in San Jos\u00e9 – pre‑check-in down")
    for words in ("cafe", "café", "cafe\u0301", "jose", "pre-check-in", "pre–check–in", "San José – pre—check-in"):
        assert talk(f"!incident search {words}") == (
            f"1 with {words}\n#1 Café in San Jos\u00e9 – pre‑check-in down · investigating"
        )
