"""Lines to choose from, with vi keys."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class Lines(OptionList):
    """A list that is gone through by j and k, too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]
