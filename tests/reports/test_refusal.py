"""Files that are no report: a refusal of their own, never an exception."""

import hashlib
import io
import random
from pathlib import Path

import pytest
from openpyxl import Workbook

from schemas.plan import load_plan
from schemas.rules import load_rules
from sources.reports.report import ReportReading, read_report
from sources.templates.template import template_workbook

PLAN = load_plan(Path(__file__).parents[2] / "plans" / "svhtt-khanh-hoa-2022")
RULES = load_rules()


def read(content: bytes) -> ReportReading:
    return read_report(content, hashlib.sha256(content).hexdigest(), PLAN, RULES)


def refusals(reading: ReportReading) -> list[tuple[str, str | None]]:
    return [(finding.rule_id, finding.unit_code) for finding in reading.findings]


def test_r004_refuses_a_foreign_workbook() -> None:
    saved = io.BytesIO()
    Workbook().save(saved)
    assert refusals(read(saved.getvalue())) == [("R004", None)]


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 200])
def test_r004_refuses_bytes_that_are_no_workbook(content: bytes) -> None:
    assert refusals(read(content)) == [("R004", None)]


def test_damaged_bytes_never_raise() -> None:
    rng = random.Random(7)
    content = template_workbook(PLAN, PLAN.unit("TV"), PLAN.period("2022-Q1"), PLAN.report_type("cchc"))
    for _ in range(60):
        damaged = bytearray(content[: rng.choice([len(content), rng.randrange(len(content))])])
        for _ in range(rng.randrange(1, 30)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        assert read(bytes(damaged)).results
