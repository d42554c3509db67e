"""HOW. Where is the query for this stage?

One folder a stage; the order of the folders is the order of the data. This module is the only reader of the .sql files.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
STAGES = tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and path.name[0].isdigit()))
INDICATORS = FOLDER / "4_indicators"


@dataclass(frozen=True)
class Method:
    """The queries and indicators by which figures are computed: those of this checkout, or of an earlier commit."""

    folder: Path = FOLDER

    def query(self, name: str) -> str:
        """Return the text of `<stage>/<name>.sql` as it stands in this method."""
        return _text(self.folder / f"{name}.sql")

    def has(self, name: str) -> bool:
        """Tell whether there is a `<stage>/<name>.sql`."""
        return (self.folder / f"{name}.sql").is_file()

    @property
    def indicators(self) -> Path:
        """The folder of its indicators."""
        return self.folder / "4_indicators"


CURRENT = Method()


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8")


def texts() -> dict[str, str]:
    """Return everything that this checkout's method consists of, by its path below `sql/`; test cases are no part."""
    paths = [path for stage in STAGES for path in (FOLDER / stage).rglob("*") if path.suffix in (".sql", ".toml")]
    return {path.relative_to(FOLDER).as_posix(): _text(path) for path in sorted(paths) if path.name != "case.toml"}


def query(name: str) -> str:
    """Return the text of `<stage>/<name>.sql`; FileNotFoundError names a query that does not exist."""
    return CURRENT.query(name)


def names(stage: str) -> tuple[str, ...]:
    """Return the names of a stage's queries in order, without their ending."""
    return tuple(f"{stage}/{path.stem}" for path in sorted((FOLDER / stage).glob("*.sql")))
