"""What people are handed when they ask about counts: their own picture, whole, or why there is none."""

import errno
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from opsdesk.chat.chat import Command, Person, Place
from opsdesk.counts import answers as count_answers
from opsdesk.counts.answers import CountAnswers
from opsdesk.errors import UserError
from tests.counts.stage import AT, MONDAY, CountStage, fill
from tests.datadog.stage import DatadogStandIn


@pytest.fixture
def answers(stage: CountStage, datadog: DatadogStandIn, tmp_path: Path) -> CountAnswers:
    for weeks in range(2):
        fill(datadog, str(MONDAY - timedelta(weeks=weeks)))
    return CountAnswers(stage.source, stage.queries, tmp_path / "charts")


def chart(answers: CountAnswers, text: str, at: datetime = AT) -> Path:
    file = answers.chart(Command(text=text, by=Person(id="@alice", name="alice"), place=Place(), at=at)).file
    assert file is not None
    return file


def test_of_two_who_ask_for_different_days_each_is_handed_the_picture_of_their_own(answers: CountAnswers) -> None:
    alices = chart(answers, "today")
    drawn = alices.read_bytes()
    bobs = chart(answers, "2026-11-16")
    assert [alices.name, bobs.name] == [
        "day-2026-11-23-as-of-2026-11-23-154217.png",
        "day-2026-11-16-as-of-2026-11-23-154217.png",
    ]
    assert alices.read_bytes() == drawn
    assert bobs.read_bytes() != drawn


def test_a_picture_that_cannot_be_written_is_refused_with_the_reason(
    answers: CountAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UserError) as refused:
        chart(answers, "today")
    assert str(refused.value) == (
        "day-2026-11-23-as-of-2026-11-23-154217.png could not be written: No space left on device. "
        "Type the command again once that is mended."
    )


def test_only_the_latest_pictures_are_kept(
    answers: CountAnswers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(count_answers, "PICTURES", 2)
    drawn = [chart(answers, "today", AT + timedelta(minutes=minute)) for minute in range(4)]
    assert sorted((tmp_path / "charts").iterdir()) == drawn[2:]
