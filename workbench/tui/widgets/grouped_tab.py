"""A tab whose rows may stay together by model or by perturbation."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from workbench.store import Order
from workbench.tui.widgets.study_tab import StudyTab

GROUPS = {None: "not grouped", "model_id": "grouped by model", "perturbation": "grouped by perturbation"}


class GroupedTab(StudyTab):
    """Its sub-classes say which of their columns are text."""

    text: ClassVar[tuple[str, ...]]
    """Names of the columns that sort as text."""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("b", "group", "Group", show=False)]

    @property
    def order(self) -> Order:
        """How the table is sorted, for its SQL."""
        sort = self.view.sort
        is_text = sort.column in self.text
        return Order(column=sort.column, descending=sort.descending, is_text=is_text, group=self.view.group)

    def action_group(self) -> None:
        """Keep the rows of a model together, then those of a perturbation, then none."""
        names = list(GROUPS)
        following = names[(names.index(self.view.group) + 1) % len(names)]
        self.view.group_by(following)
        self.notify(GROUPS[following])
