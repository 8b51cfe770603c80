"""The whole library, with all that it loads and compiles after a start: what is forked from here need not."""

from opsdesk import later, patterns, process

__all__ = ["process"]  # which imports every wing

later.load_all()
while patterns.compile_next():
    pass
