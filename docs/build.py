"""What do the rules, the indicators and the rooms say, to somebody who reads no code?

`python -m docs.build` writes rules.md, indicators.md and house.md from what the product itself reads;
`python -m docs.build --check` writes nothing, and names each document that says something else.
"""

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from docs.house import house_document
from flows.audits.coverage import Coverage, coverage
from schemas.plan import Plan, load_plan
from schemas.plan_models import Target, TargetPart
from schemas.rules import Rule, load_rules
from sql import STAGES, names
from sql.indicators import Indicator, load_indicators

DOCS = Path(__file__).parent
BUNDLED_PLAN = DOCS.parent / "plans" / "svhtt-khanh-hoa-2022"
COMMAND = ".venv/bin/python -m docs.build"
STALE = 1

_GENERATED = "Tệp này được sinh ra, không sửa tay / generated, not edited: `{command}` writes it from {source}."
_DATASETS = {
    "dossier": "Hồ sơ / dossiers",
    "report": "Báo cáo của đơn vị / unit reports",
    "reporting": "Tình hình gửi báo cáo / who reported",
    "form_ii06a": "Biểu II.06a/VPCP/KSTT / form II.06a",
    "figure": "Chỉ số so với chỉ tiêu / figures against targets",
    "task": "Nhiệm vụ của Kế hoạch / the plan's tasks",
    "plan": "Kế hoạch / the plan",
    "calendar": "Lịch làm việc / the working calendar",
}
_SEVERITIES = {
    "fatal": "nghiêm trọng: dòng bị loại, báo cáo bị trả lại, hoặc kết luận không đạt / "
    "the row is rejected, the report returned, or the verdict is a failure",
    "warning": "cảnh báo: giữ lại và nêu ra / kept and shown",
    "info": "thông tin: giữ lại và đếm / kept and counted",
}
_GRADES = {"major": "nặng / major", "minor": "nhẹ / minor", "observation": "khuyến nghị / observation"}
_NO_GRADE = "không mở điểm không phù hợp / opens no nonconformity"
_KINDS = {
    "cast": "đọc từng ô / each cell, as it is read",
    "column": "từng cột / each column",
    "row": "trong một dòng / within a row",
    "within_file": "giữa các dòng của một tệp / across the rows of a file",
    "file": "bản thân tệp / the file itself",
    "report": "trong một báo cáo / within a unit report",
    "free_form": "trong một báo cáo tự lập / within a report of the unit's own form",
    "across_files": "giữa các tệp / across files, when a period is consolidated",
    "across_periods": "giữa các kỳ / across periods, when a period is consolidated",
    "reporting": "ai nợ báo cáo nào / what was owed and what came, when a period is consolidated",
    "identity": "đẳng thức của biểu / the form's identities, when a period is consolidated",
    "target": "chỉ tiêu của kế hoạch / the plan's targets, when a period is consolidated",
    "in_period": "trong một kỳ / within a period, when it is consolidated",
    "task": "nhiệm vụ của Kế hoạch / the plan's tasks, when a period is consolidated",
    "plan": "bản thân Kế hoạch / the plan itself, when a period is consolidated",
}
_SOURCES = {
    "dossier": "sổ theo dõi hồ sơ / dossier logs",
    "report": "báo cáo của đơn vị / unit reports",
    "task": "tiến độ nhiệm vụ của Kế hoạch / progress of the plan's tasks",
    "reporting": "tình hình gửi báo cáo / who reported",
    "plan": "danh mục của Kế hoạch / the plan's own catalogue",
}
_GROUPS = {
    "timeliness": "thời hạn giải quyết / timeliness",
    "online": "dịch vụ công trực tuyến, số hóa / online and electronic",
    "quality": "chất lượng / quality",
    "people": "viên chức / people",
    "tasks": "nhiệm vụ / tasks",
    "reporting": "chế độ báo cáo / reporting",
}
_BETTER = {"higher": "cao hơn là tốt hơn / higher is better", "lower": "thấp hơn là tốt hơn / lower is better"}
_DIMENSIONS = {
    "field": "lĩnh vực / field",
    "procedure_code": "thủ tục / procedure",
    "channel": "hình thức nộp / channel",
    "age_class": "nhóm tuổi hồ sơ / age class",
    "area": "lĩnh vực của Kế hoạch / area",
    "report_type": "loại báo cáo / report type",
}
_THINGS = {"column": "cột / column", "item": "mục / item", "indicator": "chỉ số / indicator"}
_UNIT = "phòng, đơn vị / office and unit"
_SIGNS = {"=": "=", ">": ">", ">=": "≥", "<": "<", "<=": "≤"}


def _rule_lines(rule: Rule, queries: Iterable[str]) -> list[str]:
    query = next((name for name in queries if name.endswith(f"/{rule.id}")), None)
    facts = [
        ("Ví dụ / example", rule.example),
        ("Xét khi / evaluated", _KINDS[rule.kind]),
        ("Mức / severity", _SEVERITIES[rule.severity]),
        ("Điểm không phù hợp / grade", _GRADES[rule.grade] if rule.grade else _NO_GRADE),
        ("Chiều chất lượng / dimension", rule.dimension),
        ("Căn cứ / basis", rule.basis),
        ("Điều khoản / clause", rule.clause),
        ("Truy vấn / query", f"[{query}.sql](../sql/{query}.sql)" if query else ""),
        ("Tham số / parameters", ", ".join(f"`{name}` = {value}" for name, value in rule.parameters.items())),
        ("Phiên bản, từ ngày / version, since", f"{rule.version}, {rule.since.isoformat()}"),
    ]
    lines = [f"### {rule.id}", "", f"**{rule.message_vi}.** {rule.message_en}.", ""]
    return [*lines, *(f"- {name}: {value}" for name, value in facts if value), ""]


def _coverage_lines(known: Sequence[Coverage]) -> list[str]:
    lacking = [f"- {_THINGS[one.what]} `{one.name}` {one.title}".rstrip() for one in known if not one.by]
    looked_at = [f"- `{one.name}`: {', '.join(one.by)}" for one in known if one.what == "column" and one.by]
    return [
        "## Điều chưa có quy tắc nào xét / what no rule covers",
        "",
        "Suy ra từ các quy tắc, cho kế hoạch kèm theo; `motcua history --uncovered` trả lời cho kế hoạch đang dùng."
        " / Derived from the rules themselves, for the bundled plan; `motcua history --uncovered` answers for the plan"
        " in force. Items are those that no relation compares, indicators those that no target and no suite bounds.",
        "",
        *(lacking or ["- không sót gì / everything is covered"]),
        "",
        "### Quy tắc nào xét cột nào / which rules look at which column",
        "",
        *looked_at,
        "",
    ]


def rules_document(rules: Iterable[Rule], queries: Iterable[str], covered: Sequence[Coverage] = ()) -> str:
    """Return rules.md; `queries` are the names of the .sql files that may hold a rule."""
    known = tuple(queries)
    by_dataset: dict[str, list[Rule]] = {dataset: [] for dataset in _DATASETS}
    for rule in sorted(rules, key=lambda rule: rule.id):
        by_dataset[rule.dataset].append(rule)
    lines = [
        "# Quy tắc kiểm tra / rules",
        "",
        _GENERATED.format(command=COMMAND, source="`schemas/rules.toml`"),
        "",
        "Chỉ quy tắc nghiêm trọng có mức mới mở điểm không phù hợp. / Only a fatal rule with a grade opens a"
        " nonconformity; one graded major also stops the publication. A rule that could not be evaluated says so; that"
        " is not a pass.",
        "",
    ]
    for dataset, members in by_dataset.items():
        if members:
            lines += [f"## {_DATASETS[dataset]}", ""]
            for rule in members:
                lines += _rule_lines(rule, known)
    lines += _coverage_lines(covered) if covered else []
    return "\n".join(lines).rstrip() + "\n"


def _threshold(way: TargetPart, unit_of_measure: str) -> str:
    if way.threshold is None:
        return "tăng so với kỳ trước / above the period before"
    if unit_of_measure != "%":
        return f"{_SIGNS[way.comparison]} {way.threshold}"
    percent = f"{(way.threshold * Decimal(100)).normalize():f}".replace(".", ",")
    return f"{_SIGNS[way.comparison]} {percent} %"


def _figure_name(way: TargetPart) -> str:
    return f"`{way.indicator}`" + (f" ({_DIMENSIONS[way.dimension]}: `{way.dimension_value}`)" if way.dimension else "")


def _target_lines(indicator: Indicator, targets: Iterable[Target], units: dict[str, str]) -> list[str]:
    lines = []
    for target in targets:
        ways = [way for way in target.ways if indicator.id in (target.indicator, way.indicator)]
        if not ways:
            continue
        stated = " hoặc / or ".join(f"{_figure_name(way)} {_threshold(way, units[way.indicator])}" for way in ways)
        if len(ways) < len(target.ways):
            stated += f", hoặc cách khác của / or the other way of `{target.indicator}`"
        lines += [
            f"- Chỉ tiêu / target {target.id}: {stated}",
            f"  - {target.text_vi}",
            f"  - {target.text_en}",
            f"  - {target.basis}",
        ]
    return lines or ["- Chỉ tiêu / target: không có / none in the bundled plan"]


def _indicator_lines(indicator: Indicator, plan: Plan, units: dict[str, str]) -> list[str]:
    lines = [
        f"## {indicator.id}",
        "",
        f"**{indicator.name_vi}.** {indicator.name_en}.",
        "",
        f"- Định nghĩa / definition: {indicator.definition_vi}. / {indicator.definition}.",
        f"- Loại trừ / exclusions: {indicator.exclusions_vi} / {indicator.exclusions}",
        f"- Nhóm / group: {_GROUPS[indicator.group]}",
        f"- Nguồn / source: {_SOURCES[indicator.source]}",
        f"- Căn cứ / basis: {indicator.basis}",
    ]
    if indicator.parts:
        lines.append(f"- Gồm / parts: {', '.join(f'[{part}](#{part})' for part in indicator.parts)}")
        return [*lines, *_target_lines(indicator, plan.targets, units), ""]
    broken_down = [_UNIT, *(_DIMENSIONS[dimension] for dimension in indicator.dimensions)]
    query = indicator.members_query
    items = f" ({indicator.numerator_item} / {indicator.denominator_item})" if indicator.relates_items else ""
    lines += [
        f"- Đơn vị tính / unit of measure: {indicator.unit_of_measure}",
        *([f"- Chiều hướng / direction: {_BETTER[indicator.better]}"] if indicator.better in _BETTER else []),
        f"- Chia theo / broken down by: {'; '.join(broken_down)}",
        f"- Thành phần / members: [{query}.sql](../sql/{query}.sql){items}",
    ]
    return [*lines, *_target_lines(indicator, plan.targets, units), ""]


def indicators_document(indicators: Iterable[Indicator], plan: Plan) -> str:
    """Return indicators.md with the targets of one plan."""
    known = tuple(indicators)
    units = {indicator.id: indicator.unit_of_measure for indicator in known}
    lines = [
        "# Chỉ số / indicators",
        "",
        _GENERATED.format(
            command=COMMAND, source=f"`sql/4_indicators/*/indicator.toml` and `plans/{plan.document.id}/targets.toml`"
        ),
        "",
        "Tử số và mẫu số được giữ riêng; cộng dồn bằng số đếm, không lấy trung bình tỷ lệ; 0/0 là không phát sinh. /"
        " Numerator and denominator are kept apart; roll-ups add counts and never average percentages; 0/0 is"
        " “no cases”, neither 0 nor 100. Targets are compared unrounded.",
        "",
    ]
    for indicator in known:
        lines += _indicator_lines(indicator, plan, units)
    return "\n".join(lines).rstrip() + "\n"


def documents() -> dict[str, str]:
    """Return every generated document by file name, as it should read now."""
    queries = [name for stage in STAGES for name in names(stage)]
    plan = load_plan(BUNDLED_PLAN)
    return {
        "rules.md": rules_document(load_rules().values(), queries, coverage(plan, load_rules())),
        "indicators.md": indicators_document(load_indicators().values(), plan),
        "house.md": house_document(DOCS.parent, COMMAND),
    }


def stale(folder: Path, expected: dict[str, str]) -> list[str]:
    """Return the names of the documents in a folder that are absent or say something else."""
    found = {name: folder / name for name in expected}
    return [name for name, path in found.items() if not path.is_file() or path.read_text("utf-8") != expected[name]]


def main(arguments: Sequence[str], folder: Path = DOCS) -> int:
    """Write the documents, or with --check say which are stale; return the exit status."""
    expected = documents()
    names_of_stale = stale(folder, expected)
    if "--check" in arguments:
        for name in names_of_stale:
            sys.stderr.write(f"{folder.name}/{name} is stale: {COMMAND} mends it\n")
        return STALE if names_of_stale else 0
    for name in names_of_stale:
        (folder / name).write_text(expected[name], "utf-8")
        sys.stdout.write(f"wrote {folder.name}/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
