"""What the team's own files name is no secret."""

from pathlib import Path

from tests.conftest import Conversation


def test_the_team_s_own_addresses_are_repeated_and_nobody_else_s(
    talk: Conversation, environment: dict[str, str]
) -> None:
    contacts = Path(environment["DESK_DATA_DIR"]) / "contacts.toml"
    text = contacts.read_text("utf-8")
    added = 'name = "Rob Durkin"\nemail = "rob@example.org"\nphone = "202-555-0123"'
    contacts.write_text(text.replace('name = "Rob Durkin"', added, 1), "utf-8")
    assert added in contacts.read_text("utf-8")
    assert "rob@example.org" in talk("!whois rob")
    assert talk("!incident open VEText slow, ask rob@example.org or 202-555-0123, not jane@example.org").startswith(
        "🔴 #1 VEText slow, ask rob@example.org or 202-555-0123, not [e-mail]"
    )
