"""How many incidents may be open, and how long a timeline may be; what has to be said goes on all the same."""

import pytest

from opsdesk.errors import UserError
from opsdesk.incidents import rules
from opsdesk.incidents.incident import Status


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(rules, "MOST_OPEN", 2)
    monkeypatch.setattr(rules, "MOST_ENTRIES", 3)


def test_one_more_is_refused_with_what_to_do_instead(day):
    day.open()
    day.open()
    with pytest.raises(UserError) as refused:
        day.open()
    assert str(refused.value) == (
        "2 incidents are open, and 2 is the most there can be. Nothing was opened. Resolve some (`!incident list`), "
        "or add this to one of them with `!incident update`."
    )
    day.do("resolve", 1, "over")
    assert day.open().number == 3


def test_an_alert_opens_one_all_the_same(day):
    day.open()
    day.open()
    assert day.open(source="alert/7").number == 3


def test_a_message_delivered_twice_gives_its_incident_again_at_the_cap(day):
    day.open(source="C0GOLIVE/1.5")
    day.open()
    assert day.open(source="C0GOLIVE/1.5").number == 1


def test_a_full_timeline_takes_its_end_and_what_alerts_tell(day):
    day.open()
    day.do("note", 1, "one")
    day.do("note", 1, "two")
    assert day.refusal("note", 1, "three") == (
        "#1 has 3 entries, and 3 is the most there can be. Resolve it with `!incident resolve 1` and open another that "
        "begins with #1."
    )
    day.do("note", 1, "alert 7 again: x4", source="alert/7/x4")
    assert day.do("resolve", 1, "over").status is Status.RESOLVED
