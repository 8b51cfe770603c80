"""What people type, taken apart: options anywhere in the line, the rest to the letter."""

import pytest

from opsdesk.errors import UserError
from opsdesk.text import options as typed
from opsdesk.text.options import Option
from tests.text.stage import OPTIONS, read


def refusal(line: str, options: dict[str, Option] | None = None) -> str:
    with pytest.raises(UserError) as refused:
        typed.read(line, OPTIONS if options is None else options)
    return str(refused.value)


@pytest.mark.parametrize(
    "line",
    [
        "VistA is down --sev 2 --on vista",
        "--sev 2 --on vista VistA is down",
        "VistA --sev 2 is --on vista down",
        "VistA is down --on=vista --sev=2",
        "VistA is down —sev 2 –on vista",
        "VistA is down sev=2 on=vista",
        "VistA is down --SEV 2 On=vista",
        'VistA is down --sev "2" --on “vista”',
        "VistA is down --sev  2\t--on\nvista",
    ],
)
def test_options_may_stand_anywhere_and_be_written_in_every_way_phones_write_them(line: str) -> None:
    assert read(line) == ("VistA is down", {"sev": "2", "on": "vista"})


@pytest.mark.parametrize(
    "text",
    [
        "it's down, “really” down",
        "a & b < c > d",
        "two  blanks,\ta tab\n\nand a blank line",
        "שלום עולם and العربية",
        "🔥 on 🔥 — not --- a option",
        "status=500 in the log, sev=9, owner=bob",
        "5 - 3 -- 2",
        "a dash —like this— in a sentence",
        "back\\slash \"quote 'apostrophe",
        "ran `rake db:migrate --trace` and ```\n--sev 2\n```",
    ],
)
def test_text_comes_back_as_it_was_typed(text: str) -> None:
    assert read(text) == (text, {})
    assert read(f"{text} --sev 2") == (text, {"sev": "2"})
    assert read(f"--sev 2 {text}") == (text, {"sev": "2"})


@pytest.mark.parametrize(
    "line",
    [
        "VistA is down — sev 2",
        "VistA is — sev 2 down",
        "-- sev 2 VistA is down",
        "VistA is down – Sev:2",
        "VistA sev:2 is down",
        "sev: 2 VistA is down",
        "VistA is down --sev:2",
        "VistA is down --sev2",
        "VistA is down sev 2",
        "VistA is down Sev2",
        "VistA is down, SEV-2 ",
        "VistA is down - sev 2",
        "VistA is down -sev 2",
    ],
)
def test_a_loose_option_is_also_taken_as_people_write_it_without_its_dashes(line: str) -> None:
    assert read(line) == ("VistA is down", {"sev": "2"})


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("VistA is down --on:vista", {"on": "vista"}),
        ("VistA is down --on: vista", {"on": "vista"}),
        ("VistA is down on:vista", {"on": "vista"}),
        ("VistA is down -on vista", {"on": "vista"}),
        ("VistA is down --at:12:50pm", {"at": "12:50pm"}),
        ("VistA is down --owner:@bob", {"owner": "@bob"}),
        ("VistA is down -sev 2", {"sev": "2"}),
        ("VistA is down — sev 2 — on vista", {"sev": "2", "on": "vista"}),
        ("VistA is down — on vista", {"on": "vista"}),
        ("VistA is down — on vista\ntwo sites", {"on": "vista"}),
        ("VistA is down --sev\u200b 2", {"sev": "2"}),
        ("VistA is down \u200b--sev 2", {"sev": "2"}),
    ],
)
def test_what_starts_like_an_option_is_one(line: str, options: dict[str, str]) -> None:
    text, found = read(line)
    assert (text.partition("\n")[0].strip("\u200b "), found) == ("VistA is down", options)


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("VistA is down -sve 2", "There is no option --sve. Did you mean --sev?"),
        ("VistA is down --onn:vista", "There is no option --onn. Did you mean --on?"),
        ("VistA is down —onwer @bob", "There is no option --onwer. Did you mean --owner?"),
        (
            "VistA is down --verbose",
            "There is no option --verbose. The options are --sev, --on, --at, --owner, --title.",
        ),
    ],
)
def test_what_is_not_spelt_as_an_option_is_refused(line: str, refused: str) -> None:
    assert refusal(line) == f"{refused} To write it as text, put it in `backticks`."


def test_an_option_without_a_blank_is_refused() -> None:
    assert refusal("VistA is down --sev,2") == "--sev needs a value behind it, such as `--sev 2`."
    assert refusal("VistA is down --on/vista") == "--on needs a value behind it, such as `--on vista`."


def test_where_they_may_be_glued_a_value_needs_no_blank() -> None:
    for line in ("VistA sev2 is down", "sev2 VistA is down", "VistA is down sev-2"):
        found = typed.read(line, OPTIONS, glued=True)
        assert (found.text, found.options) == ("VistA is down", {"sev": "2"})
    assert typed.read("VistA sev2 is down", OPTIONS).text == "VistA sev2 is down"


def test_an_option_has_other_words() -> None:
    options = {"sev": Option("[1-3]", "2", also=("severity",))}
    assert typed.read("VistA is down --severity 2", options).options == {"sev": "2"}


def test_a_loose_option_may_end_the_first_line_before_other_options_and_other_lines() -> None:
    assert read("VistA is down sev 2 --on vista\ntwo sites") == (
        "VistA is down\ntwo sites",
        {"sev": "2", "on": "vista"},
    )
    assert read("sev 2") == ("", {"sev": "2"})


@pytest.mark.parametrize(
    "text",
    [
        "sev 2 alarms fire",
        "sev 4",
        "no dash on vista",
        "vista — on vista, and so on",
        "on: vista",
        "a -one-sided dash and -1",
        "two sites\nwas sev 2",
        "ran `rake sev:2` and `sev 2`",
        "non-sev 2",
        "— sev 9",
        "dsev:2",
    ],
)
def test_other_text_that_looks_like_an_option_survives(text: str) -> None:
    assert read(text) == (text, {})


def test_a_given_option_leaves_the_end_of_the_line_alone() -> None:
    assert read("--sev 1 it was sev 2") == ("it was sev 2", {"sev": "1"})


@pytest.mark.parametrize(
    ("line", "text", "title"),
    [
        ("--title VistA is slow", "", "VistA is slow"),
        ("now --title VistA  is slow --on vista", "now", "VistA  is slow"),
        ("--title VistA is slow on=vista now", "now", "VistA is slow"),
        ("--title VistA —since noon— is slow —on vista now", "now", "VistA —since noon— is slow"),
        ("--title ran `x --on vista` twice --on vista", "", "ran `x --on vista` twice"),
        ("--title VistA is slow\ntwo sites --on vista", "two sites", "VistA is slow"),
        ("--title status=500 on page --on vista", "", "status=500 on page"),
        ('--title "VistA is slow" now --on vista', "now", "VistA is slow"),
        ("--title “VistA is slow” now --on vista", "now", "VistA is slow"),
        ("--title 'VistA is slow' now --on vista", "now", "VistA is slow"),
        ("--title 'twas it --on vista", "", "'twas it"),
    ],
)
def test_a_long_option_goes_on_to_the_next_option_or_the_end_of_its_line(line: str, text: str, title: str) -> None:
    on = {"on": "vista"} if "vista" in line.replace("`x --on vista`", "") else {}
    assert read(line) == (text, {"title": title, **on})


def test_an_option_takes_the_blanks_before_it_along_and_its_line_where_it_stands_alone() -> None:
    assert read("first\n--sev 2\nsecond")[0] == "first\nsecond"
    assert read("first\n--sev 2 second")[0] == "first\nsecond"
    assert read("first --sev 2\nsecond")[0] == "first\nsecond"
    assert read("one --sev 2  two")[0] == "one  two"


def test_a_value_of_several_words_needs_quotes_unless_the_option_knows_them() -> None:
    assert read("--at yesterday 4:10pm it began") == ("it began", {"at": "yesterday 4:10pm"})
    assert read('--owner "@bob the second" it began') == ("it began", {"owner": "@bob the second"})
    assert read("--owner @bob the second") == ("the second", {"owner": "@bob"})


def test_a_value_that_does_not_fit_is_handed_on_for_a_refusal_of_its_own() -> None:
    assert read("it is down --sev high") == ("it is down", {"sev": "high"})


def test_an_unknown_option_names_the_near_ones() -> None:
    assert refusal("down --seb 2") == (
        "There is no option --seb. Did you mean --sev? To write it as text, put it in `backticks`."
    )
    assert refusal("down —onwer @bob") == (
        "There is no option --onwer. Did you mean --owner? To write it as text, put it in `backticks`."
    )


def test_an_unknown_option_that_is_near_to_none_names_all() -> None:
    assert refusal("down --trace") == (
        "There is no option --trace. The options are --sev, --on, --at, --owner, --title. "
        "To write it as text, put it in `backticks`."
    )
    assert refusal("down --trace", {}) == (
        "There is no option --trace. This command takes none. To write it as text, put it in `backticks`."
    )


@pytest.mark.parametrize("line", ["down --sev", "down --sev --on vista", "down --sev= --on vista", "down --sev="])
def test_an_option_without_a_value_is_refused(line: str) -> None:
    assert refusal(line) == "--sev needs a value behind it, such as `--sev 2`."


@pytest.mark.parametrize("line", ["slow –online check-in", "down —attempts fail", "it is —since noon— slow"])
def test_a_word_behind_a_long_dash_is_text(line: str) -> None:
    assert read(line) == (line, {})


def test_an_option_written_in_full_is_near_to_its_name() -> None:
    assert refusal("down --severity 2") == (
        "There is no option --severity. Did you mean --sev? To write it as text, put it in `backticks`."
    )


def test_an_option_of_another_command_is_told_where_it_goes() -> None:
    with pytest.raises(UserError) as refused:
        typed.read("fixed --sev 2", {}, {"sev": "`!incident update 4 --sev 2` sets it."})
    assert str(refused.value) == (
        "This command takes no --sev. `!incident update 4 --sev 2` sets it. To write it as text, put it in `backticks`."
    )


def test_an_option_given_twice_is_refused() -> None:
    assert refusal("down --sev 2 sev=3") == "--sev is given twice. Give it once."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#12 it is down", (12, True, "it is down")),
        ("12 it is down", (12, False, "it is down")),
        ("INC-12 it is down", (12, True, "it is down")),
        ("inc-12: it is down", (12, True, "it is down")),
        ("#12, it is down", (12, True, "it is down")),
        ("12\nit is down", (12, False, "it is down")),
        ("12? it is down", (12, False, "it is down")),
        ("#12?!", (12, True, "")),
        ("#12", (12, True, "")),
        ("12's owner", (None, False, "12's owner")),
        ("12th of May", (None, False, "12th of May")),
        ("#12a", (None, False, "#12a")),
        ("1234567890 it is down", (None, False, "1234567890 it is down")),
        ("it is down 12", (None, False, "it is down 12")),
        ("", (None, False, "")),
    ],
)
def test_a_number_is_read_from_the_start_of_a_text(text: str, found: tuple[int | None, bool, str]) -> None:
    assert typed.reference(text) == found


def test_words_in_quotes_are_one() -> None:
    assert typed.words('RPC “socket timeouts" it\'s  " "') == ["RPC", "socket timeouts", "it's"]
