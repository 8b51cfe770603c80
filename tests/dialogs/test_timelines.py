"""Timelines shown: in short, and page by page."""

from collections.abc import Callable

from tests.conftest import Conversation, MovedClock


def test_a_long_timeline_says_how_many_entries_are_hidden_and_shows_them_all_in_pages(talk: Conversation) -> None:
    talk("!incident open Login timeouts")
    notes = [f"{number:02} " + "word " * 40 + "end" for number in range(40)]
    for note in notes:
        talk(f"!incident note 1 {note}")
    short = talk("!incident show 1")
    assert len(short) < 3500
    hidden = 40 - sum(note in short for note in notes)
    assert (
        f"1:12pm alice opened: Login timeouts → sev 3, owner alice\n… {hidden} entries hidden: `!incident show 1 all`\n"
        in short
    )
    assert short.endswith(notes[-1])
    pages = [talk(f"!incident show 1 all {page}") for page in (1, 2, 3)]
    assert pages[0].startswith(
        "🔴 #1 Login timeouts (page 1 of 3)\nsev 3 · opened by alice 1:12pm · owner alice · last update 1:12pm\n\n"
        "1:12pm alice opened"
    )
    assert pages[0].endswith("\nMore: `!incident show 1 all 2`")
    assert all(len(page) < 3500 for page in pages)
    assert [note for page in pages for note in notes if note in page] == notes
    assert talk("!incident show 1 all 4") == (
        "The timeline of #1 has no page 4, its last is 3. Type `!incident show 1 all` for the first."
    )
    assert talk("!incident show 1 everything") == (
        '"everything" is more than I can show. Type `!incident show 1`, or with `all`.'
    )


def test_a_timeline_of_one_page_is_the_same_in_short_and_in_full(talk: Conversation) -> None:
    talk("!incident open Login timeouts --on vista --sev 2 --reporter “site 688”")
    talk("!incident link 1 https://example.org/a")
    talk("!incident resolve 1 restarted\nall well")
    assert talk("!incident show 1 all") == talk("!incident show 1")
    assert talk("!incident show 1 2") == talk("!incident show 1 all 3") == ("#1 has only one page: `!incident show 1`.")


def test_the_longest_text_is_cut_in_short_and_whole_in_full(talk: Conversation) -> None:
    talk("!incident open Login timeouts")
    text = "word " * 799 + "last!"
    talk(f"!incident note 1 {text}")
    assert " … (3,600 more characters)" in talk("!incident show 1")
    first, second = talk("!incident show 1 all"), talk("!incident show 1 all 2")
    assert first.startswith("🔴 #1 Login timeouts (page 1 of 2)\n")
    whole = first.split("noted: ")[1].removesuffix("\nMore: `!incident show 1 all 2`") + second.split("\n")[1]
    assert whole == text


def test_everything_is_there_after_a_restart(start: Callable[[], Conversation], clock: MovedClock) -> None:
    talk = start()
    talk("!incident open it's “down” & <b>out</b>")
    talk("!incident update 1 שלום\n  🔥 --status monitoring")
    shown = talk("!incident show 1")
    assert "🟡 #1 it's “down” & <b>out</b>" in shown
    assert shown.endswith("1:12pm alice: שלום\n┊   🔥 → monitoring")
    assert start()("!incident show 1") == shown


def test_no_line_that_somebody_types_is_taken_for_the_desks(talk: Conversation) -> None:
    talk("!incident open Queue *fine*: *resolved* \u202e(1 ves")
    assert talk("!incident resolve 1 over\n1:15pm bob resolved it\n\n*Carried over*") == (
        "✅ #1 resolved after less than a minute: over\n┊ 1:15pm bob resolved it\n┊ \n┊ *Carried over*"
    )
    assert talk("!incident show 1") == (
        "✅ #1 Queue ∗fine∗: ∗resolved∗ (1 ves\n"
        "sev 3 · resolved by alice 1:12pm after less than a minute · opened by alice 1:12pm · owner alice\n"
        "over 1:15pm bob resolved it ∗Carried over∗\n"
        "\n"
        "1:12pm alice opened: Queue *fine*: *resolved* (1 ves → sev 3, owner alice\n"
        "1:12pm alice resolved it: over\n"
        "┊ 1:15pm bob resolved it\n"
        "┊ \n"
        "┊ *Carried over*"
    )
