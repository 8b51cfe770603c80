"""The stage of the tests of a bot that is not the desk's own: made by `errbot --init`, as anybody's is."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from dulwich import porcelain

from tests.conftest import ROOT

ERRBOT = str(Path(sys.executable).with_name("errbot"))
LONG = 180.0  # seconds until a process is given up
NOT_KEPT = shutil.ignore_patterns(".git", ".venv*", "node_modules", "state", "__pycache__", ".*_cache", ".hypothesis")


class OwnBot:
    """A bot in a folder of its own, in Errbot's console, whose administrator types."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self.data = folder, folder / "data"
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DESK_", "SENTRY_"))
        }
        self.run(ERRBOT, "--init", ".")
        (folder / "index.json").write_text("{}")  # Errbot's list of repositories, which it would fetch
        self.configure(
            BOT_ASYNC=False,  # one command after the other, as they are typed
            BOT_PLUGIN_INDEXES=str(folder / "index.json"),
            AUTOINSTALL_DEPS=False,  # what is needed must be here, not be fetched
        )

    def configure(self, **settings: object) -> None:
        """Set these in its config.py."""
        with (self.folder / "config.py").open("a") as config:
            config.writelines(f"\n{name} = {value!r}" for name, value in settings.items())

    def stop_the_clock(self, moment: datetime) -> None:
        """Have the desk take this for the present moment."""
        with (self.folder / "config.py").open("a") as config:
            config.write(f"\nfrom datetime import datetime\nDESK_NOW = lambda: datetime.fromisoformat({str(moment)!r})")

    def type(self, *lines: str) -> str:
        """Return all that it says from its start on, when these lines are typed and then Ctrl-D."""
        return self.run(ERRBOT, typed="".join(f"{line}\n" for line in lines))

    @property
    def log(self) -> str:
        """What it logged since its first start."""
        file = self.folder / "errbot.log"
        return file.read_text("utf-8") if file.exists() else ""

    def complaints(self) -> list[str]:
        """The warnings and errors in its log; Errbot warns of each of its own plugins when it looks for new ones."""
        lines = [line for line in self.log.splitlines() if any(f" {bad} " in line for bad in BAD)]
        return [line for line in lines if "already loaded" not in line]

    def run(self, *command: str, typed: str = "") -> str:
        """Return what a command says that is run in its folder."""
        done = subprocess.run(
            command,
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            env=self.environment,
            timeout=LONG,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


BAD = ("WARNING", "ERROR", "CRITICAL")


def repository(folder: Path) -> Path:
    """Return a git repository in `folder` with one commit of everything that is kept of this checkout."""
    shutil.copytree(ROOT, folder, ignore=NOT_KEPT, symlinks=True)
    porcelain.init(str(folder)).close()
    kept = [str(path.relative_to(folder)) for path in folder.rglob("*") if ".git" not in path.relative_to(folder).parts]
    porcelain.add(str(folder), kept)
    porcelain.commit(str(folder), b"All of it", author=b"Alice <alice@example.org>", committer=b"Alice <a@example.org>")
    return folder


def installed(folder: Path) -> Path:
    """Return a folder of packages into which this checkout and its Slack backend are installed by pip."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    wheels = folder / "wheels"
    offline = ["--no-deps", "--no-index"]
    sources = [str(ROOT), str(ROOT / "backends")]
    subprocess.run([*pip, "wheel", *offline, "--no-build-isolation", "-w", str(wheels), *sources], check=True)
    packages = folder / "packages"
    subprocess.run([*pip, "install", *offline, "--target", str(packages), *map(str, wheels.iterdir())], check=True)
    return packages
