"""How does a person prove to be who they say? By a passphrase that no argument, no variable and no log ever holds."""

import getpass
import os
import sys
from collections.abc import Mapping

from flows.entry.door import MisuseError

VARIABLE = "MOTCUA_PASSPHRASE_FD"
_LONGEST = 4096


def passphrase_of(name: str, stated_fd: int | None, environment: Mapping[str, str]) -> str:
    """Return the passphrase of a person's key: from a descriptor, else typed at a terminal; else MisuseError."""
    descriptor = _descriptor(stated_fd, environment)
    if descriptor is not None:
        return _read_line(descriptor)
    return _typed(f"Mật khẩu của / passphrase of {name}: ")


def new_passphrase(name: str, stated_fd: int | None, environment: Mapping[str, str]) -> str:
    """Return the passphrase that is to seal a new key; typed twice at a terminal."""
    descriptor = _descriptor(stated_fd, environment)
    if descriptor is not None:
        return _read_line(descriptor)
    first = _typed(f"Mật khẩu mới của / new passphrase of {name}: ")
    if first != _typed("Nhập lại / once more: "):
        raise MisuseError("hai lần nhập không giống nhau, chưa ghi gì / the two differ, nothing was written: again")
    return first


def _descriptor(stated: int | None, environment: Mapping[str, str]) -> int | None:
    if stated is not None:
        return stated
    text = environment.get(VARIABLE)
    if text is None or not text.strip():
        return None
    if not text.strip().isdecimal():
        raise MisuseError(f"{VARIABLE} phải là số của một bộ mô tả tệp / has to be the number of a file descriptor")
    return int(text)


def _read_line(descriptor: int) -> str:
    """Read one line and no byte more: the next command finds its own in the same place."""
    read = bytearray()
    try:
        while len(read) < _LONGEST and (one := os.read(descriptor, 1)) not in (b"", b"\n"):
            read += one
        text = read.decode().removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise MisuseError(
            f"không đọc được mật khẩu từ bộ mô tả {descriptor} / the passphrase cannot be read from the descriptor:"
            f" motcua ... --passphrase-fd {descriptor} {descriptor}< FILE"
        ) from error
    if not text:
        raise MisuseError(f"bộ mô tả {descriptor} không có mật khẩu nào / the descriptor holds no passphrase")
    return text


def _typed(prompt: str) -> str:
    # Where nobody sees the prompt nobody can answer it.
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise MisuseError(
            "cần mật khẩu của người ký / a passphrase is needed: ở màn hình / at a terminal, hoặc / or"
            f" --passphrase-fd N, {VARIABLE}=N"
        )
    return getpass.getpass(prompt)
