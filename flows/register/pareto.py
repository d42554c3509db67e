"""What do most nonconformities have in common?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from audit.steps import Nonconformity

By = Literal["rule", "unit", "clause", "process", "grade"]


@dataclass(frozen=True)
class Share:
    """How many have one thing in common, and how many these and the greater ones make of all."""

    of: str
    count: int
    cumulative_count: int
    total_count: int


def pareto(found: Iterable[Nonconformity], by: By) -> tuple[Share, ...]:
    """Return what most nonconformities have in common, the greatest first, with the running total."""
    counts = Counter(_common(one, by) for one in found)
    shares: list[Share] = []
    running = 0
    for of, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        running += count
        shares.append(Share(of, count, running, counts.total()))
    return tuple(shares)


def _common(item: Nonconformity, by: By) -> str:
    return {
        "rule": item.identity.rule_id or item.source,
        "unit": item.identity.unit_code,
        "clause": item.clause,
        "process": item.process,
        "grade": item.grade,
    }[by]
