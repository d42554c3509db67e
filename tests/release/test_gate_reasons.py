"""What the gate refuses is told by the names of the rules and indicators that it is about."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from audit.events import PeriodConsolidated
from flows.release.draft import Draft, naming, offenders
from flows.release.publication import Publication
from releases.datasets import ColumnNote, Dataset
from schemas.plan import load_plan

PLAN = load_plan(Path(__file__).parents[2] / "plans" / "svhtt-khanh-hoa-2022")
SHARE = "Tỷ lệ hồ sơ giải quyết quá hạn (overdue_share)"


def draft_of(value: str, share: float, broken: list[dict[str, str]]) -> Draft:
    """Return a draft with one figure, one share and these broken rules."""
    figure = [{"indicator_id": "overdue_share", "unit_code": "", "value": Decimal(value)}]
    shares = [{"indicator_id": "overdue_share", "unit_code": "VP", "value": share}]
    columns = pa.schema([("rule_id", pa.string()), ("unit_code", pa.string())])
    notes = tuple(ColumnNote(name, "t", "t") for name in figure[0])
    release = Publication(
        PLAN.period("2022-Q1"),
        1,
        (Dataset("indicators", "t", "t", "t", notes, pa.Table.from_pylist(figure)),),
        {
            "consolidation_breach": pa.Table.from_pylist(broken, schema=columns),
            "share_checks": pa.Table.from_pylist(shares),
        },
    )
    consolidated = PeriodConsolidated.model_construct(period="2022-Q1")
    return Draft(release.period, consolidated, release, {}, "", "")


def test_what_is_broken_is_named_with_its_unit() -> None:
    found = offenders(draft_of("-1", 1.5, [{"rule_id": "D006", "unit_code": "HD"}]), PLAN)
    assert found["period_checks", "broken_identity_count"] == ["Thiếu ngày tiếp nhận (D006), Đoàn Hải Đăng (HD)"]
    assert found["share_checks", "value"] == [f"{SHARE}, Văn phòng (VP)"]
    assert found["indicators", "value"] == [f"{SHARE}, Toàn Sở"]


def test_nothing_is_named_where_nothing_is_broken() -> None:
    assert not any(offenders(draft_of("0.5", 1, []), PLAN).values())
    assert naming("Cột 3 có số âm / Column 3 has a negative count", []) == (
        "Cột 3 có số âm / Column 3 has a negative count"
    )


def test_a_name_stands_once_behind_the_reason() -> None:
    assert naming("Có tỷ lệ / A share", ["a", "b", "a"]) == "Có tỷ lệ / A share: a; b"
