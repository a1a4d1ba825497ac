"""What fills the screen where there is no table to show."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from workbench.options import printable
from workbench.tui.guidance import Guidance


class Guide(Vertical):
    """One clear message and the commands that help."""

    def compose(self) -> ComposeResult:
        """Title, text, commands."""
        yield Static(id="guide-title", markup=False)
        yield Static(id="guide-text", markup=False)
        yield Static(id="guide-commands", markup=False)

    def show(self, guidance: Guidance) -> None:
        """Show another message."""
        self.query_one("#guide-title", Static).update(printable(guidance.title))
        self.query_one("#guide-text", Static).update(printable(guidance.text))
        commands = [Content.assemble(("$ ", "$quiet"), (printable(c), "bold")) for c in guidance.commands]
        self.query_one("#guide-commands", Static).update(Content("\n").join(commands))
