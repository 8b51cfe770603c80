"""The desk's web server: where it listens, how often it answers whom, what it is sent, and links only it can make."""

from typing import TYPE_CHECKING

from opsdesk.web.payloads import json_object
from opsdesk.web.rate import WebRate
from opsdesk.web.serving import serve
from opsdesk.web.signing import LinkEdition, Signer, base_of

if TYPE_CHECKING:
    from opsdesk.web.server import WebServer  # to name what `serve` returns: waitress is loaded where there is one

__all__ = ["LinkEdition", "Signer", "WebRate", "WebServer", "base_of", "json_object", "serve"]
