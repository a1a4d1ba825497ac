"""Text that changes often: laid out anew only where it takes more or less room."""

from textual.content import Content
from textual.widgets import Static


def say(widget: Static, words: str | Content) -> None:
    """Show other words on lines that do not wrap.

    Laying out anew repaints the whole screen, which takes longer than a query.

    Args:
        widget: shows them.
        words: one line, or several.
    """
    before = widget.content
    if before == words:
        return
    widget.update(words, layout=_lines(before) != _lines(words))


def _lines(words: object) -> int:
    text = str(words.plain if isinstance(words, Content) else words)
    return text.count("\n") + 1 if text else 0
