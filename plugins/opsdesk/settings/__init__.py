"""The desk's settings: the environment, data/desk.toml, and how the team's files are read."""

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
    is_on_slack,
    read,
    read_file,
    state_dir,
)
from opsdesk.settings.shipped import copy_shipped
from opsdesk.settings.target import Sent, Target, TargetKind
from opsdesk.settings.team_file import TeamFile

__all__ = [
    "CHANNEL_ID",
    "Channel",
    "Channels",
    "DeskFile",
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
    "is_on_slack",
    "looking_once",
    "read",
    "read_file",
    "state_dir",
    "team_file",
]
