"""What of a sender's workbook is lost when it is written again?

openpyxl keeps cells, formulas, styles, names, links, validations, tables and most charts; it drops what this module
looks for, and the answer says so.
"""

import re
import zipfile

_LOST_FOLDERS = {
    "xl/media/": "hình ảnh / pictures",
    "xl/ctrlProps/": "nút, hộp chọn / form controls",
    "xl/activeX/": "điều khiển ActiveX / ActiveX controls",
    "xl/diagrams/": "sơ đồ SmartArt / SmartArt",
    "xl/slicers/": "bộ lọc nhanh / slicers",
    "xl/threadedComments/": "trao đổi trong ghi chú / threaded comments",
    "xl/embeddings/": "tệp nhúng / embedded files",
    "xl/charts/": "định dạng riêng của biểu đồ (có thể cả biểu đồ) / the charts' own formats, perhaps charts",
}
_SHAPE = re.compile(rb"<(?:\w+:)?(?:sp|grpSp|cxnSp)[ >]")
_SHAPES = "hình vẽ, hộp chữ / shapes, text boxes"
_EXTENSIONS = "định dạng mở rộng (sparkline …) / extended formats (sparklines …)"
_SPARKLINE = re.compile(rb"<(?:\w+:)?sparklineGroup[ >]")


def lost_parts(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Return, in words, the kinds of things in a workbook that its answer does not hold."""
    names = archive.namelist()
    lost = [told for folder, told in _LOST_FOLDERS.items() if any(name.startswith(folder) for name in names)]
    drawings = [name for name in names if name.startswith("xl/drawings/") and name.endswith(".xml")]
    if any(_SHAPE.search(archive.read(name)) for name in drawings):
        lost.append(_SHAPES)
    sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    if any(_SPARKLINE.search(archive.read(name)) for name in sheets):
        lost.append(_EXTENSIONS)
    return tuple(lost)
