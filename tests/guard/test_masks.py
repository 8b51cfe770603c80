"""Private data is masked however people type it, and nothing else is."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsdesk.guard import Allowed, Kind, allowing, clean, mask
from tests.guard.stage import TEAM, Sample, ordinary_lines, private_lines, score

PRIVATE, ORDINARY = private_lines(), ordinary_lines()
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212\uff0d"
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f"


def test_there_are_lines_enough():
    assert len(PRIVATE) >= 400
    assert len(ORDINARY) >= 600


def test_nothing_private_is_read_and_nothing_else_is_lost():
    found = score()
    assert found.recall == 1.0
    assert found.precision > 0.99


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name.lower())
def test_each_kind_is_told_by_its_label(kind: Kind):
    told = [sample for sample in PRIVATE if sample.masked.count(kind.label) and len(sample.secrets) == 1]
    assert len(told) >= 5
    assert all(mask(sample.typed, TEAM).kinds == (kind,) for sample in told)


def test_what_is_masked_stays_as_it_is():
    for sample in PRIVATE:
        assert clean(clean(sample.typed, TEAM), TEAM) == clean(sample.typed, TEAM)


@settings(deadline=None)
@given(st.sampled_from(PRIVATE), st.sampled_from(ORDINARY), st.sampled_from(ORDINARY))
def test_ordinary_lines_around_it_hide_nothing(sample: Sample, above: Sample, below: Sample):
    read = mask(f"{above.typed}\n{sample.typed}\n{below.typed}", TEAM).text
    assert not [piece for piece in sample.leaks(read) if piece not in above.typed + below.typed]


WRITTEN = (
    ("veteran {} again", "987-65-4320", Kind.SSN),
    ("ssn {}", "987654320", Kind.SSN),
    ("({})", "1012345678V123456", Kind.ICN),
    ("{}", "1012345678V123456789012", Kind.ICN),
    ("EDIPI: {}", "1005490754", Kind.EDIPI),
    ("dfn={}", "7180001", Kind.DFN),
    ("call {}", "202-555-0123", Kind.PHONE),
    ("dob {}", "01/02/1950", Kind.BIRTH),
)


@settings(deadline=None)
@given(st.data())
def test_nothing_comes_through_in_other_digits_and_dashes_or_with_letters_nobody_sees(data: st.DataObject):
    around, secret, kind = data.draw(st.sampled_from(WRITTEN))
    digits, dash = data.draw(st.sampled_from(DIGITS)), data.draw(st.sampled_from(DASHES))
    unseen = data.draw(st.lists(st.sampled_from(["", *UNSEEN]), min_size=len(secret), max_size=len(secret)))
    written = "".join(
        (digits[int(letter)] if letter.isdigit() else dash if letter == "-" else letter) + between
        for letter, between in zip(secret, unseen, strict=True)
    )
    assert mask(around.format(written)).kinds == (kind,)
    assert not any(letter.isdecimal() for letter in mask(around.format(written)).text)


@settings(deadline=None)
@given(st.data())
def test_nothing_comes_through_over_two_lines(data: st.DataObject):
    secret, place = "987-65-4320", data.draw(st.integers(1, 10))
    broken = f"{secret[:place]}\n{secret[place:]}"
    assert mask(f"it says {broken} here").text == "it says [SSN] here"


@settings(deadline=None)
@given(
    st.sampled_from(["", "x", "ssn", ":", "(", '"', "é", "日"]), st.sampled_from(["", "x", ")", '"', ".", "é", "日"])
)
def test_nothing_comes_through_joined_to_what_stands_beside_it(before: str, behind: str):
    assert mask(f"{before}987-65-4320{behind}").text == f"{before}[SSN]{behind}"
    assert mask(f"{before}1012345678V123456{behind}").text == f"{before}[ICN]{behind}"


def test_the_team_s_own_stay_and_so_do_domains_and_ranges_it_names():
    typed = "Ask Jane Roe, jane@example.org, 202-555-0123 x4, or desk@med.va.gov, (312) 555-0199"
    team = allowing(
        names=("Jane Roe",),
        emails=("Jane@Example.org",),
        numbers=("+1 202 555 0123",),
        domains=("va.gov",),
        ranges=("312-555-01",),
    )
    assert mask(typed, team).text == typed
    assert mask(typed, Allowed(domains=())).text == "Ask Jane Roe, [e-mail], [phone], or [e-mail], [phone]"


def test_what_the_team_s_files_no_longer_name_is_masked_from_then_on() -> None:
    assert mask("Call 202-555-0123", allowing(numbers=("202-555-0123",))).text == "Call 202-555-0123"
    assert mask("Call 202-555-0123", allowing(numbers=("202-555-0199",))).text == "Call [phone]"


def test_a_range_without_a_digit_is_refused():
    with pytest.raises(ValueError, match="no digit"):
        allowing(ranges=("toll-free",))


def test_a_domain_is_not_another_that_ends_alike():
    assert mask("bob@notva.gov", TEAM).text == "[e-mail]"


HOSTILE = (
    *("1", "1-", "12 ", "123 45 ", "1\n", "٣", "ssn ", "ssn 1 ", "dfn: : : ", "claim a1-", "a@", "a@a.", "%40", "(at)"),
    *("veteran Aa ", "patient, ", "Aa ", "name: ", "last name ", "Mr. A ", "-----BEGIN KEY-----", "; a=b", "key="),
    *("authorization: Bearer a,b=", "api_key=a", "token: 'a", "http://a:", "eyJa.", "xoxb-1", "sg.", "check-in/"),
    *("check-in?id=1&", "12345678-1234-", "&token=1", "1 Aa St, ", "12 oak street apt ", "OH 12345 ", "dob 1/1/"),
    *("last 4 ", "[name] 1", "pid|1|", "xxx-xx-", 'body="hi ', "l4 1", "patient a1", "code 1", "dfn is "),
    *(
        "january fifth ",
        "two one ",
        "social two ",
        "<family value='a' ",
        "pid|1 a^",
        '"street":"1 a","zip":"1',
        "A B <",
    ),
    *("ssn 987-65-4320 Aa Bb ", "name Aa, ", "medicare a1-", "paciente Aa de ", "fecha de nac 1 de "),
    *("1 jan ", "+1(", "(123) 1", "phone 1", "1.1.", "<tel:", "[SSN]", "\u200b", "A. B", '"name":"', "%22", "curl "),
)


def seconds(text: str) -> float:
    """The processor's time that the masks take for a text, the least of three."""
    times = []
    for _ in range(3):
        begun = time.thread_time()
        mask(text)
        times.append(time.thread_time() - begun)
    return min(times)


@pytest.mark.parametrize("unit", HOSTILE)
def test_ten_times_the_text_takes_about_ten_times_as_long(unit: str):
    shorter, longer = ((unit * length)[:length] for length in (4_000, 40_000))
    assert seconds(longer) < 30 * max(seconds(shorter), 0.0005)
