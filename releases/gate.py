"""May these tables be published?

Great Expectations reads the very Parquet bytes that would leave the house. Every expectation is evaluated, so that all
reasons come at once; results keep counts and no row's value. Importing it takes seconds, so only the gate does.
"""

import io
import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.plan_models import Conventions
from schemas.suites import Suite

# Counts are kept, lists of unexpected values are not.
_RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
_KEPT_RESULTS = ("element_count", "unexpected_count", "unexpected_percent", "missing_count", "observed_value")


@dataclass(frozen=True)
class GateResult:
    """The gate's answer: every reason against, and the results as they are published."""

    reasons: tuple[str, ...]
    document: bytes

    @property
    def is_open(self) -> bool:
        """Whether nothing speaks against publishing."""
        return not self.reasons


class GateBrokenError(RuntimeError):
    """Raised where an expectation itself could not be evaluated: our mistake, never an answer."""


def _plain(value: object) -> bool | int | str | None:
    if value is None or isinstance(value, bool | int | str):
        return value
    return f"{float(str(value)):.6f}"


def run_gate(suites: Sequence[Suite], conventions: Conventions, tables: Mapping[str, bytes]) -> GateResult:
    """Evaluate every suite over its table's Parquet bytes.

    Raises GateBrokenError where an expectation cannot be evaluated, KeyError for a table that is not there.
    """
    os.environ.setdefault("TQDM_DISABLE", "1")
    # It tells of its temporary folders wherever somebody has set up logging, as Prefect does.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    import pandas as pd
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("release")
    results: list[dict[str, object]] = []
    reasons: list[str] = []
    for suite in suites:
        frame = pd.read_parquet(io.BytesIO(tables[suite.table]))
        batch = source.add_dataframe_asset(suite.table).add_batch_definition_whole_dataframe("whole")
        asked = gx.ExpectationSuite(
            name=suite.table,
            expectations=[getattr(gx.expectations, e.type)(**e.arguments(conventions)) for e in suite.expectation],
        )
        answer = batch.get_batch(batch_parameters={"dataframe": frame}).validate(asked, result_format=_RESULT_FORMAT)
        for expectation, result in zip(suite.expectation, answer.results, strict=True):
            if result.exception_info and result.exception_info.get("raised_exception"):
                raise GateBrokenError(
                    f"{suite.table}: {expectation.type}: {result.exception_info['exception_message']}"
                )
            kept = {name: _plain(result.result[name]) for name in _KEPT_RESULTS if name in result.result}
            results.append(
                {
                    "table": suite.table,
                    "expectation": expectation.type,
                    "arguments": expectation.arguments(conventions),
                    "reason": expectation.reason,
                    "success": bool(result.success),
                    "result": kept,
                }
            )
            if not result.success:
                reasons.append(expectation.reason)
    document = {"success": not reasons, "reasons": reasons, "results": results}
    return GateResult(
        tuple(reasons), (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
    )
