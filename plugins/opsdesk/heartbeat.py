"""The sign of life after the day's post: whoever misses it at that address raises an alarm."""

import urllib.request

TIMEOUT = 5.0  # seconds: the other posts wait meanwhile


def fetch(url: str) -> None:
    """Fetches `url`; raises an OSError where it does not answer with success."""
    with urllib.request.urlopen(url, timeout=TIMEOUT):
        pass
