"""Where is the query for this stage?

One folder a stage; the order of the folders is the order of the data. This module is the only reader of the .sql files.
"""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
STAGES = tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and path.name[0].isdigit()))
INDICATORS = FOLDER / "4_indicators"


@cache
def query(name: str) -> str:
    """Return the text of `<stage>/<name>.sql`; FileNotFoundError names a query that does not exist."""
    return (FOLDER / f"{name}.sql").read_text("utf-8")


def has_query(name: str) -> bool:
    """Tell whether there is a `<stage>/<name>.sql`."""
    return (FOLDER / f"{name}.sql").is_file()


def names(stage: str) -> tuple[str, ...]:
    """Return the names of a stage's queries in order, without their ending."""
    return tuple(f"{stage}/{path.stem}" for path in sorted((FOLDER / stage).glob("*.sql")))
