"""The desks of this process: opened once per state folder, shared by all plugins through every reload."""

import atexit
import logging
import os
import signal
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import structs

from opsdesk import clock, desk, files, settings
from opsdesk.bot import host, log_file
from opsdesk.chat import Chat, ConsoleChat, ErrbotChat, as_markdown, irc
from opsdesk.desk import Desk
from opsdesk.errors import SettingsError, UserError
from opsdesk.settings import Settings
from opsdesk.status import VERSION
from opsdesk.store import KeptTexts, Store, open_database, open_store

log = logging.getLogger(__name__)

CONSOLES = ("text", "test")  # by what a backend calls itself; the test backend stands for the console

_desks: dict[Path, Desk] = {}
_lock = threading.Lock()
_told: set[str] = set()  # why desks could not start, in bots that go on without


def open_desk(bot: Any) -> Desk:
    """Return the desk for this bot: the first caller opens it, the others share it. Raises a SettingsError.

    The desk's own configuration brings an environment (DESK_ENVIRONMENT), and in tests a clock (DESK_NOW).
    """
    config = bot.bot_config
    environment = host.environment_of(config)
    folder = settings.state_dir(environment)
    if host.is_own(config) and (file := getattr(config, "BOT_LOG_FILE", None)):
        log_file.keep_short(file)
        log_file.mask_lines()
    with _lock:
        if folder not in _desks:
            given = read_settings(environment, own=host.is_own(config))
            if not hasattr(bot, "desk_chat") and not given.admins:
                given = structs.replace(given, admins=host.admins_of(config))  # at a console: whoever sits there
            now = getattr(config, "DESK_NOW", clock.now)
            _desks[folder] = start_desk(given, chat_of(bot, given), now, own=host.is_own(config))
        return _desks[folder]


def start_desk(given: Settings, chat: Chat, now: clock.Now, *, own: bool = False) -> Desk:
    """Return a desk on its store, which is given back if the desk cannot start. Raises a SettingsError.

    In a process of its `own` it ends if its database turns out to be none that it can work with.
    """
    store = open_stored(given.environment, own=own)
    if store.desks.shared:
        store.desks.introduce(VERSION, files.digest(given.data_dir))
    now = store.desks.clock(now)
    try:
        made = desk.build(given, chat, now, store)
        made.incidents.refresh_cards(now())
        if not made.trouble.is_heard(now()):
            log.warning("Nobody hears of trouble: set DESK_ADMINS, or put people into data/rotation.toml.")
        return made
    except BaseException:  # whatever it was, the next try must find the folder free
        store.close()
        raise


def read_settings(environment: Mapping[str, str], *, own: bool = False) -> Settings:
    """Return the settings. A desk.toml that is wrong, or gone, leaves the one in force that was last right.

    The admins are told of that once the desk has begun. Raises a SettingsError where nothing earlier is kept.
    """
    try:
        return settings.read(environment)
    except SettingsError as wrong:
        earlier = _last_settings(environment, own=own)
        if earlier is None:
            raise
        log.critical("The desk goes by what desk.toml said when it was last right: %s", wrong)
        return earlier


def _last_settings(environment: Mapping[str, str], *, own: bool) -> Settings | None:
    """Return the settings with the desk.toml that was last right, None where none is kept or nobody can know."""
    if not is_shared(environment) and not settings.state_dir(environment).is_dir():
        return None
    try:
        with closing(open_stored(environment, own=own)) as store:
            return settings.last_right(environment, KeptTexts(store))
    except (UserError, SettingsError) as unknown:
        log.warning("What desk.toml said when it was last right cannot be found out: %s", unknown)
        return None


def open_stored(environment: Mapping[str, str], *, own: bool) -> Store:
    """Return the store that the environment names: the database of DESK_DATABASE_URL, else the state folder."""
    folder = settings.state_dir(environment)
    if not is_shared(environment):
        return open_store(folder)
    url = environment["DESK_DATABASE_URL"].strip()
    return open_database(url, end_process if own else log.critical, folder)


def is_shared(environment: Mapping[str, str]) -> bool:
    """Return whether the store is a database, which other desks may share."""
    return bool(environment.get("DESK_DATABASE_URL", "").strip())


def end_process(why: str) -> None:
    """End this process in order, so that whoever keeps it running starts it anew."""
    log.critical("The desk ends: %s", why)
    os.kill(os.getpid(), signal.SIGTERM)


def cannot_start(wrong: SettingsError) -> SystemExit:
    """Return what ends the process with the reason: raise it in the main thread, which starts the desk."""
    log.critical("The desk cannot start: %s", wrong)
    return SystemExit(f"The desk cannot start: {wrong}")


def tell_waiting(bot: Any, wrong: SettingsError) -> str:
    """Return why the desk cannot start, in somebody's own bot, which goes on; its admins are told each reason once."""
    folder = host.data_dir(bot.bot_config)
    reason = (
        f"The desk cannot start: {wrong}\nOnce that is mended it starts by itself. The team's files are in {folder}."
    )
    with _lock:
        known = reason in _told
        _told.add(reason)
    if not known:
        log.critical("%s", reason)
        try:
            bot.warn_admins(as_markdown(reason))
        except Exception:  # whatever a backend raises, the plugins go on
            log.exception("The admins could not be told")
    return reason


def close_desks() -> None:
    """Close every desk of this process: at its end, or before the same folder is opened again."""
    with _lock:
        while _desks:
            _desks.popitem()[1].close()


atexit.register(close_desks)  # whichever bot the process is: other desks on the store need not wait until it is missed


def chat_of(bot: Any, given: Settings) -> Chat:
    """Return the chat that `bot` runs on: a backend may bring its own (`desk_chat`), else Errbot's sending serves."""
    if hasattr(bot, "desk_chat"):
        return bot.desk_chat()  # type: ignore[no-any-return]  # errbot is not typed
    names = {room.id: room.name for room in given.file.channels.all if room.name}
    if bot.mode == "irc":
        return irc.IrcChat(bot, names, given.admins)
    return (ConsoleChat if bot.mode in CONSOLES else ErrbotChat)(bot, names, given.admins)
