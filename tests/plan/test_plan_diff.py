"""Every table of a plan, with a row or entry changed, added and removed: the difference is named by its key."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from schemas.plan_diff import KeyChange, plan_diff
from schemas.plan_files import plan_texts

PLAN = plan_texts(Path(__file__).parents[2] / "plans" / "svhtt-khanh-hoa-2022", [])
TEXTS = {
    **PLAN,
    "opening_balance.csv": PLAN["opening_balance.csv"] + "2022-Q1,QLVHGD,Quảng cáo,3,Biên bản 017,imported\n",
    "earlier_figures.csv": PLAN["earlier_figures.csv"] + "2021-Q1,satisfaction,TV,80,100,Báo cáo 017,imported\n",
    "rules.toml": '[[rule]]\nid = "D009"\nversion = 2\nsince = 2022-03-01\n\n[[rule]]\nid = "D010"\nversion = 3\n',
}
# File | the first row's key as the difference names it | a column of it | another key, for a row that is added.
TABLES = {
    "units.csv": ("VP", "name_vi", {"code": "MOI"}, "MOI"),
    "procedures.csv": ("2.001631", "field", {"code": "1.999999"}, "1.999999"),
    "tasks.csv": ("I.1", "last_days_on", {"id": "I.9"}, "I.9"),
    "calendar.csv": ("2020-01-01", "name_vi", {"day": "2027-12-30"}, "2027-12-30"),
    "report_items.csv": ("cchc A1.1", "name_vi", {"code": "A99"}, "cchc A99"),
    "opening_balance.csv": ("2022-Q1 QLVHGD Quảng cáo", "pending_count", {"field": "Hành chính"}, "2022-Q1 QLVHGD Hành chính"),
    "earlier_figures.csv": ("2021-Q1 satisfaction TV", "numerator", {"unit": "BT"}, "2021-Q1 satisfaction BT"),
}  # fmt: skip
# File | a line and what it becomes, named by | an entry's beginning, named by.
DOCUMENTS = {
    "periods.toml": {
        ('last_day = 2022-03-14', 'last_day = 2022-03-15'): ("period 2022-Q1, last_day", "2022-03-14", "2022-03-15"),
        ('"2022-H1" = 2022-06-14, "2022-Q3"', '"2022-H1" = 2022-06-10, "2022-Q3"'):
            ("report_type cchc, last_day_on, 2022-H1", "2022-06-14", "2022-06-10"),
        ('recipient_vi = "Sở Nội vụ"', 'recipient_vi = "UBND tỉnh"'):
            ("outgoing_report cchc_department, recipient_vi", "Sở Nội vụ", "UBND tỉnh"),
    },
    "targets.toml": {
        ('comparison = "="\nthreshold = "0"\nbasis = "Kế hoạch CCHC 2022, mục I.2.a"',
         'comparison = "="\nthreshold = "90"\nbasis = "Kế hoạch CCHC 2022, mục I.2.a"'):
            ("target I.2a, threshold", "0", "90"),
        ('threshold = "0.35"', 'threshold = "0.30"'): ("target I.2c, part online_share_all, threshold", "0.35", "0.30"),
        ('on = 2022-08-15', 'on = 2022-08-16'): None,
    },
    "plan.toml": {
        ('number = ""', 'number = "17/QĐ-SVHTT"'): ("decision, number", "", "17/QĐ-SVHTT"),
        ('name_vi = "Cải cách thể chế"', 'name_vi = "Thể chế"'): ("area I, name_vi", "Cải cách thể chế", "Thể chế"),
        ('last_day = 2027-12-31', 'last_day = 2028-12-31'): ("calendar, last_day", "2027-12-31", "2028-12-31"),
    },
    "conventions.toml": {
        ('value = "0.90"', 'value = "0.95"'): ("minimum_accepted_share, value", "0.90", "0.95"),
        ('Kỳ 9 tháng là lũy kế', 'Chín tháng là lũy kế'): ("note 2, text_vi", None, None),
    },
    "disclosure.toml": {("value = 5", "value = 3"): ("threshold, value", "5", "3")},
    "profiles/one-stop-vn.toml": {
        ('grain = "row"', 'grain = "dossier"'): ("grain", "row", "dossier"),
        ('"BCCI" = "postal"', '"BCCI" = "online"'): ("columns, channel, values, BCCI", "postal", "online"),
        ("'^[IVX]+\\.\\s'", "'^[IVX]+'"): ("ignore section, pattern", "^[IVX]+\\.\\s", "^[IVX]+"),
    },
    "report_profiles/cchc-tu-lap.toml": {
        ('"A7.1" = ["Tổng số văn bản phát hành", "Số văn bản đi"]', '"A7.1" = ["Số văn bản đi"]'):
            ("labels, A7.1", '["Tổng số văn bản phát hành", "Số văn bản đi"]', '["Số văn bản đi"]'),
    },
    "rules.toml": {("version = 2", "version = 4"): ("rule D009, version", "2", "4")},
}  # fmt: skip
# File | an entry as it begins, and the difference when it is gone (or, the other way round, added).
ENTRIES = [
    ("periods.toml", '[[period]]\nid = "2022-H2"', "period 2022-H2"),
    ("periods.toml", '[[report_type]]\nid = "self_score"', "report_type self_score"),
    ("periods.toml", '[[outgoing_report]]\nid = "cchc_department"', "outgoing_report cchc_department"),
    ("targets.toml", '[[target]]\nid = "I.7"', "target I.7"),
    (
        "targets.toml",
        '[[target.part]]\nindicator = "online_share_announced"',
        "target I.2c, part online_share_announced",
    ),
    ("targets.toml", "[[series_break]]\non = 2022-08-15", "series_break 2022-08-15"),
    ("plan.toml", '[[area]]\nid = "V"', "area V"),
    ("plan.toml", '[[provision]]\nid = "III"', "provision III"),
    ("conventions.toml", '[[note]]\ntext_vi = "Kỳ 9 tháng', "note 2"),
    ("disclosure.toml", "[dropped_dimensions]", "dropped_dimensions"),
    ("profiles/one-stop-vn.toml", "[columns.phone]", "columns, phone"),
    ("profiles/one-stop-vn.toml", '[[ignore]]\nrow_class = "section"', "ignore section"),
    ("report_profiles/cchc-tu-lap.toml", '[[ignore]]\nrow_class = "total"', "ignore total"),
    ("rules.toml", '[[rule]]\nid = "D010"', "rule D010"),
]


def without(text: str, beginning: str) -> str:
    """Return a document without the entry that begins so, up to the next blank line."""
    assert text.count(beginning) == 1, beginning
    before, rest = text.split(beginning)
    return before + rest.partition("\n\n")[2]


def rows(text: str) -> tuple[list[str], list[dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    return list(reader.fieldnames or ()), list(reader)


def written(columns: list[str], found: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def differences(file: str, after: str, before: Mapping[str, str] = TEXTS) -> tuple[KeyChange, ...]:
    return plan_diff(before, {**before, file: after})


def test_every_file_of_the_plan_is_drawn_here() -> None:
    assert set(TEXTS) == {*TABLES, *DOCUMENTS}
    assert {file for file, _, _ in ENTRIES} == set(DOCUMENTS)


@pytest.mark.parametrize("file", TABLES)
def test_a_changed_cell_is_named_by_row_and_column(file: str) -> None:
    key, column, _, _ = TABLES[file]
    columns, found = rows(TEXTS[file])
    was, found[0][column] = found[0][column], "khác"
    assert differences(file, written(columns, found)) == (KeyChange(file, "changed", f"{key}, {column}", was, "khác"),)


@pytest.mark.parametrize("file", TABLES)
def test_an_added_row_is_named_with_what_it_says(file: str) -> None:
    _, _, other, named = TABLES[file]
    columns, found = rows(TEXTS[file])
    [change] = differences(file, written(columns, [*found, {**found[0], **other}]))
    assert (change.kind, change.key, change.before) == ("added", named, "")
    assert all(f"{name} = {value}" in change.after for name, value in other.items())


@pytest.mark.parametrize("file", TABLES)
def test_a_removed_row_is_named_with_what_it_said(file: str) -> None:
    key, column, _, _ = TABLES[file]
    columns, found = rows(TEXTS[file])
    [change] = differences(file, written(columns, found[1:]))
    assert (change.kind, change.key, change.after) == ("removed", key, "")
    assert found[0][column] in change.before


@pytest.mark.parametrize(("file", "edit"), [(file, edit) for file, edits in DOCUMENTS.items() for edit in edits])
def test_a_changed_key_of_a_document_is_named_by_its_entry(file: str, edit: tuple[str, str]) -> None:
    was, now = edit
    assert TEXTS[file].count(was) >= 1, was
    found = differences(file, TEXTS[file].replace(was, now, 1))
    if (told := DOCUMENTS[file][edit]) is None:
        # Its day is its name.
        assert [(one.kind, one.key) for one in found] == [
            ("removed", "series_break 2022-08-15"), ("added", "series_break 2022-08-16"),
        ]  # fmt: skip
        return
    [change] = found
    assert (change.kind, change.key) == ("changed", told[0])
    assert told[1] is None or (change.before, change.after) == told[1:]


@pytest.mark.parametrize(("file", "beginning", "key"), ENTRIES)
def test_an_entry_that_is_added_or_removed_is_named(file: str, beginning: str, key: str) -> None:
    less = without(TEXTS[file], beginning)
    [removed] = plan_diff(TEXTS, {**TEXTS, file: less})
    assert (removed.file, removed.kind, removed.key, removed.after) == (file, "removed", key, "")
    [added] = plan_diff({**TEXTS, file: less}, TEXTS)
    assert (added.file, added.kind, added.key, added.before) == (file, "added", key, "")
    assert added.after == removed.before != ""


def test_a_whole_file_is_named() -> None:
    less = {name: text for name, text in TEXTS.items() if name != "rules.toml"}
    assert plan_diff(TEXTS, less) == (KeyChange("rules.toml", "removed", ""),)
    assert plan_diff(less, TEXTS) == (KeyChange("rules.toml", "added", ""),)


@pytest.mark.parametrize("file", TEXTS)
def test_no_edit_goes_unnamed_though_no_key_differs(file: str) -> None:
    assert differences(file, TEXTS[file] + "\n") == (KeyChange(file, "text", ""),)


def test_a_key_that_stands_twice_is_numbered() -> None:
    columns, found = rows(TEXTS["units.csv"])
    [change] = differences("units.csv", written(columns, [*found, {**found[0], "name_vi": "Tên khác"}]))
    assert (change.kind, change.key) == ("added", "VP #2")


@pytest.mark.parametrize(
    ("file", "text"),
    [("targets.toml", "[[target"), ("units.csv", 'code,"'), ("plan.toml", "a = = 1"), ("README.md", "other")],
)
def test_of_what_is_no_data_it_is_said_that_its_content_differs(file: str, text: str) -> None:
    assert plan_diff({"README.md": "one", **TEXTS}, {"README.md": "one", **TEXTS, file: text}) == (
        KeyChange(file, "content", ""),
    )
