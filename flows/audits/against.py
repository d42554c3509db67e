"""Does this record still extend what was signed and carried elsewhere?

Whoever holds the key of a workspace could write its record anew and sign it; not the copies in another place. Each copy
says: the ledger had so many lines, the last of which had this hash, signed with the key of that time.
"""

from collections.abc import Sequence
from pathlib import Path

from audit.checkpoint import SignedCheckpoint
from audit.ledger import Ledger
from audit.signed_head import disagreement
from flows.entry.door import MisuseError
from warehouse.second_place import SUFFIX


def checkpoints_at(place: Path) -> list[Path]:
    """Return the copies at a place, a folder or one file; MisuseError where there is none."""
    if place.is_file():
        return [place]
    found = sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else []
    if not found:
        raise MisuseError(
            f"{place}: không có điểm kiểm tra nào / holds no *{SUFFIX}: name the folder or file of the copies"
        )
    return found


def problems_against(ledger: Ledger, origin: str, paths: Sequence[Path], present: bytes | None) -> list[str]:
    """Return, for each copy that the ledger does not extend, why."""
    problems = []
    for path in paths:
        try:
            checkpoint = SignedCheckpoint.parse(path.read_bytes())
        except ValueError:
            problems.append(f"{path}: is not a checkpoint")
            continue
        if checkpoint.origin != origin:
            problems.append(f"{path}: is of {checkpoint.origin}, not of {origin}")
        elif (problem := disagreement(ledger, checkpoint, present)) is not None:
            problems.append(f"{path}: {problem}")
    return problems
