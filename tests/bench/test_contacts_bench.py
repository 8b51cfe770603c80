"""How long a look-up takes among 1,000 subsystems and 5,000 people; `make bench` prints it."""

import random
import statistics
import string
import time
from collections.abc import Callable

import pytest

from opsdesk.contacts.directory import Directory
from opsdesk.contacts.people import Contact, ContactsFile, Subsystem
from opsdesk.text.lookup import Matched, plain
from tests.bench.test_store_bench import medians

GOAL = 0.005  # seconds, the median: what was asked for of a look-up, on whatever machine
GROWTH = 3.0  # at most so much more than ten times as long for ten times as many
LOOKS = 200

Tell = Callable[..., None]


def _word(random_: random.Random, least: int = 4, most: int = 10) -> str:
    return "".join(random_.choices(string.ascii_lowercase, k=random_.randint(least, most)))


@pytest.fixture(scope="module")
def directory() -> Directory:
    random_ = random.Random(6)
    people = {f"p{n}": Contact(f"{_word(random_).title()} {_word(random_).title()}") for n in range(5_000)}
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
def test_a_look_up_takes_less_than_5_ms(directory: Directory, how: str, tell: Tell) -> None:
    names = typed(directory, how)
    plainly = {plain(name): name for name in names}
    took, by_dict = median(directory.find, names), median(lambda name: plainly.get(plain(name)), names)
    tell(f"look-up, {how}", f"{took * 1000:.3f} ms", f"{took / by_dict:.0f} times a dict's")
    assert took < GOAL


def test_the_names_of_the_bench_are_found_as_they_should(directory: Directory) -> None:
    found = {how: [directory.find(name).how for name in typed(directory, how)] for how in ("name", "one typo")}
    assert set(found["name"]) == {Matched.NAME}
    assert found["one typo"].count(Matched.TYPO) > LOOKS * 0.9


def part_of(directory: Directory, share: int) -> ContactsFile:
    """One in `share` of its subsystems and people."""
    subsystems, people = (dict(list(all_.items())[::share]) for all_ in (directory.subsystems, directory.people))
    return ContactsFile("https://team.example.com", subsystems, people, {})


def test_making_the_directory_takes_as_long_as_it_is_large(directory: Directory, tell: Tell) -> None:
    tenth, whole = part_of(directory, 10), part_of(directory, 1)
    small, large = medians([lambda: Directory(tenth, {}, {}), lambda: Directory(whole, {}, {})], rounds=5)
    tell("making the directory", f"{large:.0f} ms", f"{large / small:.1f} times a tenth's")
    assert large / small <= 10 * GROWTH
