"""Which counts about persons may the public see? The rule of a plan, and whether it can be meant."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from schemas.dimensions import MEMBER_DIMENSIONS
from schemas.plan_files import Mistake
from schemas.plan_models import Convention, PlanModel, Share

DISCLOSURE_FILE = "disclosure.toml"
# Whose members are dossiers, or line items that may count people; tasks, reports received and the plan count none.
SOURCES_OF_PERSONS = ("dossier", "report")


class Disclosure(PlanModel):
    """`disclosure.toml`: the rule for the open part of a release; `{value}` in a text stands for its value."""

    # The smallest count above zero that is shown.
    threshold: Convention[Annotated[int, Field(ge=2)]]
    # How far apart the smallest and the largest possible value of a number that is not shown must be at least.
    protection_width: Convention[Annotated[int, Field(ge=1)]]
    # A breakdown of an indicator is left out where more than this share of its rows would be hidden.
    maximum_hidden_share: Convention[Share]
    # Breakdowns of indicators about persons that are not published at all.
    dropped_dimensions: Convention[tuple[str, ...]]
    # Indicators of dossiers and reports are about persons unless they stand here.
    not_about_persons: Convention[tuple[str, ...]]

    def is_about_persons(self, indicator_id: str, source: str) -> bool:
        """Whether the counts of an indicator from this source are of persons or their dossiers."""
        return source in SOURCES_OF_PERSONS and indicator_id not in self.not_about_persons.value

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Return what is said of each part of the rule, in Vietnamese (with its basis) and in English."""
        numbers = (self.threshold, self.protection_width, self.maximum_hidden_share)
        lists = (self.dropped_dimensions, self.not_about_persons)
        said = (
            *((str(one.value), one.text_vi, one.text_en, one.basis) for one in numbers),
            *(("", one.text_vi, one.text_en, one.basis) for one in lists),
        )
        return tuple(
            (f"{text_vi.replace('{value}', value)} ({basis})", text_en.replace("{value}", value))
            for value, text_vi, text_en, basis in said
        )


def check_disclosure(rule: Disclosure) -> Iterator[Mistake]:
    """Return which breakdowns the rule names that no member has."""
    for name in rule.dropped_dimensions.value:
        if name not in MEMBER_DIMENSIONS:
            problem = f"không có chiều phân tổ / unknown dimension {name}"
            yield Mistake(DISCLOSURE_FILE, "key dropped_dimensions", problem)
