"""A file of the team, written anew as often as a test likes."""

from pathlib import Path

import pytest

from tests.settings.house import Written


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str) -> Path:
        path = tmp_path / "house.toml"
        path.write_text(text, "utf-8")
        return path

    return write
