"""A desk that is killed while a crowd types: nothing is lost or doubled, and each thread keeps its order."""

from pathlib import Path

from tests.e2e.crowd import typed_at


def test_a_hundred_commands_at_two_desks_of_which_one_is_killed(tmp_path: Path) -> None:
    typed_at(tmp_path, 2, 100, every=1.5, kills=1)
