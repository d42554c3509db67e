"""How is a draft written as the file that a person reads, corrects and confirms?

The file is a profile as every other, with its questions as comments and their keys in `needs_confirmation`: a person
answers in the file and takes the key out of the list. While one is in it, the profile is refused.
"""

import json
from collections.abc import Iterable, Iterator

from sources.drafts.dates import DateReading
from sources.drafts.draft import Draft, DraftColumn

_HOW = (
    "# Bản nháp, chưa có hiệu lực: trả lời từng câu hỏi ngay trong tệp này, rồi xóa tên của câu ấy khỏi danh sách sau.",
    "# Nhãn còn “” là nhãn chưa rõ nghĩa: ghi nghĩa của nó, hoặc xóa dòng ấy thì các dòng hồ sơ có nhãn ấy bị loại.",
    "# A draft: answer each question in this file, then take its name out of the list below; while one is left, the",
    "# profile is refused. A label that stays “” has no meaning yet: give it one, or delete its line: its rows go out.",
)


def as_toml(draft: Draft) -> str:
    """Return the draft as TOML that `sources.logs.profile.load_profile` reads; the same draft gives the same text."""
    return "\n".join(_lines(draft)) + "\n"


def _text(value: str) -> str:
    # A pattern is read more easily as it is.
    if "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    # JSON's strings are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"


def _comment(text: str) -> str:
    return "# " + " ".join(text.split())


def _lines(draft: Draft) -> Iterator[str]:
    yield from _HOW
    for question in draft.questions:
        yield _comment(f"{question.key}: {question.text}")
    yield f"needs_confirmation = {_list(question.key for question in draft.questions)}"
    yield ""
    yield from (_comment(note) for note in draft.notes)
    if draft.unused:
        yield _comment(f"cột không đọc / columns not read: {', '.join(draft.unused)}")
    counted = f"{draft.row_count} dòng / rows, {draft.dossier_count} hồ sơ / dossiers; {draft.encoding}"
    yield _comment(counted)
    yield f"id = {_text(draft.id)}"
    yield "version = 1"
    yield f"name_vi = {_text(f'Sổ theo dõi hồ sơ {draft.id}')}"
    yield f"grain = {_text(draft.grain)}"
    yield f"coverage = {_text(draft.coverage)}"
    if draft.window is not None:
        yield f"window_pattern = {_text(draft.window.pattern)}"
        yield f"window_format = {_text(draft.window.format)}"
    if draft.exported_at is not None:
        yield f"exported_at_pattern = {_text(draft.exported_at.pattern)}"
        yield f"exported_at_format = {_text(draft.exported_at.format)}"
    else:
        yield _comment("tệp không ghi thời điểm kết xuất / the file does not say when it was exported")
        yield "exported_at_from_data = true"
    yield f"date_formats = {_list(draft.date_formats or ('%d/%m/%Y',))}"
    for row_class, pattern in draft.ignored:
        yield ""
        yield "[[ignore]]"
        yield f"row_class = {_text(row_class)}"
        yield f"pattern = {_text(pattern)}"
    if draft.constants:
        yield ""
        yield "[constants]"
        yield from (f"{name} = {_text(value)}" for name, value in draft.constants.items())
    for column in draft.columns:
        yield ""
        yield from _column(column, draft.date_formats)


def _column(column: DraftColumn, date_formats: tuple[str, ...]) -> Iterator[str]:
    yield f"[columns.{column.name}]"
    if column.dates is not None:
        yield _comment(_proof(column.dates))
    yield f"headings = {_list([column.heading])}"
    if column.is_required:
        yield "required = true"
    if column.personal is not None:
        yield f"personal = {_text(column.personal)}"
    if column.dates is not None and column.dates.formats and column.dates.formats != date_formats:
        yield f"formats = {_list(column.dates.formats)}"
    if column.fold != "same":
        yield f"fold = {_text(column.fold)}"
    if column.values:
        yield ""
        yield f"[columns.{column.name}.values]"
        yield from (f"{_text(label)} = {_text(meaning)}" for label, meaning in column.values.items())


def _proof(dates: DateReading) -> str:
    if not dates.filled_count:
        return "cả cột trống: chưa biết cách ghi ngày / the whole column is blank"
    proven = "đã chứng minh / proven" if dates.is_proven else "chưa chứng minh / not proven"
    return f"{proven}: {dates.parsed_count} trong {dates.filled_count} ô đọc được / cells parse"
