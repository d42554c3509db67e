"""Which code did this? One hash over every source file that can change a result."""

import hashlib
from functools import cache

from flows.entry.places import CHECKOUT

_PACKAGES = ("audit", "flows", "releases", "schemas", "sources", "sql", "warehouse")


@cache
def lock_sha256() -> str:
    """Return the hash of the lock file: which versions of which libraries."""
    return hashlib.sha256((CHECKOUT / "requirements.lock").read_bytes()).hexdigest()


@cache
def code_sha256() -> str:
    """Return the hash of the product's sources and its lock file."""
    digest = hashlib.sha256()
    paths = [path for package in _PACKAGES for path in (CHECKOUT / package).rglob("*")]
    for path in sorted([*paths, CHECKOUT / "requirements.lock"]):
        if path.suffix in (".py", ".sql", ".toml", ".lock") and path.name != "case.toml" and path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{content}  {path.relative_to(CHECKOUT).as_posix()}\n".encode())
    return digest.hexdigest()
