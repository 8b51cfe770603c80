"""What a line most likely means that nothing surely explains, by how like it is to examples of what people say."""

from opsdesk import later

later.parts(__name__, "guessed", "likeness")
