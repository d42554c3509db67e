"""Which parts does a zipped workbook (xlsx, xlsm, xlsb, ods) have, and what do they say of it as a whole?

Nothing is run and no link is followed: parts are looked at as bytes.
"""

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import unquote
from xml.etree import ElementTree

from openpyxl.utils.exceptions import InvalidFileException
from python_calamine import CalamineError

from sources.files.legacy_text import encoding_of_font
from sources.files.source import UnreadableError
from sources.files.workbook import Contents

BAD_FILE = "Tệp không mở được như một bảng tính Excel / The file does not open as an Excel workbook"
# What zipfile, ElementTree, openpyxl and calamine raise for bytes that are no sound workbook; RuntimeError is a
# password on the zip.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, InvalidFileException, CalamineError, LookupError,
    ArithmeticError, AssertionError, AttributeError, TypeError, ValueError, OSError, EOFError, RuntimeError,
    MemoryError, struct.error,
)  # fmt: skip
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"
_STRICT_SHEET = "{http://purl.oclc.org/ooxml/spreadsheetml/main}sheet"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
_LINK_RELATIONS = "xl/externalLinks/_rels/"
_ODS_CONTENT, _ODS_MACROS = "content.xml", "Basic/"
_ODS_LINK = re.compile(rb"'((?:file|https?):[^'\"<>]+)'#")
# A font is named in the style table, and in the shared strings where a cell mixes fonts; ods declares all of them.
_FONT_PARTS = ("xl/styles.xml", "xl/styles.bin", "xl/sharedStrings.xml", "content.xml")
_FONT_NAME = re.compile(r"(?:<(?:\w+:)?(?:rFont|name)\s+val|style:name)=\"(\.?Vn[^\"]*)\"", re.IGNORECASE)
_FONT_NAME_IN_BINARY = re.compile(r"(?:\.Vn|VNI-)[\x20-\x7e]*", re.IGNORECASE)


@contextmanager
def sound_parts() -> Iterator[None]:
    """Turn whatever damaged bytes make a reader raise into an UnreadableError with one sentence."""
    try:
        yield
    except UnreadableError:
        raise
    except _UNREADABLE as error:
        raise UnreadableError(BAD_FILE) from error


def _elements(parts: zipfile.ZipFile, name: str) -> Iterator[ElementTree.Element]:
    return ElementTree.fromstring(parts.read(name)).iter()  # noqa: S314 -- expat itself refuses entities that explode


def _relations(parts: zipfile.ZipFile, name: str) -> Iterator[ElementTree.Element]:
    return (element for element in _elements(parts, name) if element.tag == _RELATION)


def _links(parts: zipfile.ZipFile) -> Iterator[str]:
    for name in parts.namelist():
        if name.startswith(_LINK_RELATIONS):
            for relation in _relations(parts, name):
                if relation.get("TargetMode") == "External":
                    yield unquote(relation.get("Target", ""))
        elif name == _ODS_CONTENT:
            yield from (unquote(found.decode("utf-8", "replace")) for found in _ODS_LINK.findall(parts.read(name)))


def contents(parts: zipfile.ZipFile) -> Contents:
    """Return what a package carries beside its sheets."""
    names = parts.namelist()
    has_macros = any(name.endswith("vbaProject.bin") or name.startswith(_ODS_MACROS) for name in names)
    return Contents(has_macros, tuple(dict.fromkeys(_links(parts))))


def names_legacy_font(parts: zipfile.ZipFile) -> bool:
    """Tell whether a package names a font whose text is not Unicode."""
    for name in set(_FONT_PARTS) & set(parts.namelist()):
        content = parts.read(name)
        if name.endswith(".bin"):
            found = _FONT_NAME_IN_BINARY.findall(content.decode("utf-16-le", "replace"))
            found += _FONT_NAME_IN_BINARY.findall(content[1:].decode("utf-16-le", "replace"))
        elif b"Vn" in content or b"VN" in content or b"vn" in content:
            found = _FONT_NAME.findall(content.decode("utf-8", "replace"))
        else:
            continue
        if any(encoding_of_font(font) != "unicode" for font in found):
            return True
    return False


def relation_targets(parts: zipfile.ZipFile, name: str) -> Mapping[str, str]:
    """Return where each relation of a part of relations leads, by its id."""
    return {relation.get("Id", ""): relation.get("Target", "") for relation in _relations(parts, name)}


def part_of_relation(targets: Mapping[str, str], relation: str) -> str:
    """Return the part to which a relation of the workbook leads."""
    target = targets.get(relation, "")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def sheet_parts(parts: zipfile.ZipFile) -> Mapping[str, str]:
    """Return the part of each sheet of an xlsx or xlsm by the sheet's name."""
    targets = relation_targets(parts, _WORKBOOK_RELATIONS)
    return {
        element.get("name", ""): part_of_relation(targets, element.get(_ID) or element.get(_STRICT_ID) or "")
        for element in _elements(parts, "xl/workbook.xml")
        if element.tag in (_SHEET, _STRICT_SHEET)
    }
