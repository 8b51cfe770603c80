"""The store in files of the state folder, through TinyDB."""

from opsdesk import later

later.parts(__name__, "backup", "search_file")
