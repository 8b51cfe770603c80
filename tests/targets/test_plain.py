"""The desk's own words as people read them elsewhere: weight kept, what others typed as it stands, nobody called."""

import json

import pytest

from opsdesk.chat import Person, mention
from opsdesk.targets.mail import read_receivers, read_server, written
from opsdesk.targets.outlet import Letter
from opsdesk.targets.plain import TextRun, legible, runs, unmarked
from opsdesk.targets.teams import CUT, is_address, message
from tests.oncall.stage import eastern
from tests.targets.stage import shown


def name_of(person: str) -> str:
    return {"U0BOB99": "Bob"}.get(person, person)


def test_people_and_channels_are_named() -> None:
    text = f"ask {mention(Person('U0ALICE', 'Alice'))} or <@U0BOB99> in <#C02UP02HHGX|check-in-go-live>, not <!here>"
    assert legible(text, name_of) == "ask @Alice or @Bob in #check-in-go-live, not <!here>"


def test_private_data_is_masked_on_the_way_out() -> None:
    assert legible("SSN 123-45-6789 of the veteran", name_of) == "SSN [SSN] of the veteran"


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("*Handing over* watch it", [TextRun("Handing over", bold=True), TextRun(" watch it")]),
        ("• ~#1 VistA: *void*~ twice", [TextRun("• "), TextRun("#1 VistA: *void*", struck=True), TextRun(" twice")]),
        ("2*3*4 and a * b * c", [TextRun("2*3*4 and a * b * c")]),
        ("`a *b* c`", [TextRun("`a *b* c`")]),
        ("https://example.org/*a*", [TextRun("https://example.org/*a*")]),
        ("", []),
    ],
)
def test_weight_is_the_desk_s_own(line: str, pieces: list[TextRun]) -> None:
    assert [run for run in runs(line)] == pieces


def test_in_plain_text_what_is_struck_says_so() -> None:
    assert unmarked("*Events*\n• ~#1 twice~ void") == "Events\n• [struck out: #1 twice] void"


def test_on_teams_each_line_is_shown_to_the_letter() -> None:
    text = "*Head*\n\n# no heading\n- [no](link) <at>nobody</at> **no weight**"
    card = json.loads(message(text))["attachments"][0]["content"]
    assert {run["type"] for block in card["body"] for run in block["inlines"]} == {"TextRun"}
    assert shown(json.loads(message(text))) == text.replace("*Head*", "Head")


@pytest.mark.parametrize("line", ["a" * 200, '"' * 200, "é" * 200, "🔴" * 100])
def test_what_is_too_long_for_teams_is_cut_and_says_so(line: str) -> None:
    sent = message("\n".join([line] * 500))
    assert len(sent) < 28_000
    assert shown(json.loads(sent)).endswith(CUT)


def test_one_endless_line_is_cut_too() -> None:
    assert shown(json.loads(message("a" * 100_000))).endswith(CUT)


def test_nothing_in_a_title_makes_a_header_of_a_mail() -> None:
    mail = written(Letter("a\r\nBcc: everybody@example.org\n\nb", "1"), "desk@example.gov", eastern("2026-11-23 20:00"))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "a"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mail.example.gov",
        "https://mail.example.gov?from=a@b.gov",
        "smtp://h:port?from=a@b.gov",
        "smtp://h",
        "smtp://h?from=a@b.gov%0d%0aBcc:c@d.gov",
    ],
)
def test_a_server_that_is_none_is_refused_without_its_password(typed: str) -> None:
    with pytest.raises(ValueError, match="DESK_SMTP names no server as smtps://") as wrong:
        read_server(typed)
    assert str(wrong.value) == (
        "DESK_SMTP names no server as smtps://user:password@mail.example.gov?from=desk@example.gov does"
    )


def test_a_server_is_read_with_its_escapes() -> None:
    server = read_server("smtps://de%40sk:p%3Aw@mail.example.gov?from=desk@example.gov")
    assert (server.host, server.port, server.user, server.password) == ("mail.example.gov", 465, "de@sk", "p:w")
    assert "p:w" not in repr(server)
    assert read_server("smtp://mail.example.gov?from=desk@example.gov").port == 587


def test_receivers_are_parted_as_people_part_them() -> None:
    assert read_receivers("a@example.gov; B <b@example.gov>, a@example.gov") == ("a@example.gov", "b@example.gov")
    with pytest.raises(ValueError, match="holds no e-mail address"):
        read_receivers("nobody")


def test_what_is_posted_to_is_secured_or_on_this_machine() -> None:
    assert is_address("https://prod-1.example.com:443/workflows/1")
    assert is_address("http://127.0.0.1:3000/workflows/1")
    assert not any(map(is_address, ("http://localhost.example.com/1", "https://", "file:///etc", "http://[1", "")))
