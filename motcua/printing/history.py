"""How do the history of verdicts and a replay look in a terminal?"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from flows.measures.names import column_text, rule_text, unit_text
from flows.measures.wording import moment_text
from motcua.printing.terminal import styled, table, word
from schemas.text import visible

if TYPE_CHECKING:
    from flows.audits.coverage import Coverage
    from flows.audits.history import Page, Share
    from flows.audits.replay import Replayed, Said
    from schemas.plan import Plan

Row = Mapping[str, object]
_BARS = "▁▂▃▄▅▆▇█"
OUTCOMES = {"pass": "đạt", "fail": "[red]không đạt[/]", "not_evaluated": "chưa xét", "waived": "[yellow]ngoại lệ[/]"}
_DIRECTIONS = {"rising": "[red]tăng[/]", "falling": "[green]giảm[/]", "unchanged": "như trước", "": ""}
_KEYS = {
    "rule": "Quy tắc / rule",
    "unit": "Đơn vị / unit",
    "period": "Kỳ / period",
    "run": "Lần chạy / run",
    "submission": "Lần nộp / submission",
}


_THINGS = {
    "column": "cột hồ sơ / dossier column",
    "item": "mục báo cáo / report item",
    "indicator": "chỉ số / indicator",
}


def outcome_word(outcome: object) -> Text:
    """Return what people read for an outcome."""
    known = OUTCOMES.get(str(outcome))
    return styled(known) if known is not None else Text(visible(str(outcome)))


def sparkline(shares: Sequence["Share"]) -> str:
    """Return failing shares as bars; the highest bar is that everything fails, the lowest that nothing does."""
    return "".join(_BARS[-(-min(s.failing, s.checked) * (len(_BARS) - 1) // s.checked)] for s in shares)


def _percent(failing: int, checked: int) -> str:
    return f"{100 * failing / checked:.2f} %".replace(".", ",") if checked else "–"


def _count(row: Row, name: str) -> int:
    value = row[name]
    return value if isinstance(value, int) else 0


def _key_text(page: "Page", plan: "Plan", key: str) -> str:
    match page.by:
        case "unit":
            return unit_text(plan, key)
        case "rule":
            return rule_text(key)
        case _:
            return key or "–"


def _rule_version(row: Row) -> str:
    return f"{rule_text(str(row['rule_id']))} v{row['rule_version']}" + (" (thử / trial)" if row["is_shadow"] else "")


def _group_rows(page: "Page", plan: "Plan") -> list[list[object]]:
    from flows.audits.history import direction, trend_of

    rows: list[list[object]] = []
    for row in page.rows:
        trend = trend_of(row)
        failing, checked = _count(row, "failing_count"), _count(row, "checked_count")
        rows.append([
            _key_text(page, plan, str(row["key"] or "")), moment_text(str(row["last_at"]), plan.zone),
            row["run_count"], row["pass_count"], row["fail_count"],
            "/".join(f"{row[name] or 0}" for name in ("not_evaluated_count", "other_count", "trial_count")),
            f"{failing}/{checked}, {_percent(failing, checked)}",
            Text.assemble(sparkline(trend), " ", styled(_DIRECTIONS[direction(trend)])),
        ])  # fmt: skip
    return rows


def _runs(console: Console, page: "Page", plan: "Plan") -> None:
    rows = [
        [run["committed_seq"], moment_text(str(run["committed_at"]), plan.zone), f"{run['actor']} ({run['os_user']})",
         run["trigger"], run["submission"] or run["period"],
         *(str(run[name] or "")[:8] for name in ("code_sha256", "lock_sha256", "plan_sha256", "rules_sha256"))]
        for run in page.runs
    ]  # fmt: skip
    columns = ("Lần chạy", "Lúc", "Ai (tài khoản)", "Do", "Về", "Mã nguồn", "Thư viện", "Kế hoạch", "Quy tắc")
    console.print(table("Các lần chạy / runs", columns, rows, right=(0,)))


def show_page(console: Console, page: "Page", plan: "Plan") -> None:
    """Print one page of the history and where it stands among the pages."""
    if page.behind:
        console.print(
            styled("[yellow]Chưa gồm {} lần ghi mới nhất / without the {} newest commits[/]", page.behind, page.behind)
        )
    if not page.rows:
        console.print("Không có gì / nothing")
        return
    columns: tuple[str, ...]
    if page.by == "verdict":
        rows: list[list[object]] = [
            [row["committed_seq"], row["submission"], row["period"], unit_text(plan, str(row["unit_code"] or "")),
             _rule_version(row), outcome_word(row["outcome"]), f"{row['failing_count']}/{row['checked_count']}",
             row["reason"]]
            for row in page.rows
        ]  # fmt: skip
        columns = ("Lần chạy", "Lần nộp", "Kỳ", "Đơn vị", "Quy tắc", "Kết quả", "Không đạt/đã kiểm", "Vì sao")
        console.print(table("Kết quả kiểm tra / verdicts", columns, rows, right=(0, 6)))
    elif page.by == "place":
        rows = [
            [_rule_version(row), word(row["severity"]), unit_text(plan, str(row["unit_code"] or "")), row["subject"],
             row["sheet"], row["cell"] or row["row"], column_text(plan, str(row["column_name"] or "")),
             row["shown_value"], row["expected"]]
            for row in page.rows
        ]  # fmt: skip
        columns = ("Quy tắc", "Mức", "Đơn vị", "Đối tượng", "Trang", "Ô/dòng", "Cột", "Giá trị (đã che)", "Cần")
        console.print(table("Các chỗ không đạt / failing places", columns, rows))
    else:
        columns = (_KEYS[page.by], "Gần nhất", "Lần chạy", "Đạt", "Không đạt", "Chưa xét/ ngoại lệ/ thử",
                   "Chỗ không đạt/ đã kiểm", "Xu hướng")  # fmt: skip
        console.print(table("Lịch sử kiểm tra / history", columns, _group_rows(page, plan), right=(2, 3, 4, 5, 6)))
    if page.by in ("run", "place"):
        _runs(console, page, plan)
    console.print(f"Trang / page {page.number} / {page.count}, {page.total} dòng / rows")


def show_uncovered(console: Console, found: Sequence["Coverage"]) -> None:
    """Print what no rule looks at."""
    if not found:
        console.print("Không sót gì / everything is covered")
        return
    rows = [[_THINGS[one.what], one.name, one.title] for one in found]
    console.print(table("Không quy tắc nào xét / no rule covers", ("Loại", "Mã", "Tên"), rows))


def _said(said: "Said | None") -> str:
    if said is None:
        return "–"
    return f"v{said.version}: {outcome_word(said.outcome)} {said.failing_count}/{said.checked_count}"


def show_replayed(console: Console, replayed: "Replayed", plan: "Plan") -> None:
    """Print the verdicts that a replay changes."""
    done = f"{replayed.submission_count} lần nộp / submissions, {replayed.consolidation_count} lần tổng hợp / reviews"
    console.print(f"Đã xét lại / evaluated again: {', '.join(replayed.rules)}; {done}; không ghi gì / nothing written")
    if not replayed.changes:
        console.print("Không kết quả nào thay đổi / no verdict changes")
        return
    rows = [
        [change.seq, change.of, rule_text(change.rule_id), unit_text(plan, change.unit_code), _said(change.before),
         _said(change.after)]
        for change in replayed.changes
    ]  # fmt: skip
    columns = ("Lần chạy", "Về", "Quy tắc", "Đơn vị", "Đã kết luận / before", "Sẽ kết luận / after")
    console.print(table("Kết quả thay đổi / verdicts that change", columns, rows, right=(0,)))
