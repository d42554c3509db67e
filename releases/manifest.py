"""How does a release reach its folder whole, and by which list can anybody check it?

Invariants:
1. a release's folder appears in one step, complete and on disk, or not at all;
2. an existing release is never written to;
3. `manifest.sha256` names every other file of the folder, in the format of `sha256sum`, but its own signature.
"""

import errno
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

MANIFEST_NAME = "manifest.sha256"
SIGNATURE_NAME = "manifest.sig"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_HEX = re.compile("[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of these bytes in lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def manifest_bytes(files: Mapping[str, str]) -> bytes:
    """Return the manifest of these files (relative POSIX path to SHA-256 in hex), sorted by path.

    Raises ValueError for a path that leaves the folder, or a hash that is none.
    """
    for path, digest in files.items():
        _require_inside(path)
        if not _HEX.fullmatch(digest):
            raise ValueError(f"{path}: {digest!r} is not a SHA-256 in hex")
    return "".join(f"{files[path]}  {path}\n" for path in sorted(files)).encode()


def parse_manifest(content: bytes) -> dict[str, str]:
    """Return what a manifest lists: relative POSIX path to SHA-256 in hex.

    Raises ValueError, naming the line, for anything that `manifest_bytes` does not write.
    """
    files: dict[str, str] = {}
    text = content.decode()
    if text and not text.endswith("\n"):
        raise ValueError(f"{MANIFEST_NAME}: the last line is cut off")
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        parts = _LINE.fullmatch(line)
        if parts is None or parts[2] in files:
            raise ValueError(f"{MANIFEST_NAME}, line {number}: not one new file with its SHA-256")
        _require_inside(parts[2])
        files[parts[2]] = parts[1]
    return files


def write_release(folder: Path, files: Mapping[str, bytes], sign: Callable[[bytes], bytes]) -> str:
    """Write these files (relative POSIX path to content), their manifest and its signature as a new folder.

    Returns the SHA-256 of the manifest. The caller holds the workspace's lock: what an interrupted run left beside
    the folder is removed. Raises FileExistsError where the folder exists, ValueError for a path that leaves it.
    """
    manifest = manifest_bytes({path: sha256_hex(content) for path, content in files.items()})
    if os.path.lexists(folder):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f".{folder.name}.partial"
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir()
    signed = [(MANIFEST_NAME, manifest), (SIGNATURE_NAME, sign(manifest))]
    for path, content in [*sorted(files.items()), *signed]:
        target = draft / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_through(target, content)
    for inner in sorted((path for path in draft.rglob("*") if path.is_dir()), reverse=True):
        _sync_folder(inner)
    _sync_folder(draft)
    draft.rename(folder)
    _sync_folder(folder.parent)
    return sha256_hex(manifest)


def _require_inside(path: str) -> None:
    parts = PurePosixPath(path).parts
    is_plain = path == "/".join(parts) and not _CONTROL.search(path)
    if not is_plain or not parts or ".." in parts or parts[0] == "/" or path in (MANIFEST_NAME, SIGNATURE_NAME):
        raise ValueError(f"{path!r} is no path of a file inside a release")


def _write_through(target: Path, content: bytes) -> None:
    with target.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
