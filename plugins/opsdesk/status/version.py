"""Which version of the desk this is."""

VERSION = "1.0.0"
