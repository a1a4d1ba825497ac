"""The results database: the only code that knows DuckDB."""

from workbench.store.runs import RunLog, utc_now
from workbench.store.store import Store, Write

__all__ = ["RunLog", "Store", "Write", "utc_now"]
