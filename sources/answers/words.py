"""What is a sender told of each finding: what is wrong, what was expected, and how to mend it?

A value is never repeated here but in the masked form of the finding: the words may leave the vault, the cells may not.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.rules import Rules
from sources.templates.checks import TASK_WORDS

SEVERITIES = {"fatal": "Phải sửa", "warning": "Kiểm tra lại, giải trình", "info": "Lưu ý"}
_ORDER = tuple(SEVERITIES)
# What to do, by what kind of thing is wrong with dossiers and with reports.
_MEND = {
    "dossier": {
        "validity": "Ghi lại ô này đúng dạng, theo hồ sơ gốc.",
        "completeness": "Bổ sung thông tin còn thiếu, theo hồ sơ gốc.",
        "consistency": "Đối chiếu các ô liên quan của hồ sơ, sửa ô ghi sai.",
        "accuracy": "Đối chiếu với hồ sơ gốc: sai thì sửa, đúng thì giải trình.",
        "timeliness": "Đối chiếu ngày với hồ sơ gốc: sai thì sửa, đúng thì giải trình.",
        "uniqueness": "Chỉ giữ một dòng cho mỗi hồ sơ.",
    },
    "report": {
        "validity": "Ghi lại ô này đúng như yêu cầu.",
        "completeness": "Điền phần còn thiếu.",
        "consistency": "Đối chiếu các ô liên quan, sửa ô ghi sai.",
        "accuracy": "Kiểm tra lại số liệu: sai thì sửa, đúng thì giải trình ở cột Ghi chú.",
        "timeliness": "Kiểm tra lại ngày: sai thì sửa, đúng thì giải trình ở cột Ghi chú.",
        "uniqueness": "Chỉ giữ một.",
    },
}
# English words after a slash are the translation; a code or number after one is the divisor of a relation.
_ENGLISH = re.compile(r" / (?=.*(?<!tasks\.)\b[a-z]{2,})")
_NOTHING = "Không cần sửa; lưu ý cho lần gửi sau."


@dataclass(frozen=True)
class AnswerLine:
    """One finding as its sender reads it. `place` of it is a cell, a row, a sheet or the file, as far as is known."""

    rule_id: str
    severity: str
    sheet: str | None
    row: int | None
    cell: str | None
    column_name: str | None
    shown_value: str | None
    expected: str | None
    message_vi: str
    message_en: str
    mend_vi: str

    @property
    def comment(self) -> str:
        """What stands in the comment of the cell."""
        wanted = self.expected_vi
        needed = f"\nCần: {wanted}" if wanted else ""
        return f"[{self.rule_id}] {SEVERITIES[self.severity]}: {self.message_vi}.{needed}\n→ {self.mend_vi}"

    @property
    def expected_vi(self) -> str:
        """The Vietnamese half of what was expected, with the counts of the task table in words."""
        text = _vietnamese(self.expected)
        for count, words in TASK_WORDS.items():
            text = text.replace(count, words)
        return text

    @property
    def shown_vi(self) -> str:
        """What stands there, masked; of what is wrong with no single cell, the Vietnamese half of what was found."""
        return self.shown_value or "" if self._has_place else _vietnamese(self.shown_value)

    @property
    def said_vi(self) -> str:
        """What is wrong, and with no single cell also what was found: nothing can be marked there."""
        found = "" if self._has_place else self.shown_vi
        return f"{self.message_vi}: {found}" if found else self.message_vi

    @property
    def _has_place(self) -> bool:
        return self.cell is not None or self.row is not None


def answer_lines(findings: Iterable[Mapping[str, object]], rules: Rules) -> tuple[AnswerLine, ...]:
    """Return every finding in words: sheet by sheet and row by row, what must be mended before what may stay."""
    lines = [_line(finding, rules) for finding in findings]
    return tuple(sorted(lines, key=_position))


def _line(finding: Mapping[str, object], rules: Rules) -> AnswerLine:
    rule = rules[str(finding["rule_id"])]
    mend = _MEND["dossier" if rule.dataset == "dossier" else "report"][rule.dimension]
    row = finding["row"]
    return AnswerLine(
        rule.id,
        rule.severity,
        _text(finding["sheet"]),
        row if isinstance(row, int) else None,
        _text(finding["cell"]),
        _text(finding["column_name"]),
        _text(finding["shown_value"]),
        _text(finding["expected"]),
        rule.message_vi.rstrip("."),
        rule.message_en.rstrip("."),
        _NOTHING if rule.severity == "info" else mend,
    )


def _vietnamese(text: str | None) -> str:
    return _ENGLISH.split(text or "")[0]


def _text(value: object) -> str | None:
    return str(value) if value else None


def _position(line: AnswerLine) -> tuple[str, int, str, int, str]:
    severity = _ORDER.index(line.severity)
    return line.sheet or "", line.row or 0, line.cell or line.column_name or "", severity, line.rule_id
