"""Which version of each rule binds on a day, and which is on trial?

`schemas/rules.toml` holds the versions that come with the product. A plan may hold a `rules.toml` of its own: new
versions of known rules, each with what it changes; what it does not state is that of the version before. So a
department tries a rule out before it binds: from `since` to `binds_from` its verdicts are recorded, nothing follows.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.plan_files import Mistake
from schemas.rules import Grade, Rule, Rules, Severity, Threshold, read_versions

OVERLAY = "rules.toml"


class RuleChange(BaseModel):
    """A new version of a known rule, as a plan states it: what it changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: int
    since: date
    binds_from: date | None = None
    severity: Severity | None = None
    grade: Grade | Literal["none"] | None = None
    stops_release: bool | None = None
    message_vi: str | None = None
    message_en: str | None = None
    example: str | None = None
    basis: str | None = None
    clause: str | None = None
    parameters: dict[str, Threshold] | None = None


class Overlay(BaseModel):
    """A plan's own `rules.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: tuple[RuleChange, ...]


@dataclass(frozen=True)
class Catalogue:
    """Every version of every rule, by id and version; `sha256` covers the files that they stand in."""

    versions: tuple[Rule, ...]
    sha256: str

    @cached_property
    def newest(self) -> Rules:
        """The newest version of every rule, whether it binds already or not."""
        return Rules({rule.id: rule for rule in self.versions}, self.sha256)

    def on(self, day: date) -> Rules:
        """Return the rules of one day: of each the greatest version that binds, and a greater one that is on trial."""
        binding = {rule.id: rule for rule in self.versions if rule.binds_from <= day}
        tried = {rule.id: rule for rule in self.versions if rule.since <= day < rule.binds_from}
        on_trial = {
            rule_id: rule
            for rule_id, rule in tried.items()
            if rule_id not in binding or binding[rule_id].version < rule.version
        }
        return Rules(binding, self.sha256, on_trial)

    def version(self, rule_id: str, version: int | None) -> Rule | None:
        """Return one version of a rule, the newest where none is named; None where there is none."""
        found = [rule for rule in self.versions if rule.id == rule_id and version in (None, rule.version)]
        return found[-1] if found else None


def _changed(base: Rule, change: RuleChange) -> Rule:
    stated = change.model_dump(exclude_none=True)
    if change.grade == "none":
        stated["grade"] = None
    kept = base.model_dump(exclude={"binds_from"})
    return Rule.model_validate({**kept, **stated, "parameters": {**base.parameters, **(change.parameters or {})}})


def _added(known: Iterable[Rule], changes: Iterable[RuleChange], mistakes: list[Mistake]) -> list[Rule]:
    """Return the known versions and the plan's own; what is wrong with one of them goes to the mistakes."""
    versions = list(known)
    for number, change in enumerate(changes, start=1):
        place = f"key rule.{number} ({change.id})"
        base = max((rule for rule in versions if rule.id == change.id), key=lambda rule: rule.version, default=None)
        if base is None:
            mistakes.append(Mistake(OVERLAY, place, "không có quy tắc này / there is no such rule"))
            continue
        if change.version <= base.version:
            problem = f"phiên bản phải lớn hơn / the version must be greater than {base.version}"
            mistakes.append(Mistake(OVERLAY, place, problem))
            continue
        unknown = sorted(set(change.parameters or {}) - set(base.parameters))
        if unknown:
            names = ", ".join(base.parameters) or "không có / none"
            problem = f"không có tham số / has no parameter {', '.join(unknown)}; {change.id}: {names}"
            mistakes.append(Mistake(OVERLAY, place, problem))
            continue
        try:
            versions.append(_changed(base, change))
        except ValidationError as error:
            mistakes += [Mistake(OVERLAY, place, problem["msg"]) for problem in error.errors()]
    return versions


def read_catalogue(plan_folder: Path, mistakes: list[Mistake]) -> Catalogue:
    """Return the product's rules with those of a plan; what is wrong with the plan's goes to the mistakes."""
    versions, sha256 = read_versions()
    path = plan_folder / OVERLAY
    if not path.is_file():
        return Catalogue(versions, sha256)
    content = path.read_bytes()
    try:
        overlay = Overlay.model_validate(tomllib.loads(content.decode(), parse_float=Decimal))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(Mistake(OVERLAY, "document", f"không phải TOML / is not TOML in UTF-8: {error}"))
        return Catalogue(versions, sha256)
    except ValidationError as error:
        mistakes += [
            Mistake(OVERLAY, "key " + ".".join(str(step) for step in problem["loc"]), problem["msg"])
            for problem in error.errors()
        ]
        return Catalogue(versions, sha256)
    both = hashlib.sha256(f"{sha256} {hashlib.sha256(content).hexdigest()}".encode()).hexdigest()
    added = _added(versions, overlay.rule, mistakes)
    return Catalogue(tuple(sorted(added, key=lambda rule: (rule.id, rule.version))), both)
