"""The hour's questions about logs and traces spent: whoever looks after the desk hears of it."""

from datetime import timedelta

from opsdesk.datadog import Budget
from opsdesk.watch.spent import SpentNotices
from tests.oncall.stage import eastern

AT = eastern("2026-11-23 15:42:17")


class Told:
    """Hears what the admins are told."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def tell_admins_later(self, text: str) -> None:
        self.texts.append(text)


def test_the_admins_hear_once_an_hour_that_the_questions_are_spent() -> None:
    budget, told = Budget(most=2), Told()
    notices = SpentNotices(budget, told)  # type: ignore[arg-type]
    for minute in range(0, 130, 10):
        at = AT + timedelta(minutes=minute)
        budget.spend("tevi", at)
        notices.tick(at)
    assert [text.partition(":")[0] for text in told.texts] == ["Datadog, organisation tevi"] * 2
