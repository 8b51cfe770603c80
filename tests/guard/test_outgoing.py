"""What goes out is looked at once more, and goes out whatever becomes of that look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.guard import Allowed, allow, allowing, checked, checked_call, clean, outgoing
from tests.guard.stage import ordinary_lines

FAILED = RuntimeError("no mask")


def test_what_got_past_the_ways_in_is_masked() -> None:
    assert checked("• #1 kiosk fails: ssn 987-65-4320, 202-555-0123") == "• #1 kiosk fails: ssn [SSN], [phone]"


def test_ordinary_lines_go_out_as_they_are() -> None:
    allow(lambda: allowing(domains=("va.gov",)))
    assert [line.typed for line in ordinary_lines() if checked(line.typed) != line.typed] == []


def test_the_desk_s_own_words_beside_a_word_for_a_patient_are_no_name() -> None:
    told = "#1 Veteran Charlie cannot check in\nReported by Alice, owner Bob Danner"
    assert checked(told) == told


def test_what_the_team_s_files_name_stays_on_the_way_in_and_out() -> None:
    team = allowing(emails=("jane@example.org",), numbers=("202-555-0123",), names=("Jane Roe",))
    told = "Ask Jane Roe, jane@example.org, 202-555-0123"
    allow(lambda: team)
    assert (clean(told), checked(told)) == (told, told)
    allow(Allowed)
    assert clean(told) == checked(told) == "Ask Jane Roe, [e-mail], [phone]"


def test_while_a_file_cannot_be_read_nobody_s_addresses_are_known() -> None:
    def fails() -> Allowed:
        raise FAILED

    allow(fails)
    assert clean("jane@example.org is the veteran's") == "[e-mail] is the veteran's"


def test_a_mask_that_fails_keeps_nothing_from_going_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise FAILED

    monkeypatch.setattr(outgoing, "mask", fails)
    assert checked("*Production support summary*") == "*Production support summary*"
    assert "went out without a last look" in caplog.text


@given(st.integers(0, 20_000), st.sampled_from(["x\n", "word ", "[SSN] 1\n", "١"]))
def test_a_long_text_is_looked_at_in_pieces_and_loses_nothing(length: int, unit: str) -> None:
    text = (unit * length)[:length]
    assert checked(text) == text
    assert checked(f"{text}\nssn 987-65-4320\n{text}") == f"{text}\nssn [SSN]\n{text}"


def test_all_that_people_are_shown_by_a_call_is_masked_and_nothing_else() -> None:
    ssn = "987-65-4320"
    call = {"json": {"channel": ssn, "text": ssn, "blocks": [{"text": {"type": ssn, "text": ssn}}], "ts": 1.5}}
    masked = {"channel": ssn, "text": "[SSN]", "blocks": [{"text": {"type": ssn, "text": "[SSN]"}}], "ts": 1.5}
    assert checked_call(call) == {"json": masked}
