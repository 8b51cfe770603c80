"""Errbot's configuration: Slack where its tokens are in the environment, else the text console."""

import gc
import logging
import os
import re
from pathlib import Path
from typing import Any

gc.freeze()  # what is loaded by now stays: no look for what is no longer needed has to go through it again
gc.set_threshold(100_000)  # nor is there much to be found until the desk has started, which opsdesk.memory ends
os.umask(0o077)  # what the desk writes, its log as well, is for nobody else on this machine to read

ROOT = Path(__file__).resolve().parent
STATE = Path(os.environ.get("DESK_STATE_DIR") or ROOT / "data" / "state")
# Patterns as they are written: a desk at a console, where no secret is set, need compile none of them.
PLACEHOLDER = (
    r"(?i)changeme|placeholder|\.\.\.|<|(?:^|-)x{3,}(?:-|$)|(?<![a-z])(?:your|todo|dummy|example|replace)(?![a-z])"
)
UNBROKEN = r"[!-~]*"
SLACK_USER = r"[UW][A-Z0-9]{4,}"
SECRETS = r"DESK_(DATADOG_\w+_KEY|WEBHOOK_\w+_SECRET|SENTRY_TOKEN|HEARTBEAT_URL|DATABASE_URL)"


def secret(name: str) -> str:
    """Return the variable without blanks around it, "" where it is not set.

    Ends the desk, without repeating the value, where that is plainly a placeholder or could not be sent in a header.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        return ""
    if re.search(PLACEHOLDER, value):
        raise SystemExit(f"{name} holds a placeholder, not a value. Set it to the real one, or unset it.")
    if not re.fullmatch(UNBROKEN, value):
        raise SystemExit(f"{name} holds a line break, a blank or a letter that no key has. Copy it anew, on one line.")
    return value


SLACK_BOT_TOKEN = secret("SLACK_BOT_TOKEN")
SLACK_APP_TOKEN = secret("SLACK_APP_TOKEN")
SLACK_SIGNING_SECRET = secret("SLACK_SIGNING_SECRET")
ADMINS = tuple(name.strip() for name in os.environ.get("DESK_ADMINS", "").split(",") if name.strip())

if SLACK_BOT_TOKEN:
    for admin in ADMINS:
        if not re.fullmatch(SLACK_USER, admin):
            raise SystemExit(
                "DESK_ADMINS holds something that is no Slack user id. Put ids such as U012AB3CD, separated by "
                'commas: in a profile on Slack, "Copy member ID".'
            )

for name in os.environ:
    if name.startswith("DESK_") and re.fullmatch(SECRETS, name):
        secret(name)  # the library reads it: here it is only kept from being what no key is

DESK_ENVIRONMENT = {"DESK_DATA_DIR": str(ROOT / "data"), "DESK_STATE_DIR": str(STATE)} | {
    name: value for name, value in os.environ.items() if value
}
BOT_DATA_DIR = str(STATE / "errbot")
try:
    STATE.mkdir(mode=0o700, parents=True, exist_ok=True)
    Path(BOT_DATA_DIR).mkdir(exist_ok=True)
except OSError as error:
    raise SystemExit(
        f"{STATE} cannot be used: {error.strerror}. Give the desk a folder that it may write to, in DESK_STATE_DIR."
    ) from None
BOT_EXTRA_PLUGIN_DIR = str(ROOT / "plugins")
BOT_EXTRA_BACKEND_DIR = str(ROOT / "backends" / "slackdesk" / ".errbot")
BOT_LOG_FILE = str(STATE / "errbot.log")  # which the desk keeps short
BOT_LOG_LEVEL = logging.INFO
logging.getLogger("errbot.plugins.ACLs").setLevel(logging.WARNING)  # it has a line per command of each `!help`
for quiet in ("errbot.plugin_manager", "errbot.core_plugins.wsview"):
    logging.getLogger(quiet).setLevel(logging.WARNING)  # they have five lines per plugin of each start
# Lines of Errbot's that hold what people type, and a warning of messages too long, which none is for a console.
UNWANTED_LINES = ("Processing command", "Message size limit")
logging.getLogger("errbot.core").addFilter(lambda record: not str(record.msg).startswith(UNWANTED_LINES))
# And a line per address that the web server would answer, whether or not there is one.
logging.getLogger("errbot").addFilter(lambda record: not str(record.msg).startswith("webhooks: Flag to bind"))
BOT_PREFIX = "!"
BOT_ALT_PREFIXES = ("@desk",)  # on Slack the backend puts the bot's own mention in its place
BOT_ALT_PREFIX_SEPARATORS = (":", ",", " ")
STORAGE = "Memory"  # Errbot's own file storage serves but one thread from Python 3.13 on; the desk has its store
AUTOINSTALL_DEPS = False
CORE_PLUGINS: tuple[str, ...] = ("ACLs", "CommandNotFoundFilter", "Health", "Help", "Plugins", "Utils")
ACCESS_CONTROLS_DEFAULT: dict[str, object] = {}
HIDE_RESTRICTED_COMMANDS = True

SENTRY_DSN = secret("SENTRY_DSN")
BOT_LOG_SENTRY = bool(SENTRY_DSN)
SENTRY_LOGLEVEL = SENTRY_EVENTLEVEL = logging.ERROR
if SENTRY_DSN:
    from sentry_sdk.utils import BadDsn, Dsn

    try:
        Dsn(SENTRY_DSN)
    except BadDsn:
        raise SystemExit("SENTRY_DSN is not an address that Sentry gave out. Copy it anew, or unset it.") from None


def without_words(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Return what Sentry is sent of an error: its place and kind, and no word that somebody may have typed."""
    logger, logged = str(event.get("logger", "")), event.get("logentry") or {}
    plain = ("event_id", "level", "logger", "timestamp", "platform", "release", "sdk")
    kept = {name: event[name] for name in plain if name in event}
    errors = [one | {"value": ""} for one in (event.get("exception") or {}).get("values", ())]
    # The desk's own lines are fixed words with what they speak of apart; Errbot's hold whole messages.
    message = masked(str(logged.get("message", ""))) if logger.startswith("opsdesk") else ""
    release = release_of_the_desk()
    tags = {"release": release, "plugin": plugin_of(logger, errors)}
    return kept | {"exception": {"values": errors}, "logentry": {"message": message}, "release": release, "tags": tags}


def masked(words: str) -> str:
    """Return words of a log line without private data; none where the library cannot say."""
    try:
        from opsdesk import guard  # at the first error: Errbot makes the library known after it read this file

        return guard.mask(words).text
    except Exception:  # noqa: BLE001  # it is an error that is told of: another must not take its place
        return ""


def release_of_the_desk() -> str:
    """Return "desk@1.0.0"; "" where the library is what is wrong."""
    try:
        from opsdesk.status import VERSION
    except Exception:  # noqa: BLE001  # whatever it is, it may be what is told of
        return ""
    return f"desk@{VERSION}"


def plugin_of(logger: str, errors: list[dict[str, Any]]) -> str:
    """Return the plugin or the wing in which an error arose: the innermost in its trace, else that which logged it."""
    frames = [frame for error in errors for frame in (error.get("stacktrace") or {}).get("frames", ())]
    places = [*(str(frame.get("module")) for frame in reversed(frames)), logger]
    found = filter(None, (re.match(r"(?:opsdesk|errbot\.plugins)\.(\w+)", place) for place in places))
    return next((one[1].lower() for one in found), "errbot")


SENTRY_OPTIONS = {
    "before_send": without_words,
    "max_breadcrumbs": 0,
    "send_default_pii": False,
    "include_local_variables": False,
    "max_request_body_size": "never",
    "trace_propagation_targets": [],  # no sentry-trace and baggage headers to Datadog, Slack or anybody
}

if SLACK_BOT_TOKEN:
    if not (SLACK_APP_TOKEN or SLACK_SIGNING_SECRET):
        raise SystemExit("SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (Events API).")
    if not SLACK_APP_TOKEN and not os.environ.get("DESK_WEB"):
        raise SystemExit("SLACK_SIGNING_SECRET needs DESK_WEB=host:port, where Slack's requests arrive.")
    BACKEND = "SlackDesk"
    SLACK_API_URL = os.environ.get("SLACK_API_URL", "").strip()
    BOT_IDENTITY = {"token": SLACK_BOT_TOKEN}
    if SLACK_APP_TOKEN:
        BOT_IDENTITY["app_token"] = SLACK_APP_TOKEN
    else:
        BOT_IDENTITY["signing_secret"] = SLACK_SIGNING_SECRET
    BOT_ADMINS = ADMINS
    BOT_ADMINS_NOTIFICATIONS = ()  # the backend tells BOT_ADMINS itself, as often as it takes
    MESSAGE_SIZE_LIMIT = 4000
else:
    BACKEND = "Text"
    TEXT_DEMO_MODE = True
    BOT_ASYNC = False  # one person types: what is typed last is answered before the end
    MESSAGE_SIZE_LIMIT = 60_000  # an answer of 4,000 characters, each written so that Markdown leaves it alone
    BOT_IDENTITY = {"username": "@desk"}
    # Errbot's console takes its one user from here: whoever sits at it.
    BOT_ADMINS = ("@" + (os.environ.get("USER") or "you"),)
    CORE_PLUGINS += ("TextCmds",)  # !inroom, !asuser and the others that the console's own words offer

# Errbot's own commands about itself are the admins': everybody else's !help is about production support.
ACCESS_CONTROLS = {f"{plugin}:*": {"allowusers": BOT_ADMINS} for plugin in ("Health", "Plugins", "Utils")}
