"""Did a line that says a period was measured keep what was measured?"""

from audit.events import Entry

# What every reader of a consolidation asks for.
_MEASURED = ("expected_report", "figure", "form_row", "target_result", "task_state")


def unmeasured(entry: Entry) -> list[str]:
    """Return the tables that a consolidation has to name and this line does not: without them it counts for nothing."""
    folders = tuple(file.path.rpartition("/")[0] for file in entry.files)
    return [table for table in _MEASURED if f"store/{table}" not in folders]
