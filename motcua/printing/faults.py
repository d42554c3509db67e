"""What is said where the machine does not do what it should: the disk is full, closed or failing, memory is short?

One sentence that says where and how to mend it. Nothing is half written then: a file reaches its place whole or not at
all, and what the record does not name is cleared away by the next command.
"""

import errno
import os
from collections.abc import Mapping

_FULL = ("đĩa đầy: dọn bớt rồi chạy lại", "no space left: make room, then run it again")
_CLOSED = ("không có quyền: kiểm tra quyền của thư mục và tệp", "not permitted: check the rights of folder and file")
_TOO_MANY = ("mở quá nhiều tệp: nâng giới hạn ulimit -n", "too many open files: raise ulimit -n")
_FAILING = ("đĩa hỏng hoặc mất kết nối: kiểm tra đĩa", "the disk fails or is gone: check it")
_MISSING = ("không có tệp hoặc thư mục này: kiểm tra đường dẫn", "there is no such file or folder: check the path")
_NO_FOLDER = ("không phải thư mục: kiểm tra đường dẫn", "is no folder: check the path")
_MENDS: Mapping[int, tuple[str, str]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: ("hết hạn mức đĩa: dọn bớt rồi chạy lại", "the disk quota is used up: make room, then run it again"),
    errno.EFBIG: ("tệp vượt giới hạn kích thước: nâng ulimit -f", "the file exceeds a limit on sizes: raise ulimit -f"),
    errno.EROFS: ("ổ đĩa chỉ đọc: gắn lại để ghi được", "the file system is read-only: mount it for writing"),
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EMFILE: _TOO_MANY,
    errno.ENFILE: _TOO_MANY,
    errno.ENOMEM: ("thiếu bộ nhớ: đóng bớt chương trình", "memory is short: close other programs"),
    errno.EAGAIN: ("máy không mở thêm được tiến trình: nâng ulimit -u", "no more processes can start: raise ulimit -u"),
    errno.EIO: _FAILING,
    errno.ESTALE: _FAILING,
    errno.ENODEV: _FAILING,
    errno.ENXIO: _FAILING,
    errno.ENOENT: _MISSING,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EISDIR: ("là thư mục, không phải tệp: kiểm tra đường dẫn", "is a folder, no file: check the path"),
    errno.ELOOP: ("là liên kết: dùng chính tệp hoặc thư mục", "is a link: use the file or folder itself"),
    errno.EEXIST: ("đã có: chọn tên khác hoặc dời đi", "is there already: choose another name, or move it away"),
    errno.ENOTEMPTY: ("không trống: dời nội dung đi", "is not empty: move its content away"),
    errno.ENAMETOOLONG: ("tên quá dài: rút ngắn", "the name is too long: shorten it"),
    errno.EXDEV: ("nằm trên ổ đĩa khác: dời về cùng ổ", "lies on another disk: move it to the same one"),
    errno.EADDRINUSE: ("cổng đang được dùng: chọn --port khác", "the port is in use: choose another --port"),
}


def is_of_the_machine(error: OSError) -> bool:
    """Tell whether the operating system said no; an error that only looks like one of its is our own."""
    return error.errno in _MENDS


def fault_text(error: OSError) -> str:
    """Return the sentence about what the operating system refused."""
    mend, mend_en = _MENDS[error.errno or 0]
    # Of two names, as of a file that is moved, the second is the one that was to be written.
    names = [os.fsdecode(name) for name in (error.filename2, error.filename) if isinstance(name, str | bytes)]
    where = f"{names[0]}: " if names else ""
    return f"{where}{mend} / {mend_en}"
