"""What the start does without: modules of a wing that are loaded when something in them is first used."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from opsdesk import later
from tests.conftest import ROOT
from tests.patience import LONG

START = """
import logging, sys
from datetime import UTC, datetime
from errbot.bootstrap import setup_bot
import config
config.DESK_TICK = 0
config.DESK_NOW = lambda: datetime(2026, 11, 23, 17, tzinfo=UTC)
bot = setup_bot("Text", logging.getLogger(""), config)
bot.connect_callback()
assert "incidents" in bot.plugin_manager.get_all_active_plugin_names()
from opsdesk import later
print("Loaded:", *(name for name in later.named() if name in sys.modules))
print("Not loaded:", *(name for name in later.named() if name not in sys.modules))
bot.plugin_manager.get_plugin_obj_by_name("summary").desk.ticker.tick()
print("By the first tick:", all(name in sys.modules for name in later.named()))
bot.shutdown()
"""


def test_what_nobody_has_asked_for_yet_is_not_loaded_by_the_start(environment: dict[str, str]) -> None:
    path = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    run = subprocess.run(
        [sys.executable, "-c", START], env=environment | path, capture_output=True, text=True, timeout=LONG, check=True
    )
    told = run.stdout.splitlines()
    assert "Loaded:" in [line.strip() for line in told]
    (others,) = (line for line in told if line.startswith("Not loaded: "))
    assert {"opsdesk.commands.reading", "opsdesk.watch", "opsdesk.counts"} <= set(others.split())
    assert "By the first tick: True" in told


@pytest.fixture
def wing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A wing whose face says that its words are loaded later."""
    folder = tmp_path / "wing_of_a_test"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from opsdesk import later\nlater.parts(__name__, 'words')\nfrom wing_of_a_test import answers\n"
    )
    (folder / "answers.py").write_text(
        "from wing_of_a_test import words\ndef answer() -> str:\n    return words.HELLO + words.told()\n"
    )
    (folder / "words.py").write_text("HELLO = 'Hello, '\nNAME = 'Alice'\ndef told():\n    return NAME\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(later, "_named", [])
    monkeypatch.setattr(later, "_waiting", [])
    yield folder.name
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def test_a_part_is_loaded_when_something_in_it_is_first_used(wing: str) -> None:
    answers = import_module(f"{wing}.answers")
    assert later.named() == (f"{wing}.words",)
    assert f"{wing}.words" not in sys.modules
    assert answers.answer() == "Hello, Alice"
    assert f"{wing}.words" in sys.modules


def test_a_part_that_several_ask_for_at_once_is_whole_for_each(wing: str) -> None:
    answers, found = import_module(f"{wing}.answers"), list[str]()
    threads = [threading.Thread(target=lambda: found.append(answers.answer())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert found == ["Hello, Alice"] * 8


def test_a_part_is_loaded_by_another_thread_once_its_wing_is_whole(wing: str, tmp_path: Path) -> None:
    (tmp_path / wing / "__init__.py").write_text(
        "import threading\n"
        "from opsdesk import later\n"
        "later.parts(__name__, 'words')\n"
        "ticking = threading.Thread(target=later.load_next)\n"
        "ticking.start()\n"
        "ticking.join(0.1)\n"
        "from wing_of_a_test import answers\n"
    )
    (tmp_path / wing / "words.py").write_text(
        "import sys\nWAS_WHOLE = hasattr(sys.modules['wing_of_a_test'], 'answers')\n"
    )
    import_module(wing).ticking.join(LONG)
    assert sys.modules[f"{wing}.words"].WAS_WHOLE


def test_before_the_files_go_all_is_loaded(wing: str, tmp_path: Path) -> None:
    answers = import_module(f"{wing}.answers")
    later.load_all()
    shutil.rmtree(tmp_path / wing)
    assert answers.answer() == "Hello, Alice"
    assert not later.load_next()


def test_what_is_set_in_a_part_is_set_in_the_module(wing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = import_module(f"{wing}.answers")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(answers.words, "NAME", "Bob")
        assert answers.answer() == "Hello, Bob"
    assert answers.answer() == "Hello, Alice"


def test_a_part_has_nothing_that_its_module_lacks(wing: str) -> None:
    answers = import_module(f"{wing}.answers")
    with pytest.raises(AttributeError, match="farewell"):
        answers.words.farewell  # noqa: B018


class Count:
    """What is made once somebody needs it."""

    def __init__(self) -> None:
        self.number = 1

    def __call__(self, more: int) -> int:
        return self.number + more


def test_a_value_is_made_when_something_in_it_is_first_used_and_once() -> None:
    made = list[Count]()

    def make() -> Count:
        made.append(Count())
        return made[-1]

    count = later.made(make)
    assert made == []
    assert (count.number, count(2)) == (1, 3)
    count.number = 5
    assert [one.number for one in made] == [5]
    with pytest.raises(AttributeError, match="size"):
        count.size  # type: ignore[attr-defined]  # noqa: B018


def test_a_value_that_several_ask_for_at_once_is_one_for_all() -> None:
    made, begun, numbers = list[Count](), threading.Event(), list[int]()

    def make() -> Count:
        begun.wait(LONG)
        made.append(Count())
        return made[-1]

    count = later.made(make)
    threads = [threading.Thread(target=lambda: numbers.append(count.number)) for _ in range(8)]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join(LONG)
    assert (numbers, len(made)) == ([1] * 8, 1)


def test_values_are_made_of_one_another() -> None:
    first = later.made(Count)
    second = later.made(lambda: first.number + 1)
    assert second.real == 2
