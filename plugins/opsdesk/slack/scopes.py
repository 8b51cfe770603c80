"""What the Slack app must be allowed: the scopes of the manifest in README.md, each with what needs it."""

SCOPES = {
    "channels:history": "read commands and alerts in public channels",
    "channels:read": "know the names of public channels",
    "channels:write.topic": "keep who is on call in a public channel's topic",
    "chat:write": "answer",
    "files:write": "send charts and exports",
    "groups:history": "read commands and alerts in private channels",
    "groups:read": "know the names of private channels",
    "groups:write.topic": "keep who is on call in a private channel's topic",
    "im:history": "read commands in direct messages",
    "im:read": "tell direct messages from channels",
    "im:write": "send direct messages to the person on call",
    "metadata.message:read": "find its own messages again",
    "reactions:read": "see 📌 on messages in an incident's thread",
    "reactions:write": "put emoji on messages",
    "users:read": "know people's names",
}


def missing_scopes(granted: str) -> list[str]:
    """The scopes that the app lacks, of Slack's comma-separated list of those it has."""
    has = {scope.strip() for scope in granted.split(",")}
    return [scope for scope in SCOPES if scope not in has]


def scopes_lacked(granted: str | None) -> str:
    """What to do about the scopes that the app lacks; "" where it has all, or Slack does not tell."""
    missing = missing_scopes(granted) if granted else []
    if not missing:
        return ""
    return (
        f"The Slack app lacks the scopes {', '.join(missing)}. Add them under OAuth & Permissions, "
        "and install the app to the workspace again."
    )
