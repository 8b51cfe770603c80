"""What is kept is kept as it was typed: nothing that is read in a text's words is put in their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.commands.meanings import Reading
from opsdesk.commands.reading import read

PIECES = (
    "1+1", "12+14", "12 & 14", "3/4", "a3", "alert two", "sev one", "two", "twelve", "ten to one", "12s", "404s",
    "4 me", "b4", "w/", "abt", "rn", "ppl", "hte", "texted", "the bother team", "pls", "oops", "not", "if",
    "dupe of 12", "closed", "back to normal", "s3 bucket", "-zzz 3", "ls", "cat 12", "bob's", "it’s", "vista",
    "=SUM(A1)", "1,765", "12:50",
)  # fmt: skip
KEEPING = (
    "incident note 12", "note 12", "incident update 12", "update 12", "summary note", "incident open", "open",
    "incident resolve 12", "incident link 12", "incident action 12",
)  # fmt: skip


@pytest.mark.parametrize("command", KEEPING)
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=2, max_size=6))
def test_a_text_behind_a_command_is_kept_as_typed_or_asked_about(command: str, pieces: list[str]) -> None:
    text = " ".join(("noon", *pieces, "end"))
    meant = read(f"{command} {text}")
    assert meant is not None
    if isinstance(meant, Reading):
        assert meant.text == f"12 {text}" if "12" in command else meant.text == text
