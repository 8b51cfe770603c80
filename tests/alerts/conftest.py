"""What tests of alerts begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alerts.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path / "state")
    yield stage
    stage.store.close()
