"""What several conversations begin with."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Conversation, MovedClock
from tests.counts.stage import fill
from tests.datadog.stage import DatadogStandIn
from tests.oncall.stage import ROTATION_TOML

Talk = Callable[[], Conversation]


@pytest.fixture
def asking(environment: dict[str, str], datadog: DatadogStandIn, clock: MovedClock, start: Talk) -> Talk:
    """Starts a desk with keys, at 3:42pm on Monday, November 23; four Mondays were like it."""
    environment |= datadog.environment
    clock.to("2026-11-23 15:42:17")
    for day in ("2026-11-23", "2026-11-16", "2026-11-09", "2026-11-02", "2026-10-26"):
        fill(datadog, day)
    return start


@pytest.fixture
def team(environment: dict[str, str]) -> None:
    """Puts Alice, Bob and Charlie on the rotation."""
    (Path(environment["DESK_DATA_DIR"]) / "rotation.toml").write_text(ROTATION_TOML)


@pytest.fixture
def edit(environment: dict[str, str]) -> Callable[[str, str, str], None]:
    """Changes one of the team's files, as somebody with an editor would."""

    def change(name: str, before: str, after: str) -> None:
        path = Path(environment["DESK_DATA_DIR"]) / name
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))

    return change
