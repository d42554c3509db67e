"""Is a workbook's archive safe to hand to a parser?

Workbooks are zip archives, and everything that an archive says of itself may be a lie. So every member is unpacked once
here, in small blocks that are thrown away, before any parser opens the file: sizes are counted, not believed.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from schemas.limits import Limits
from sources.files.source import UnreadableError

_BLOCK = 1 << 20
_MEBIBYTE = 1 << 20
_ZIP = b"PK\x03\x04"
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1
# Below this size any ratio is harmless.
_SMALL = 16 * _MEBIBYTE
# An office program writes no entity; a file that declares its own would have them unfolded into gigabytes.
_ENTITY = re.compile(rb"<!ENTITY|<\0!\0E\0N\0T\0I\0T\0Y|\0<\0!\0E\0N\0T\0I\0T\0Y")
_OVERLAP = 20
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_HEAD = 1 << 16
_LETTERS = 26


def check_archive(path: Path, limits: Limits) -> None:
    """Raise UnreadableError where a file is an archive that is damaged, lies about its sizes or exceeds the limits."""
    with path.open("rb") as file:
        if file.read(len(_ZIP)) != _ZIP:
            return
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error) as error:
            raise UnreadableError(
                "Tệp không mở được như một bảng tính Excel / The file does not open as an Excel workbook"
            ) from error
        _check_declared(members, limits)
        left = limits.unpacked_mebibytes * _MEBIBYTE
        for member in members:
            left -= _check_member(file, member, left, limits)


def _check_declared(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.members:
        raise UnreadableError(
            f"Tệp nén có {len(members)} phần, cho phép {limits.members}"
            f" / The archive has {len(members)} parts, {limits.members} are allowed"
        )
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise UnreadableError("Tệp đặt mật khẩu: hãy gỡ mật khẩu / The file has a password: remove it")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise UnreadableError(
            "Tệp nén theo cách mà bảng tính không dùng / The file is packed in a way that no workbook is"
        )
    if sum(member.file_size for member in members) > limits.unpacked_mebibytes * _MEBIBYTE:
        raise _too_large(limits)


def _too_large(limits: Limits) -> UnreadableError:
    return UnreadableError(
        f"Tệp bung ra lớn hơn {limits.unpacked_mebibytes} MiB nên không được mở"
        f" / The file unpacks to more than {limits.unpacked_mebibytes} MiB and was not opened"
    )


def _check_member(file: BinaryIO, member: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """Unpack one member and throw it away; return its true size."""
    size = 0
    tail = b""
    for block in _unpacked(file, member):
        size += len(block)
        if size > left:
            raise _too_large(limits)
        if size > max(_SMALL, member.compress_size * limits.packed_times):
            raise UnreadableError(
                f"Tệp nén hơn {limits.packed_times} lần, bảng tính thật không thế"
                f" / The file is packed more than {limits.packed_times} times, which no real workbook is"
            )
        if _ENTITY.search(tail + block):
            raise UnreadableError(
                "Tệp có khai báo thực thể XML, chương trình bảng tính không ghi như vậy"
                " / The file declares XML entities, which no office program writes"
            )
        if size == len(block):
            _check_sheet(block[:_HEAD], limits)
        tail = block[-_OVERLAP:]
    if size != member.file_size:
        raise UnreadableError(
            "Tệp nén ghi sai kích thước của chính nó: tệp hỏng hoặc bị sửa"
            " / The archive is wrong about its own sizes: it is damaged or forged"
        )
    return size


def _unpacked(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a member really holds in blocks, whatever the archive says of its size."""
    damaged = UnreadableError("Tệp nén bị hỏng / The archive is damaged")
    # Offsets are computed from what the archive says of its own length.
    if member.header_offset < 0:
        raise damaged
    file.seek(member.header_offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(_ZIP):
        raise damaged
    _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    file.seek(name_length + extra_length, 1)
    packed_left = member.compress_size
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while packed_left and (packed := file.read(min(_BLOCK, packed_left))):
        packed_left -= len(packed)
        if unpacker is None:
            yield packed
            continue
        try:
            while packed and not unpacker.eof:
                yield unpacker.decompress(packed, _BLOCK)
                packed = unpacker.unconsumed_tail
        except zlib.error as error:
            raise damaged from error
    if packed_left or (unpacker is not None and not unpacker.eof):
        raise damaged


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _check_sheet(head: bytes, limits: Limits) -> None:
    found = _DIMENSION.search(head)
    if found is None:
        return
    columns = _column(found[3]) - _column(found[1]) + 1
    rows = int(found[4]) - int(found[2]) + 1
    if rows * columns > limits.sheet_cells:
        raise UnreadableError(
            f"Trang tính khai {rows} dòng × {columns} cột, quá lớn: hãy xóa dòng và cột trống"
            f" / A sheet claims {rows} rows × {columns} columns, too many: delete its empty rows and columns"
        )
