"""Which documents does the evidence of a task name? The number of a document identifies nobody; other words may.

Kept are numbers as offices write them, `12/BC-SVHTT`: every part of the sign is a kind of document, a state body or a
unit of the plan. What else is written there stays in the vault, and the record says only that something is.
"""

import re

from schemas.plan import Plan
from sources.reports.cells import Cell

# Nghị định 30/2020/NĐ-CP, Phụ lục III, and the bodies that sign.
_KINDS = frozenset({
    "NQ", "QĐ", "CT", "QC", "QyĐ", "TC", "TB", "HD", "CTr", "KH", "PA", "ĐA", "DA", "BC", "BB", "TTr", "HĐ", "CV",
    "CĐ", "BGN", "BTT", "GUQ", "GM", "GGT", "GNP", "PG", "PC", "PB", "NĐ", "TT", "LT", "UBND", "HĐND", "TTg", "CP",
    "VPCP", "BNV", "BVHTTDL", "SNV", "KSTT",
})  # fmt: skip
_NUMBER = re.compile(r"(?<![\w/])(\d{1,4}[a-z]?(?:/(?:19|20)\d\d)?)/([^\W\d_]{1,10}(?:-[^\W\d_]{1,10}){0,3})(?![\w/])")
IN_WORDS = "có, không ghi số / given, without a number"


def documents_named(cell: Cell, plan: Plan) -> str | None:
    """Return the numbers of the documents that a cell names, `IN_WORDS` where it names none; None for a blank one."""
    if cell.is_blank or not cell.text:
        return None
    known = _KINDS | {unit.code for unit in plan.units} | {part.upper() for part in plan.document.id.split("-")}
    found = [f"{number}/{sign}" for number, sign in _NUMBER.findall(cell.text) if known.issuperset(sign.split("-"))]
    return ", ".join(dict.fromkeys(found)) or IN_WORDS
