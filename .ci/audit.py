"""What is known to be wrong with what is installed, by pip-audit: `make audit`.

Ends with 0 where all was looked up and nothing is known, with 1 where something is, and with 2 where anything could not
be looked up, which is no good news: nothing is known then.
"""

import json
import subprocess
import sys
from typing import Any

AUDIT = [
    sys.executable,
    "-m",
    "pip_audit",
    "--local",
    "--format",
    "json",
    "--progress-spinner",
    "off",
    "--timeout",
    "30",
]


def told(installed: list[dict[str, Any]]) -> tuple[list[str], int]:
    """Return lines about the packages that pip-audit lists, and how to end."""
    wrong = [f"{one['name']} {one['version']}: {_known(flaw)}" for one in installed for flaw in one.get("vulns", ())]
    skipped = [f"{one['name']} was not looked up: {one['skip_reason']}" for one in installed if "skip_reason" in one]
    looked_up = len(installed) - len(skipped)
    if not looked_up:
        return ["NOTHING WAS LOOKED UP, and nothing is known.", *skipped[:1]], 2
    summary = f"{looked_up} of {len(installed)} packages looked up, {len(wrong)} flaws known."
    return [*wrong, *skipped, summary], 1 if wrong else 2 if skipped else 0


def _known(flaw: dict[str, Any]) -> str:
    mended = ", ".join(flaw.get("fix_versions") or ()) or "no release"
    return f"{flaw['id']}, mended in {mended}"


def main() -> int:
    """Print what is known, and return how to end."""
    asked = subprocess.run(AUDIT, capture_output=True, text=True, check=False)
    try:
        installed = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (asked.stderr.strip().splitlines() or ["it said nothing"])[-1]
        sys.stdout.write(f"NOTHING WAS LOOKED UP, and nothing is known: pip-audit failed ({last})\n")
        return 2
    lines, status = told(installed)
    sys.stdout.write("\n".join([*lines, ""]))
    return status


if __name__ == "__main__":
    sys.exit(main())
