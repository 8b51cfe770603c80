"""The words and phrases of a sentence."""

import pytest

from opsdesk.commands.guesses.likeness import EXAMPLES
from opsdesk.commands.sentences.pieces import LONGEST_PHRASE, first_of, pieces_of
from opsdesk.commands.word_lists.lexicon import ideas


@pytest.mark.parametrize("many", [1, 3])
def test_what_a_sentence_begins_with_is_told_from_its_first_words_alone(many: int) -> None:
    for said in ("mark has 12", "oops, mark: close 12", "12 3", "next week, 12", "", *EXAMPLES.splitlines()[::5]):
        assert first_of(said, many) == pieces_of(said)[:many], said


def test_no_phrase_is_longer_than_the_words_that_are_looked_at() -> None:
    assert max(map(len, ideas())) < LONGEST_PHRASE
