"""Where to look: addresses with their times filled in, found by words."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.contacts.directory import Directory
from opsdesk.contacts.guide_words import links
from opsdesk.contacts.links import Link, Links
from opsdesk.contacts.people import ContactsFile, Subsystem
from opsdesk.errors import UserError

AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
LINKS = {
    "cw-stats": Link(
        "Clinician Workflow Stats",
        "https://example.com/cw?from_ts={from_ms}&to_ts={to_ms}&live=true",
        ("Sidekiq enqueued: rises when vista-api is slow",),
        ("CW stats",),
    ),
    "vista-api": Link("vista-api dashboard", "https://example.com/vista-api", ("RPC Socket Timeout",)),
    "traces": Link("Error Traces", "https://example.com/traces?" + "x" * 300),
}
CONTACTS = ContactsFile("https://team.example.com", {"workflow": Subsystem("Workflow", links=("traces",))}, {}, {})
DIRECTORY = Directory(CONTACTS, LINKS, {})


def test_an_address_shows_the_hour_before_it_is_asked_for() -> None:
    hour = "from_ts=1795453920000&to_ts=1795457520000&live=true"
    assert LINKS["cw-stats"].address(AT) == f"https://example.com/cw?{hour}"
    assert datetime.fromtimestamp(1795457520, UTC) == AT


def test_an_address_without_times_stays_as_it_is() -> None:
    assert LINKS["vista-api"].address(AT) == "https://example.com/vista-api"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cw-stats", ("cw-stats",)),
        ("CW STATS", ("cw-stats",)),
        ("sidekiq", ("cw-stats",)),
        ("slow vista-api", ("cw-stats",)),
        ("vista", ("cw-stats", "vista-api")),
        ("rpc timeout", ("vista-api",)),
        ("eror traces", ("traces",)),
        ("nothing of this", ()),
        ("", ()),
    ],
)
def test_links_are_found_by_name_and_by_every_word(typed: str, found: tuple[str, ...]) -> None:
    assert Links(LINKS).search(typed) == found


def test_the_links_of_a_subsystem_come_first() -> None:
    assert DIRECTORY.find_links("workflow") == ("traces", "cw-stats")


def test_the_list_has_a_line_each_and_no_address_that_drowns_the_others() -> None:
    assert links(DIRECTORY, "", AT) == (
        "3 links; `!links sidekiq` finds by words\n"
        "• *Clinician Workflow Stats* https://example.com/cw?from_ts=1795453920000&to_ts=1795457520000&live=true\n"
        "• *vista-api dashboard* https://example.com/vista-api\n"
        "• *Error Traces* `!links traces`"
    )


def test_what_is_found_comes_with_what_to_look_for() -> None:
    assert links(DIRECTORY, "sidekiq", AT) == (
        "*Clinician Workflow Stats* (the last hour, live)\n"
        "https://example.com/cw?from_ts=1795453920000&to_ts=1795457520000&live=true\n"
        "• Sidekiq enqueued: rises when vista-api is slow"
    )


def test_nothing_found_says_what_to_type() -> None:
    with pytest.raises(UserError, match=r'^No link speaks of "the moon"\. `!links` lists them all\.$'):
        links(DIRECTORY, "the moon", AT)


def test_many_links_come_in_parts_that_fit_a_message() -> None:
    many = {f"link-{n}": Link(f"Link {n}", f"https://example.com/{n}/{'x' * 150}") for n in range(60)}
    directory = Directory(CONTACTS, many | LINKS, {})
    first, last = links(directory, "", AT), links(directory, "4", AT)
    assert first.endswith("\nPart 1 of 4 · `!links 2` shows the next")
    assert last.endswith("\nPart 4 of 4")
    assert all(len(links(directory, str(n), AT)) <= 3500 for n in range(1, 5))
    assert all(f"*Link {n}*" in "".join(links(directory, str(part), AT) for part in range(1, 5)) for n in range(60))
    with pytest.raises(UserError, match="There are 4 parts: `!links`"):
        links(directory, "5", AT)


@given(st.text(max_size=60))
def test_anything_at_all_can_be_searched(typed: str) -> None:
    assert set(DIRECTORY.find_links(typed)) <= LINKS.keys()
