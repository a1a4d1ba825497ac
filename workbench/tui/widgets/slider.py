"""A threshold on a line: dragged, or moved by keys and the wheel, which is finer than a cell."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class Slider(Widget, can_focus=True):
    """Posts ``Moved`` at each step.

    Args:
        low: at its left end.
        high: at its right end.
        step: of a key.
        id: of the widget.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h,down,j", "move(-1)", "Lower", show=False),
        Binding("right,l,up,k", "move(1)", "Higher", show=False),
        Binding("shift+left,H,pagedown", "move(-5)", show=False),
        Binding("shift+right,L,pageup", "move(5)", show=False),
    ]
    value: reactive[float] = reactive(0.0)

    class Moved(Message):
        """The person moved it."""

        def __init__(self, slider: "Slider", value: float) -> None:
            super().__init__()
            self.slider = slider
            self.value = value

        @property
        def control(self) -> "Slider":
            """The slider."""
            return self.slider

    def __init__(self, low: float, high: float, step: float, *, id: str) -> None:
        super().__init__(id=id)
        self._low, self._high, self._step = low, high, step

    def render(self) -> Content:
        """A line with a knob."""
        width = max(2, self.size.width)
        share = (min(max(self.value, self._low), self._high) - self._low) / (self._high - self._low)
        at = round(share * (width - 1))
        knob = "◆" if self.has_focus else "●"
        return Content.assemble(("━" * at, "$primary"), (knob, "bold $accent"), ("─" * (width - 1 - at), "$quiet"))

    def action_move(self, steps: int) -> None:
        """Go some steps."""
        self._go(self.value + steps * self._step)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start to drag."""
        self.capture_mouse()
        self._drag(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag."""
        if self.app.mouse_captured is self:
            self._drag(event.x)

    def on_mouse_up(self) -> None:
        """Let go."""
        self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """A step up; the panel stays where it is."""
        event.stop()
        self.action_move(1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """A step down."""
        event.stop()
        self.action_move(-1)

    def _drag(self, x: int) -> None:
        share = min(1.0, max(0.0, x / max(1, self.size.width - 1)))
        self._go(self._low + share * (self._high - self._low))

    def _go(self, value: float) -> None:
        value = round(min(self._high, max(self._low, round(value / self._step) * self._step)), 4)
        if value != self.value:
            self.value = value
            self.post_message(self.Moved(self, value))
