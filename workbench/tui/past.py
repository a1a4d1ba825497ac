"""Back and forward through what was filtered."""

from workbench.tui.filters import Filters

MOST = 200


class Past:
    """The filters that were in use, and where among them the person is.

    Args:
        first: the filters to start with.
    """

    def __init__(self, first: Filters) -> None:
        self._all = [first]
        self._at = 0

    def add(self, filters: Filters) -> None:
        """Other filters are in use: what lay ahead is gone. A threshold that slides is one step."""
        if filters == self._all[self._at]:
            return
        before = self._all[self._at]
        del self._all[self._at + 1 :]
        if self._at and filters.chosen == before.chosen and _but_thresholds(filters) == _but_thresholds(before):
            self._all[self._at] = filters
        else:
            self._all.append(filters)
            del self._all[:-MOST]
        self._at = len(self._all) - 1

    def go(self, steps: int) -> Filters | None:
        """Filters some steps back or ahead; None: there are none."""
        if not 0 <= self._at + steps < len(self._all):
            return None
        self._at += steps
        return self._all[self._at]


def _but_thresholds(filters: Filters) -> dict[str, object]:
    return {name: value for name, value in filters.as_json().items() if name != "thresholds"}
