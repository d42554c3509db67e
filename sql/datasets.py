"""Which datasets does a release hold, and what does each of their columns mean?"""

import tomllib

from pydantic import BaseModel, ConfigDict

from sql import FOLDER

_STAGE = "6_published"


class PublishedColumn(BaseModel):
    """A column of a published dataset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title_vi: str
    description: str


class PublishedDataset(BaseModel):
    """A published dataset: `<name>.sql` computes it, `<name>.toml` describes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title_vi: str
    title_en: str
    description: str
    column: tuple[PublishedColumn, ...]

    @property
    def query(self) -> str:
        """The name of its query."""
        return f"{_STAGE}/{self.name}"


def published_datasets() -> tuple[PublishedDataset, ...]:
    """Return every dataset of a release, by name."""
    return tuple(
        PublishedDataset.model_validate({"name": path.stem, **tomllib.loads(path.read_text("utf-8"))})
        for path in sorted((FOLDER / _STAGE).glob("*.toml"))
    )
