"""The scopes that the Slack app needs, as in the README's manifest, each with its use."""

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
# Without these the desk starts all the same, and does without what they are for.
OPTIONAL = {"commands": "be asked by slash commands and buttons"}


def advice_on_scopes(granted: str | None) -> str:
    """Return what to do about the scopes that the app lacks; "" if it has all, or Slack does not tell.

    `granted` is Slack's comma-separated list of the scopes the app has.
    """
    missing = [scope for scope in SCOPES if scope not in _in(granted)]
    if not granted or not missing:
        return ""
    return (
        f"The Slack app lacks the scopes {', '.join(missing)}. Add them under OAuth & Permissions, "
        "and install the app to the workspace again."
    )


def lacking(granted: str | None) -> str:
    """Return what the desk does without for want of a scope; "" if the app has all, or Slack does not tell.

    `granted` is Slack's comma-separated list of the scopes the app has.
    """
    missing = [scope for scope in OPTIONAL if scope not in _in(granted)]
    if not granted or not missing:
        return ""
    without = " and ".join(f"{scope} (to {OPTIONAL[scope]})" for scope in missing)
    return f"The Slack app lacks {without}. It works without; the README's manifest has it."


def _in(granted: str | None) -> set[str]:
    return {scope.strip() for scope in (granted or "").split(",")}
