"""What was typed while the desk was away or deaf: told to whoever typed it, and done by their leave."""

from opsdesk import later

later.parts(__name__, "words")

from opsdesk.unheard.listing import Listing, UnheardMessage
from opsdesk.unheard.wing import UnheardDesk, build

__all__ = [
    "Listing",
    "UnheardDesk",
    "UnheardMessage",
    "build",
]
