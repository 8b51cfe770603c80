"""A bot on slackv3's own backend with nothing but Errbot's core plugins, to compare the desk with."""

import os
from pathlib import Path

import slack_sdk.web


class LocalClient(slack_sdk.web.WebClient):
    """A WebClient for SLACK_API_URL: slackv3 itself cannot be told of one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **(kwargs | {"base_url": os.environ["SLACK_API_URL"]}))


slack_sdk.web.WebClient = LocalClient

STATE = Path(os.environ["DESK_STATE_DIR"])
BOT_DATA_DIR = str(STATE / "errbot")
Path(BOT_DATA_DIR).mkdir(parents=True, exist_ok=True)
BOT_EXTRA_PLUGIN_DIR = None
BOT_LOG_FILE = str(STATE / "errbot.log")
BOT_LOG_LEVEL = 20
BACKEND = "SlackV3"
BOT_IDENTITY = {"token": os.environ["SLACK_BOT_TOKEN"], "app_token": os.environ["SLACK_APP_TOKEN"]}
BOT_ADMINS = ()
BOT_PREFIX = "!"
AUTOINSTALL_DEPS = False
CORE_PLUGINS = ("ACLs", "CommandNotFoundFilter", "Health", "Help", "Plugins", "Utils")
