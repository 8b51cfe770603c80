"""How long a look-up takes among 1,000 subsystems and 5,000 people; `make bench` prints it."""

import random
import statistics
import string
import time
from collections.abc import Callable

import pytest

from opsdesk.contacts import ContactsFile, Person, Subsystem
from opsdesk.directory import Directory
from opsdesk.lookup import Matched, plain

GOAL = 0.005  # seconds, the median
LOOKS = 200


def _word(random_: random.Random, least: int = 4, most: int = 10) -> str:
    return "".join(random_.choices(string.ascii_lowercase, k=random_.randint(least, most)))


@pytest.fixture(scope="module")
def directory() -> Directory:
    random_ = random.Random(6)
    people = {f"p{n}": Person(f"{_word(random_).title()} {_word(random_).title()}") for n in range(5_000)}
    subsystems = {
        f"s{n}": Subsystem(
            f"{_word(random_)}-{_word(random_)}",
            aliases=(_word(random_, 5, 12), f"{_word(random_)} {_word(random_)}"),
            keywords=tuple(f"{_word(random_)} {_word(random_)} timeout" for _ in range(3)),
        )
        for n in range(1_000)
    }
    return Directory(ContactsFile("https://team.example.com", subsystems, people, {}), {}, {})


def typed(directory: Directory, how: str) -> list[str]:
    """Names as people type them."""
    random_ = random.Random(12)
    names = [one.name for one in (*directory.subsystems.values(), *directory.people.values())]
    keywords = [keyword for one in directory.subsystems.values() for keyword in one.keywords]
    if how == "keyword":
        return [f"[Triggered] {keyword.title()}s on prod" for keyword in random_.sample(keywords, LOOKS)]
    chosen = random_.sample(names, LOOKS)
    spoilt = {
        "name": lambda name: name.upper().replace(" ", "-"),
        "word": lambda name: name.replace("-", " ").split()[0],
        "one typo": lambda name: name[:2] + name[3:],
        "two typos": lambda name: "q" + name[1:4] + name[5:],
        "unknown": lambda name: name[::-1] + "xq",
    }
    return [spoilt[how](name) for name in chosen]


def median(look: Callable[[str], object], names: list[str]) -> float:
    """Seconds a look-up takes, the middle one of all."""
    took = []
    for name in names:
        start = time.perf_counter()
        look(name)
        took.append(time.perf_counter() - start)
    return statistics.median(took)


@pytest.mark.parametrize("how", ["name", "word", "keyword", "one typo", "two typos", "unknown"])
def test_a_look_up_takes_less_than_5_ms(directory: Directory, how: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = typed(directory, how)
    plainly = {plain(name): name for name in names}
    took, by_dict = median(directory.find, names), median(lambda name: plainly.get(plain(name)), names)
    with capsys.disabled():
        ratio = took / by_dict
        print(f"\n{how}: {took * 1000:.2f} ms, {ratio:.0f} times a dict", end="")  # noqa: T201  # what a bench is for
    assert took < GOAL


def test_the_names_of_the_bench_are_found_as_they_should(directory: Directory) -> None:
    found = {how: [directory.find(name).how for name in typed(directory, how)] for how in ("name", "one typo")}
    assert set(found["name"]) == {Matched.NAME}
    assert found["one typo"].count(Matched.TYPO) > LOOKS * 0.9


def test_making_the_directory_takes_less_than_2_seconds(
    directory: Directory, capsys: pytest.CaptureFixture[str]
) -> None:
    contacts = ContactsFile("https://team.example.com", dict(directory.subsystems), dict(directory.people), {})
    start = time.perf_counter()
    Directory(contacts, {}, {})
    took = time.perf_counter() - start
    with capsys.disabled():
        print(f"\nmaking it: {took * 1000:.0f} ms", end="")  # noqa: T201  # what a bench is for
    assert took < 2
