"""The results database: the only code that knows DuckDB."""

from workbench.store.clock import utc_now
from workbench.store.processes import is_alive, is_gone
from workbench.store.runs import RunLog, began, end_killed, find_run, note_killed, outcome_now
from workbench.store.sink import Sink
from workbench.store.snapshot import Snapshot
from workbench.store.spelled import Order, spelled
from workbench.store.store import Store, Write
from workbench.store.watch import Stamp, stamp

__all__ = [
    "Order",
    "RunLog",
    "Sink",
    "Snapshot",
    "Stamp",
    "Store",
    "Write",
    "began",
    "end_killed",
    "find_run",
    "is_alive",
    "is_gone",
    "note_killed",
    "outcome_now",
    "spelled",
    "stamp",
    "utc_now",
]
