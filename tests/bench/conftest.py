"""The table of what was found, told as a whole at the end."""

from collections.abc import Callable

import pytest

TABLE = pytest.StashKey[list[str]]()


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Adds a line to the table: what was timed, and what was found."""
    subject = request.path.stem.removeprefix("test_").removesuffix("_bench")
    table = request.config.stash.setdefault(TABLE, [])

    def tell(what: str, *found: str) -> None:
        table.append(f"{subject:<11}{what:<30}" + "".join(f"{one:>24}" for one in found))

    return tell


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.section("what it costs")
    for line in config.stash.get(TABLE, []):
        terminalreporter.write_line(line)
