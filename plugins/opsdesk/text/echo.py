"""What somebody typed, repeated as a command that can be typed again."""

LONGEST_ECHO = 200  # characters of a text that are repeated


def retyped(command: str, text: str) -> str:
    """Return the command with the first line of `text` behind it, LONGEST_ECHO characters at most."""
    first = text.strip().partition("\n")[0][:LONGEST_ECHO].strip()
    left_out = "..." if first != text.strip() else ""
    echo = "..." if "`" in text else f"{first} {left_out}"  # a backtick would end the command in the answer
    return f"{command} {echo}".strip()
