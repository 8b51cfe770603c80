"""What somebody is to the workspace, as Slack tells of them by id."""

import enum
from collections.abc import Mapping
from typing import Any

from opsdesk.patterns import regex

SLACKBOT = "USLACKBOT"  # says what anybody has it say, and is no bot by its flags
TEAM = regex(r"[TE][A-Z0-9]{5,}")


class Standing(enum.Enum):
    """What somebody is to the workspace; of those who are told that they may not, what they are told."""

    MEMBER = "a member"
    GUEST = "You are a guest of this workspace. Production support is for its members: ask one of them."
    FOREIGN = "You are of another workspace. Production support is for the members of this one: ask one of them."
    APP = "an app"
    GONE = "deactivated"
    UNKNOWN = "Slack cannot say just now who you are, and I have not heard of you before. Type it again in a minute."

    @property
    def told(self) -> str:
        """Return what they are told, alone; "" where there is nobody to tell."""
        return self.value if self in (Standing.GUEST, Standing.FOREIGN, Standing.UNKNOWN) else ""

    @property
    def shown(self) -> str:
        """Return what stands on the page of somebody who is not to see what members see; "" for a member."""
        again = (
            "Slack cannot say just now who you are, and I have not heard of you before. Open this again in a minute."
        )
        return {Standing.MEMBER: "", Standing.UNKNOWN: again}.get(self, self.value)

    @property
    def why(self) -> str:
        """Return why they are refused, for the audit log."""
        return {
            Standing.GUEST: "A guest.",
            Standing.FOREIGN: "Of another workspace.",
            Standing.APP: "An app.",
            Standing.GONE: "Deactivated.",
            Standing.UNKNOWN: "Slack could not say who that is.",
        }.get(self, "")


def standing_of(user: Mapping[str, Any], home: str, enterprise: str) -> Standing:
    """Return what `user` (users.info's) is to the workspace with the id `home`, of that Enterprise ("" for none).

    `is_unknown` is of what stands in for an answer of Slack's. Workspaces of one Enterprise are one. Source: https://docs.slack.dev/reference/objects/user-object
    """
    if user.get("is_unknown"):
        return Standing.UNKNOWN
    if user.get("deleted"):
        return Standing.GONE
    if user.get("is_bot") or user.get("is_workflow_bot") or user.get("id") == SLACKBOT:
        return Standing.APP
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.FOREIGN if user.get("is_stranger") or _is_of_another(user, home, enterprise) else Standing.MEMBER


def _is_of_another(user: Mapping[str, Any], home: str, enterprise: str) -> bool:
    team = str(user.get("team_id") or "")
    known = TEAM.fullmatch(team) and TEAM.fullmatch(home)
    same = team in (home, enterprise) or (enterprise and _enterprise_of(user) == enterprise)
    return bool(known) and not same


def _enterprise_of(user: Mapping[str, Any]) -> str:
    return str((user.get("enterprise_user") or {}).get("enterprise_id") or "")
