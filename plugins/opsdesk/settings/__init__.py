"""The desk's settings: the environment, data/desk.toml, and how the team's files are read."""

from opsdesk.settings.followed_file import NEVER, NOTHING_KEPT, KeptFiles, TeamFile
from opsdesk.settings.looks import looking_once
from opsdesk.settings.settings import (
    CHANNEL_ID,
    Channel,
    Channels,
    DeskFile,
    QuietDay,
    ReportTimes,
    Settings,
    doubtful,
    follow,
    has_datadog_keys,
    is_on_slack,
    last_right,
    read,
    read_file,
    state_dir,
)
from opsdesk.settings.shipped import copy_shipped
from opsdesk.settings.target import Sent, Target, TargetKind

__all__ = [
    "CHANNEL_ID",
    "NEVER",
    "NOTHING_KEPT",
    "Channel",
    "Channels",
    "DeskFile",
    "KeptFiles",
    "QuietDay",
    "ReportTimes",
    "Sent",
    "Settings",
    "Target",
    "TargetKind",
    "TeamFile",
    "copy_shipped",
    "doubtful",
    "follow",
    "has_datadog_keys",
    "is_on_slack",
    "last_right",
    "looking_once",
    "read",
    "read_file",
    "state_dir",
    "team_file",
]
