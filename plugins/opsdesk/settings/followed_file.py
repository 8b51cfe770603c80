"""A file of the team as the desk follows it: read again when it changes, and kept for a start that finds it wrong."""

import logging
import os
import stat
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from opsdesk.errors import SettingsError, UserError
from opsdesk.settings import looks
from opsdesk.settings.team_file import text_of

log = logging.getLogger(__name__)

T = TypeVar("T")

Stamp = tuple[str, int, int, int]
STILL = "What it said when it was last right stays in force."
KEPT = "What it said when it was last right, before this start, stays in force."
NEVER = "There is no earlier version to go by."
READ = (".md", ".toml")  # what is kept of a folder


class KeptFiles(Protocol):
    """Keeps what files said when they were last right. Both methods raise a UserError where that is not possible."""

    def texts(self, name: str) -> Mapping[str, str]:
        """Return the texts kept under a name, by their paths below the team's folder; none where nothing is kept."""

    def keep(self, name: str, texts: Mapping[str, str]) -> None:
        """Keep these texts under a name, instead of all that was kept under it."""


class NothingKept:
    """Stands for what is kept where nothing outlives the process."""

    def texts(self, name: str) -> Mapping[str, str]:
        """Return no texts."""
        return {}

    def keep(self, name: str, texts: Mapping[str, str]) -> None:
        """Keep nothing."""


NOTHING_KEPT = NothingKept()


def last_right(name: str, kept: KeptFiles, read: Callable[[Path], T]) -> T | None:
    """Return the file `name` as it was kept; None where it was not, or where this desk finds that wrong, too.

    Raises a UserError while nobody can know.
    """
    texts = kept.texts(name)
    if not texts:
        return None
    from tempfile import TemporaryDirectory  # for the rare start that finds a file wrong

    try:
        with TemporaryDirectory() as folder:
            for path, text in texts.items():
                _write(Path(folder) / path, text)
            return read(Path(folder) / name)
    except (OSError, SettingsError) as unusable:
        log.warning("What %s said when it was last right cannot be gone by: %s", name, unusable)
        return None


class TeamFile(Generic[T]):
    """A file as the team last wrote it correctly, with the files `beside` it (of a folder, every file in it).

    Calling it gives the value; after an edit the file is read again first. A wrong edit leaves the last good value
    in force, and is complained about once; the last complaint says which value is in force. So is that an optional
    file is gone which was there: nothing that the team has narrowed widens by that.

    The file is read when first called. Until it was right once, the value is what it said when it was last `kept`,
    by this process or another; else what `instead` makes of the error, of which `meanwhile` says what it comes to.
    """

    def __init__(
        self,
        path: Path,
        read: Callable[[Path], T],
        complain: Callable[[SettingsError], None],
        *,
        instead: Callable[[SettingsError], T],
        meanwhile: Callable[[T], str] = lambda value: NEVER,
        beside: Sequence[Path] = (),
        kept: KeptFiles = NOTHING_KEPT,
    ) -> None:
        self._path, self._read, self._complain, self._instead = path, read, complain, instead
        self._meanwhile, self._kept = meanwhile, kept
        self._paths = (path, *beside)
        self._names = tuple(map(str, self._paths))  # a text is sooner looked at, which is done several times a command
        self._lock, self._was_right, self._was_there = threading.Lock(), False, False
        self._wrong: SettingsError | None = None
        self._stamps: list[list[Stamp]] = []  # of what was read: nothing yet
        self._kept_stamps: list[list[Stamp]] = []  # of what was kept
        self._is_unrecalled, self._in_force = False, ""

    def __call__(self) -> T:
        if (looks.is_due(self) or not self._stamps) and self._stamped() != self._stamps:
            self._follow(only_if_changed=True)
        return self._value

    def itself(self) -> T:
        """Return the value without looking at the files beside this one, which takes far longer."""
        stamps = self._stamps
        unchanged = stamps and self._wrong is None and _stamps(self._names[0]) == stamps[0]
        return self._value if unchanged else self()

    def known(self) -> T | None:
        """Return the value as it was last read, without a look at the file or a complaint; None before it was read."""
        return self._value if self._stamps else None

    def reread(self) -> None:
        """Read the file now, changed or not, and complain if it is wrong."""
        self._follow(only_if_changed=False)

    def keep(self) -> None:
        """Keep what the file says, if it was read and is right, for a start that finds it wrong.

        If what was kept could not be found out so far, the file is read again, with it. Raises a UserError while
        nothing can be kept or found out.
        """
        if self._is_unrecalled:
            self._kept.texts(self._path.name)
            self._is_unrecalled = False
            self.reread()
        stamps = self._stamps
        if self._wrong or stamps == self._kept_stamps:
            return
        with suppress(OSError, ValueError):  # it is being edited
            texts = self._texts()
            if texts and self._stamped() == stamps:
                self._kept.keep(self._path.name, texts)
                self._kept_stamps = stamps

    def _follow(self, *, only_if_changed: bool) -> None:
        with self._lock:
            stamps = self._stamped()
            if only_if_changed and stamps == self._stamps:
                return  # another thread was first
            self._wrong = wrong = self._try()
            self._stamps = stamps
        if wrong:  # told without the lock: a slow chat keeps nobody waiting
            self._complain(SettingsError([*wrong.complaints, self._in_force]))

    def _try(self) -> SettingsError | None:
        try:
            self._value = self._checked()
        except SettingsError as wrong:
            self._in_force = STILL if self._was_right else self._fall_back(wrong)
            return wrong
        self._was_right = self._was_right or not self._is_unrecalled
        return None

    def _checked(self) -> T:
        """Return the value. Raise a SettingsError for an optional file that is gone though it was there."""
        value, is_there = self._read(self._path), self._path.exists()
        if not is_there and (self._was_there or self._is_kept()):
            raise SettingsError(
                [f"{self._path.name} is missing: it should be {self._path}. An empty one takes back what it said."]
            )
        self._was_there = is_there
        self._is_unrecalled = self._is_unrecalled and not is_there
        return value

    def _fall_back(self, wrong: SettingsError) -> str:
        """Go by what was kept, else by the stand-in; return what is in force, in words."""
        last = None
        try:
            last = last_right(self._path.name, self._kept, self._read)
        except UserError as away:
            log.warning("What %s said when it was last right is not known: %s", self._path.name, away)
            self._is_unrecalled = True
        self._value = self._instead(wrong) if last is None else last
        return self._meanwhile(self._value) if last is None else KEPT

    def _is_kept(self) -> bool:
        try:
            return bool(self._kept.texts(self._path.name))
        except UserError as away:
            log.warning("Whether there was a %s is not known: %s", self._path.name, away)
            self._is_unrecalled = True
            return False

    def _texts(self) -> dict[str, str]:
        """Return the texts of the files, by their paths below the folder that the first one is in."""
        files = (file for path in self._paths for file in _files(path))
        return {file.relative_to(self._path.parent).as_posix(): text_of(file) for file in files}

    @property
    def complaints(self) -> tuple[str, ...]:
        """Return what is wrong with the file as it stands; nothing if it is right or was not read yet."""
        return self._wrong.complaints if self._wrong else ()

    @property
    def in_force(self) -> str:
        """Return in a sentence what the desk goes by while the file is wrong; "" while it is right."""
        return self._in_force if self._wrong else ""

    def _stamped(self) -> list[list[Stamp]]:
        return [_stamps(name) for name in self._names]


def _stamps(path: str) -> list[Stamp]:
    """Return what tells this version of the file, or of the files in the folder, from any other."""
    try:
        found = os.stat(path)  # noqa: PTH116
        if not stat.S_ISDIR(found.st_mode):
            return [_stamp(path, found)]
        with os.scandir(path) as files:
            return sorted([_stamp_within(file) for file in files])
    except OSError:
        return []


def _stamp_within(file: os.DirEntry[str]) -> Stamp:
    try:
        return _stamp(file.name, file.stat())
    except OSError:  # a link that leads nowhere, say: an editor's lock
        return file.name, 0, 0, 0


def _stamp(name: str, found: os.stat_result) -> Stamp:
    return name, found.st_mtime_ns, found.st_size, found.st_ino


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in sorted(path.iterdir()) if file.suffix in READ and file.is_file())
    elif path.exists():
        yield path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
