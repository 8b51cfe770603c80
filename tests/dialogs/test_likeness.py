"""What the desk knows when an incident is opened: where it belongs, what is like it, what ended that."""

from tests.conftest import Conversation, MovedClock


def test_the_title_tells_the_subsystem_and_what_was_like_it(talk: Conversation, clock: MovedClock) -> None:
    assert talk("!incident open RPC socket timeouts at site 688") == (
        "🔴 #1 RPC socket timeouts at site 688\n"
        "sev 3 · vista · opened by alice 1:12pm · owner alice\n"
        "Ask Shane Elliott or Andy McCarty · `!runbook vista`\n"
        "On vista by its title: `!incident update 1 --on ...` changes it."
    )
    assert talk("!incident open Socket timeouts at lunch --on vista", by="bob") == (
        "🔴 #2 Socket timeouts at lunch\n"
        "sev 3 · vista · opened by bob 1:12pm · owner bob\n"
        "Ask Shane Elliott or Andy McCarty · `!runbook vista`\n"
        "#1 RPC socket timeouts at site 688 is open on vista: add to it with `!incident update 1 ...`"
    )
    talk("!incident resolve 1 vista-api restarted")
    talk("!incident resolve 2 went by itself")
    clock.to("2026-11-24 14:00")
    assert talk("!incident open RPC socket timeouts again") == (
        "🔴 #3 RPC socket timeouts again\n"
        "sev 3 · vista · opened by alice 2:00pm · owner alice\n"
        "Ask Shane Elliott or Andy McCarty · `!runbook vista`\n"
        "On vista by its title: `!incident update 3 --on ...` changes it.\n"
        "Like #1 RPC socket timeouts at site 688 (yesterday): vista-api restarted\n"
        "Like #2 Socket timeouts at lunch (yesterday): went by itself"
    )


def test_what_is_like_nothing_is_a_card_alone(talk: Conversation) -> None:
    talk("!incident open Claims rejected")
    assert talk("!incident open Reminders late") == (
        "🔴 #2 Reminders late\nsev 3 · opened by alice 1:12pm · owner alice"
    )
