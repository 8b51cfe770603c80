"""The page that somebody sees who opens the desk in a chat that has a place for it: how everything stands now."""

from opsdesk.home.home import Home
from opsdesk.home.wing import build

__all__ = ["Home", "build"]
