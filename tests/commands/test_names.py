"""Whoever is named: what is said of Mark, Will or Lisa, or of somebody who is mentioned, is said as of Bob."""

import pytest

from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read

MENTIONED = ("@bob", "<@U0BOB123>")  # as people type it, and as Slack hands it on
NAMES = (*MENTIONED, "mark", "james", "lisa", "grace", "bill", "jack", "don", "albert")


def offered(typed: str) -> list[Reading]:
    """What is done, or asked about, the likeliest first."""
    meant = read(typed)
    ones = meant.offers if isinstance(meant, Question) else filter(None, [meant])
    return [Reading(one.name, one.text) for one in ones]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "said",
    [
        "{} has 12",
        "{} took 12",
        "let {} have 12",
        "give 12 to {}",
        "assign 12 {}",
        "12 over to {}",
        "move 12 over to {}",
    ],
)
def test_somebody_is_given_an_incident(said: str, name: str) -> None:
    assert Reading("incident_assign", f"12 {name}") in offered(said.format(name))


@pytest.mark.parametrize("name", NAMES)
def test_what_another_looks_at_is_not_acknowledged_by_whoever_says_so(name: str) -> None:
    meant = read(f"{name} is looking at 12")
    assert isinstance(meant, Question) or meant == Reading("incident_assign", f"12 {name}")


@pytest.mark.parametrize("name", ["mark", "fred", "lisa"])
def test_an_order_to_somebody_is_not_done(name: str) -> None:
    meant = read(f"{name}, close 12")
    assert isinstance(meant, Question)
    assert offered(f"{name}, close 12") == [Reading("incident_resolve", "12")]


@pytest.mark.parametrize("name", NAMES)
def test_a_reason_that_begins_with_a_name_is_one(name: str) -> None:
    assert Reading("incident_resolve", f"12 {name} fixed it") in offered(f"close 12 {name} fixed it")


@pytest.mark.parametrize("typed", ["mark 12 as fixed", "can you mark 12 as fixed", "mark resolved 12", "mark 12 done"])
def test_what_is_marked_is_changed(typed: str) -> None:
    meant = read(typed)
    assert isinstance(meant, Reading)
    assert meant.name == "incident_resolve"


@pytest.mark.parametrize("who", MENTIONED)
def test_whoever_is_mentioned_is_asked(who: str) -> None:
    assert offered(f"page {who} about 12") == [Reading("incident_escalate", f"12 to {who}")]
    assert offered(f"can {who} cover friday") == [Reading("oncall_swap", f"{who} friday")]
    assert offered(f"swap friday with {who}") == [Reading("oncall_swap", f"{who} friday")]
    assert offered("swap friday w/bob") == [Reading("oncall_swap", "bob friday")]


def test_a_day_is_swapped_with_whoever_is_named_behind_it() -> None:
    assert offered("swap friday with will") == [Reading("oncall_swap", "will friday")]
