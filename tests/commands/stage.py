"""What the tests of what people say share."""

from opsdesk.commands.meanings import Question
from opsdesk.commands.reading import read


def asked(typed: str) -> str:
    """What the desk asks about a line."""
    meant = read(typed)
    assert isinstance(meant, Question), meant
    return meant.text
