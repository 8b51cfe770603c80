"""The desk's settings: the environment, data/desk.toml, and how the team's files are read."""

from opsdesk.settings.settings import ROOT, Channel, Channels, DeskFile, Settings, read, state_dir
from opsdesk.settings.team_file import TeamFile

__all__ = ["ROOT", "Channel", "Channels", "DeskFile", "Settings", "TeamFile", "read", "state_dir", "team_file"]
