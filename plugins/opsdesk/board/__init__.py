"""The web board: the desk read in a browser, and its figures for Prometheus. Nothing can be changed there."""

from opsdesk.board.asked import Answer, BoardRequest, asked_of
from opsdesk.board.board import Board

__all__ = ["Answer", "Board", "BoardRequest", "asked_of"]
