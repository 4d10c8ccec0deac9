"""The log indexes of entries about each row of a roll, in columns of plain numbers."""

from array import array


class RowChains:
    """The entries of each row, linked backwards in two columns: no object for each row."""

    __slots__ = ("_before", "_indexes", "_last")

    def __init__(self) -> None:
        self._indexes = array("Q")  # of each link, the entry
        self._before = array("q")  # of each link, the row's link before it; -1: none
        self._last = array("q")  # of each row, its last link

    def add(self, row: int, index: int) -> None:
        """Add an entry of a row."""
        if len(self._last) <= row:
            self._last.extend([-1] * (row + 1 - len(self._last)))
        self._before.append(self._last[row])
        self._last[row] = len(self._indexes)
        self._indexes.append(index)

    def find(self, row: int) -> list[int]:
        """Give the entries of a row in the order in which they were added."""
        link = self._last[row] if row < len(self._last) else -1
        found = []
        while link >= 0:
            found.append(self._indexes[link])
            link = self._before[link]
        return found[::-1]
