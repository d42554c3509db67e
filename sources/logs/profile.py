"""How does one kind of log say what we need to know?

A profile maps a source's headings, labels, dates and personal columns to the vocabulary of `schemas.dossier`. Headings
are compared by `schemas.text.comparison_key`, so case, spacing and the place of the tone mark do not matter.
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.plan import PlanError
from schemas.plan_files import Mistake, documents_in
from schemas.vocabulary import COLUMNS, LABEL_VALUES, MOMENT_COLUMNS

Fold = Literal["same", "first", "last", "min", "max"]


class ProfileModel(BaseModel):
    """Base of a profile's tables: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnProfile(ProfileModel):
    """One column: its headings, its labels, and how the rows of one dossier are folded into one."""

    headings: tuple[str, ...] = Field(min_length=1)
    required: bool = False
    values: dict[str, str] = {}
    formats: tuple[str, ...] = ()
    personal: Literal["drop", "hmac"] | None = None
    fold: Fold = "same"


class IgnoredRows(ProfileModel):
    """Rows that are not data: a class name and the pattern that their first filled cell matches."""

    row_class: str
    pattern: str


class ProfileDocument(ProfileModel):
    """A profile file."""

    id: str
    version: int = Field(ge=1)
    name_vi: str
    grain: Literal["row", "event"]
    coverage: Literal["received_in_window", "active_in_window", "full_snapshot"]
    window_pattern: str = ""
    window_format: str = "%d/%m/%Y"
    exported_at_pattern: str = ""
    exported_at_format: str = "%d/%m/%Y %H:%M:%S"
    exported_at_from_data: bool = False
    date_formats: tuple[str, ...] = Field(min_length=1)
    # What a draft could not tell, by key: a person answers, and takes the key out. See sources.drafts.toml.
    needs_confirmation: tuple[str, ...] = ()
    ignore: tuple[IgnoredRows, ...] = ()
    constants: dict[str, str] = {}
    columns: dict[str, ColumnProfile]


@dataclass(frozen=True)
class Profile:
    """A checked profile; `sha256` is of its file's bytes."""

    document: ProfileDocument
    sha256: str

    @cached_property
    def ignored(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """The classes of rows that are not data, with the pattern of their first filled cell."""
        return tuple((ignored.row_class, re.compile(ignored.pattern)) for ignored in self.document.ignore)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which a file is not of this kind."""
        return tuple(name for name, column in self.document.columns.items() if column.required)


# Personal columns have no place in the vocabulary: they are dropped, or become the applicant's key.
_PERSONAL_ONLY = "personal columns are dropped, and only `applicant` may be kept as an HMAC"


def _unconfirmed(document: ProfileDocument) -> str:
    asked = ", ".join(document.needs_confirmation)
    return f"bản nháp chưa được xác nhận, trả lời rồi xóa tên câu hỏi / answer, then take out of the list: {asked}"


def load_profile(path: Path) -> Profile:
    """Read and check one profile; raise PlanError with all its mistakes."""
    content = path.read_bytes()
    try:
        document = ProfileDocument.model_validate(tomllib.loads(content.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError([Mistake(path.name, "document", f"is not TOML in UTF-8: {error}")]) from error
    except ValidationError as error:
        raise PlanError(
            Mistake(path.name, "key " + ".".join(str(step) for step in problem["loc"]), problem["msg"])
            for problem in error.errors()
        ) from error
    if document.needs_confirmation:
        raise PlanError([Mistake(path.name, "key needs_confirmation", _unconfirmed(document))])
    mistakes = []
    for name, column in document.columns.items():
        place = f"key columns.{name}"
        if column.personal == "hmac" and name != "applicant":
            mistakes.append(Mistake(path.name, place, _PERSONAL_ONLY))
        elif column.personal is None and name not in COLUMNS:
            mistakes.append(Mistake(path.name, place, f"is not a column of the vocabulary: {', '.join(COLUMNS)}"))
        if column.formats and name not in MOMENT_COLUMNS:
            mistakes.append(Mistake(path.name, place, "has date formats and is no date column"))
        for label, meaning in column.values.items():
            if meaning not in LABEL_VALUES.get(name, ()):
                known = ", ".join(LABEL_VALUES.get(name, ())) or "the column has no labels"
                mistakes.append(Mistake(path.name, f"{place}.values", f"{label} = “{meaning}”: {known}"))
    for name in sorted(set(document.constants) - set(COLUMNS)):
        mistakes.append(Mistake(path.name, f"key constants.{name}", "is not a column of the vocabulary"))
    if mistakes:
        raise PlanError(mistakes)
    return Profile(document, hashlib.sha256(content).hexdigest())


def load_profiles(plan_folder: Path) -> tuple[Profile, ...]:
    """Read every profile of a plan folder, in the order of their names."""
    return tuple(load_profile(path) for path in documents_in(plan_folder, "profiles"))
