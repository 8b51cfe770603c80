"""What is offered reads as it is typed, whatever somebody wrote, and is run to the letter."""

import pytest

from opsdesk.errors import UserError
from opsdesk.text import Misspelt, Offer, Offering, Unsure, literal, offering_of

ODD = "{} {0} {x} <!channel> 100%"


@pytest.mark.parametrize("typed", ["down --on vsta", "down --on:vsta --sev 2", "--on vsta down"])
def test_a_word_is_put_right_where_it_stands_and_nothing_else(typed: str) -> None:
    offering = Misspelt(f'"vsta" {ODD}', "vsta", "vista").put_right("incident_open", typed)
    right = typed.replace("vsta", "vista")
    assert offering == Offering(f'"vsta" {literal(ODD)} Did you mean {{}}?', (Offer("incident_open", right),))
    assert offering.text == f'"vsta" {ODD} Did you mean `!incident open {right}`?'


@pytest.mark.parametrize("typed", ["vsta down --on vsta", "down", "down --on vsta-2", "re-vsta"])
def test_a_word_that_does_not_stand_there_once_is_left_to_whoever_typed(typed: str) -> None:
    assert Misspelt("No.", "vsta", "vista").put_right("incident_open", typed) is None


def test_what_is_written_into_a_question_is_no_place_for_a_command() -> None:
    offers = Offer("incident_resolve", f"1 {ODD}"), Offer("incident_note", f"1 {ODD}")
    asked = Offering(f"{literal(ODD)}: {{}} or {{}}?", offers).to_be_answered(emoji=True)
    assert asked == (
        f"{ODD}: `!incident resolve 1 {ODD}` (1) or `!incident note 1 {ODD}` (2)? `!yes 1` or `!yes 2` does it."
    )


@pytest.mark.parametrize(("many", "ways"), [(2, "`!yes 7` or `!yes 8`"), (4, "`!yes` with its number")])
def test_what_has_a_number_of_its_own_is_chosen_by_that(many: int, ways: str) -> None:
    offers = tuple(Offer("incident_ack", f"{number}", number) for number in range(7, 7 + many))
    offering = Offering("Which?", offers, choosing="Which? {} does `!incident ack`.")
    assert offering.to_be_answered(emoji=False) == f"Which? {ways} does `!incident ack`."
    assert offering.text == "Which?"


def test_only_what_may_be_meant_is_asked_about() -> None:
    assert offering_of(UserError("No."), "incident_open", "x") is None
    assert offering_of(Unsure(Offering("This?")), "incident_open", "x") == Offering("This?")
