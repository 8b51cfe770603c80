"""Who else than the chat is told: people without Slack, by Microsoft Teams or e-mail. Read from data/desk.toml."""

import enum
import re

import msgspec

VARIABLE = "DESK_TARGET_"


class TargetKind(enum.StrEnum):
    """What a target is reached by."""

    TEAMS = "teams"
    MAIL = "mail"

    @property
    def told(self) -> str:
        """Return what people call it."""
        return {TargetKind.TEAMS: "Microsoft Teams", TargetKind.MAIL: "e-mail"}[self]


class Sent(enum.StrEnum):
    """What a target is sent."""

    SUMMARY = "summary"  # the 8pm post, and what has changed half an hour later
    SEVERE = "sev 1"  # that an incident of the worst severity is open, and that it is over
    NOTICES = "notices"  # outage notices


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One target: its `name` as people call it, and what it `sends`.

    `address` names the environment's variable that holds the address, which is a secret: of Teams a webhook's, of mail
    the receivers' addresses.
    """

    name: str
    kind: TargetKind
    address: str
    sends: tuple[Sent, ...] = tuple(Sent)

    @property
    def key(self) -> str:
        """Return the name by which it is told from others, however it is typed."""
        return self.name.strip().casefold()

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("name: a target needs a name that people know it by")
        if not re.fullmatch(rf"{VARIABLE}[A-Z0-9_]+", self.address):
            raise ValueError(
                f"address: name the variable that holds it, such as {VARIABLE}VISN; the address itself is a secret and "
                "stands in the environment"
            )


def check_names(targets: tuple[Target, ...]) -> None:
    """Raise a ValueError if two targets have one name: what became of their messages is kept by it."""
    names = [target.key for target in targets]
    if twice := [target.name for target in targets if names.count(target.key) > 1]:
        raise ValueError(f'targets: two are called "{twice[0]}"')
