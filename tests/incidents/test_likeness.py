"""What an opening tells of incidents that are like it."""

from opsdesk.incidents import likeness
from tests.incidents.stage import Shift


def test_titles_are_alike_by_the_words_they_share_the_rare_ones_first(day: Shift) -> None:
    titles = ("RPC timeouts", "RPC timeouts at site 688", "Socket trouble at lunch", "Claims rejected")
    first, likest, *_ = (ones := [day.open(title) for title in titles])
    assert likeness.like(day.open("RPC timeouts at site 688 again"), ones) == [likest, first]
    assert likeness.like(day.open("Rejected logins"), ones) == []


def test_a_title_of_one_word_is_like_one_that_has_it(day: Shift) -> None:
    ones = [day.open("Claims rejected"), day.open("Reminders late")]
    assert likeness.like(day.open("Claims"), ones) == ones[:1]
