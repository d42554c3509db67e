"""May a file be written where somebody asks for it? Never over what lies there, unless they say so."""

from pathlib import Path

from flows.entry.door import MisuseError

_OTHER = "hãy chọn tên khác / choose another name"


def require_new_file(path: Path, *, may_replace: bool | None = None, workspace: Path | None = None) -> None:
    """Return where a file may be written; else MisuseError says what is in its way.

    `may_replace` is whether they said so, None where the command never replaces. Nothing in a workspace is replaced.
    """
    if not path.resolve().parent.is_dir():
        raise MisuseError(f"không có thư mục {path.parent}, hãy tạo trước / there is no such folder: make it first")
    # A link that leads nowhere is there, too.
    if not path.exists() and not path.is_symlink():
        return
    if not path.is_file() or path.is_symlink():
        raise MisuseError(f"{path} không phải tệp / is no file: {_OTHER}")
    if workspace is not None and path.resolve().is_relative_to(workspace):
        raise MisuseError(f"{path} thuộc thư mục làm việc / belongs to the workspace: {_OTHER}")
    if not may_replace:
        mend = f"{_OTHER}, hoặc thay bằng / or replace it: --replace" if may_replace is not None else _OTHER
        raise MisuseError(f"đã có {path} / {path} exists already: {mend}")
