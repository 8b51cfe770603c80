"""The watch: looks at the counts by itself, and tells what has fallen once, early, with figures."""

from opsdesk.watch.rule import Judgement, Verdict

__all__ = ["Judgement", "Verdict"]
