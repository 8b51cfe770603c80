"""The library, for a bot that finds these plugins as a repository of its own (`!repos install`).

Errbot then puts the folder of each plugin on the path, but not the one above them, which holds the library.
"""

from pathlib import Path

__path__ = [str(Path(__file__).resolve().parents[1] / "opsdesk")]
