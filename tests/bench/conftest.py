"""The table of what was found, told as a whole at the end."""

from collections.abc import Callable, Iterator

import pytest

TABLE, GOALS = pytest.StashKey[list[str]](), pytest.StashKey[list[str]]()


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Adds a line to the table: what was timed, and what was found."""
    subject = request.path.stem.removeprefix("test_").removesuffix("_bench")
    table = request.config.stash.setdefault(TABLE, [])

    def tell(what: str, *found: str) -> None:
        table.append(f"{subject:<11}{what:<30}" + "".join(f"{one:>24}" for one in found))

    return tell


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Iterator[Callable[..., None]]:
    """Adds a line to the table of goals: what was measured of what, and what it is to stay below.

    The test fails at its end for what was beyond, so that the table has all that it measures.
    """
    table, missed = request.config.stash.setdefault(GOALS, []), list[str]()

    def judge(what: str, measured: float, goal: float, unit: str) -> None:
        over = "  over" if measured > goal else ""
        table.append(f"{what:<58}{f'{goal:g} {unit}':>16}{f'{measured:.3g} {unit}':>18}{over}")
        missed.extend([what] if over else [])

    yield judge
    assert not missed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.section("what it costs")
    for line in config.stash.get(TABLE, []):
        terminalreporter.write_line(line)
    terminalreporter.section("what was promised")
    terminalreporter.write_line(f"{'':<58}{'goal':>16}{'measured':>18}")
    for line in config.stash.get(GOALS, []):
        terminalreporter.write_line(line)
