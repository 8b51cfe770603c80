"""What to do, step by step: read from Markdown, told in parts that fit a message."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsdesk.contacts import runbooks
from opsdesk.contacts.directory import Directory
from opsdesk.contacts.guide_words import runbook
from opsdesk.contacts.links import Link
from opsdesk.contacts.people import ContactChannel, ContactsFile, Subsystem
from opsdesk.contacts.runbooks import Runbook
from opsdesk.errors import UserError

AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
LINKS = {"stats": Link("The stats", "https://example.com/stats?to={to_ms}")}
CONTACTS = ContactsFile(
    "https://team.example.com",
    {"workflow": Subsystem("Workflow", runbooks=("sidekiq", "puma"))},
    {},
    {"help": ContactChannel("C0123ABCD", "#help")},
)
SIDEKIQ = """\
1. Open [the stats](link:stats).
   - **Rising**: [puma](runbook:puma).

## Then

- Tell #help, not #nobody."""
BOOKS = {
    "sidekiq": Runbook("sidekiq", "Sidekiq", SIDEKIQ),
    "puma": Runbook("puma", "Puma", "1. Look."),
    "long": Runbook("long", "Long", "\n".join(f"{n}. {'word ' * 60}" for n in range(1, 31))),
}
DIRECTORY = Directory(CONTACTS, LINKS, BOOKS)


def test_a_runbook_is_a_title_and_steps(tmp_path: Path) -> None:
    (tmp_path / "vista-api.md").write_text("# vista-api\n\n1. Look.\n2. Ask.\n")
    (tmp_path / "notes.txt").write_text("not a runbook")
    assert runbooks.read(tmp_path) == ({"vista-api": Runbook("vista-api", "vista-api", "1. Look.\n2. Ask.")}, [])


def test_files_that_are_no_runbooks_are_told_and_the_others_read(tmp_path: Path) -> None:
    folder = tmp_path / "runbooks"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n\n1. Look.")
    (folder / "b.md").write_text("1. Look.")
    (folder / "c.md").write_text("# C\n\n")
    (folder / "d.md").write_bytes(b"# D\n\n\xff")
    books, complaints = runbooks.read(folder)
    assert list(books) == ["a"]
    assert [complaint.partition(":")[0] for complaint in complaints] == [f"runbooks/{name}.md" for name in "bcd"]


def test_a_folder_that_is_not_there_has_no_runbooks(tmp_path: Path) -> None:
    assert runbooks.read(tmp_path / "runbooks") == ({}, [])


def test_it_knows_what_it_points_to() -> None:
    assert list(BOOKS["sidekiq"].references) == [("link", "stats"), ("runbook", "puma")]


def test_the_steps_come_as_chats_write_them_and_the_addresses_behind() -> None:
    assert runbook(DIRECTORY, "sidekiq", AT) == (
        "*Sidekiq*\n"
        "1. Open the stats.\n"
        "   • *Rising*: `!runbook puma`.\n"
        "\n"
        "*Then*\n"
        "\n"
        "• Tell <#C0123ABCD|help>, not #nobody.\n"
        "\n"
        "*The stats* https://example.com/stats?to=1795457520000"
    )


def test_a_subsystem_with_several_lists_them() -> None:
    assert runbook(DIRECTORY, "workflow", AT) == (
        '2 for "workflow":\n• *Sidekiq* `!runbook sidekiq`\n• *Puma* `!runbook puma`'
    )


def test_one_that_is_only_near_is_offered() -> None:
    with pytest.raises(UserError) as offered:
        runbook(DIRECTORY, "pumma", AT)
    assert str(offered.value) == 'There is no runbook for "pumma". Did you mean *Puma*, `!runbook puma`?'


def test_a_long_one_comes_in_parts_that_lose_nothing() -> None:
    parts = [runbook(DIRECTORY, f"long {number}", AT) for number in (1, 2, 3)]
    assert runbook(DIRECTORY, "long", AT) == parts[0]
    assert all(len(part) <= 3500 for part in parts)
    told = [part.rpartition("\nPart ")[0] for part in parts]
    assert "\n".join(told) == "*Long*\n" + BOOKS["long"].text
    assert [part.rpartition("\n")[2] for part in parts] == [
        "Part 1 of 3 · `!runbook long 2` shows the next",
        "Part 2 of 3 · `!runbook long 3` shows the next",
        "Part 3 of 3",
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("the moon", 'There is no runbook for "the moon". `!runbook` lists them.'),
        ("puma 2", "There is 1 part: `!runbook puma`"),
        ("long 4", "There are 3 parts: `!runbook long`"),
        ("long 0", "There are 3 parts: `!runbook long`"),
    ],
)
def test_what_there_is_not_is_refused_with_what_to_type(typed: str, told: str) -> None:
    with pytest.raises(UserError) as refused:
        runbook(DIRECTORY, typed, AT)
    assert str(refused.value) == told
