"""Where does everything of one department lie?

A workspace is a folder with `motcua.toml`. Originals and keys are readable by their owner only.
"""

import os
import shutil
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from audit.checkpoint import new_key_pem, public_key_pem
from schemas.limits import Limits
from schemas.plan import Plan, PlanError, load_plan
from schemas.schedule import Schedule
from warehouse.files import sha256_of, write_bytes
from warehouse.modes import close, private

SETTINGS = "motcua.toml"
SIGNING_KEY, PUBLIC_KEY, PSEUDONYM_KEY = "signing.pem", "signing.pub.pem", "pseudonym.key"
SCHEDULE_KEY = "schedule.pem"
_PLAN_REMEDY = (
    "kế hoạch đã quyết định còn được giữ / the plan that was decided is kept: sửa tệp / mend the file, hoặc / or:"
    " motcua plan restore"
)


class WorkspaceError(ValueError):
    """Raised where there is no usable workspace; the message says how to mend it."""


class Settings(BaseModel):
    """`motcua.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    workspace_version: int = 1
    lock_wait_seconds: int = Field(default=30, ge=0)
    # A file of the inbox that changed within these seconds may still be being copied there: it waits.
    settle_seconds: int = Field(default=5, ge=0)
    is_demo: bool = False
    checkpoint_copy: Path | None = None
    reading: Limits = Limits()
    schedule: Schedule = Schedule()


@dataclass(frozen=True)
class Workspace:
    """The paths of a workspace, and its settings and plan read when first asked for."""

    root: Path

    @property
    def ledger(self) -> Path:
        """The record."""
        return self.root / "ledger.jsonl"

    @property
    def checkpoint(self) -> Path:
        """The signed state of the record."""
        return self.root / "ledger.checkpoint"

    @property
    def next_checkpoint(self) -> Path:
        """The signed state that the line which is being written makes; there only while it is."""
        return self.root / "ledger.checkpoint.next"

    @property
    def lock(self) -> Path:
        """Who is writing."""
        return self.root / "ledger.lock"

    @property
    def torn(self) -> Path:
        """Half-written last lines of the record, set aside."""
        return self.root / "torn"

    @property
    def set_aside(self) -> Path:
        """What lay among the releases though no commit names it."""
        return self.root / "set-aside"

    @property
    def database(self) -> Path:
        """The projection, swapped in whole."""
        return self.root / "warehouse.duckdb"

    @property
    def inbox(self) -> Path:
        """Files to take in."""
        return self.root / "inbox"

    @property
    def vault(self) -> Path:
        """Originals: the only place with personal data."""
        return self.root / "vault"

    @property
    def store(self) -> Path:
        """Immutable tables by hash."""
        return self.root / "store"

    @property
    def staging(self) -> Path:
        """Tables of files that are being read, until their commit; what a killed process left is worth nothing."""
        return self.root / ".reading"

    @property
    def releases(self) -> Path:
        """Published versions by period."""
        return self.root / "releases"

    @property
    def drafts(self) -> Path:
        """What would be published of each period, to be read by those who decide; can be made anew at any time."""
        return self.root / "drafts"

    @property
    def keys(self) -> Path:
        """Signing and pseudonym keys."""
        return self.root / "keys"

    @property
    def people_keys(self) -> Path:
        """Keys of people, each sealed by its person's passphrase."""
        return self.keys / "people"

    @property
    def plan_folder(self) -> Path:
        """The plan to work with: a copy of the one in force, until somebody edits it."""
        return self.root / "plan"

    @property
    def next_plan_folder(self) -> Path:
        """A decided plan that is about to take the folder's place."""
        return self.root / ".plan-next"

    @property
    def prefect_home(self) -> Path:
        """Prefect's own files; may be cleaned at any time."""
        return self.root / ".prefect"

    @property
    def settings_file(self) -> Path:
        """What this workspace has set, as people write it."""
        return self.root / SETTINGS

    @cached_property
    def settings(self) -> Settings:
        """The settings; WorkspaceError names a wrong key, and what is no file."""
        if self.settings_file.exists() and not self.settings_file.is_file():
            # A pipe would be waited for.
            raise WorkspaceError(f"{self.settings_file}: không phải tệp thường / is no plain file: put the file back")
        try:
            return Settings.model_validate(tomllib.loads(self.settings_file.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise WorkspaceError(f"{self.settings_file}: không phải TOML / is not TOML in UTF-8: {error}") from error
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise WorkspaceError(f"{self.settings_file}, khóa / key {wrong}") from error

    @property
    def settings_sha256(self) -> str:
        """The hash of the settings as they lie there."""
        return sha256_of(self.settings_file)

    @cached_property
    def plan(self) -> Plan:
        """The plan in the folder, checked; while a decided one takes its place, that one."""
        is_between = self.next_plan_folder.is_dir() and not self.plan_folder.is_dir()
        try:
            return load_plan(self.next_plan_folder if is_between else self.plan_folder)
        except PlanError as error:
            raise PlanError(error.mistakes, _PLAN_REMEDY if self.ledger.exists() else "") from error

    def relative(self, path: Path) -> str:
        """Return a path as the ledger writes it."""
        return path.relative_to(self.root).as_posix()

    def signing_key(self) -> bytes:
        """Return the private key that signs checkpoints."""
        return self._key(SIGNING_KEY)

    def public_key(self) -> bytes:
        """Return the public half of the signing key."""
        return self._key(PUBLIC_KEY)

    def pseudonym_key(self) -> bytes:
        """Return the key of the HMAC that stands in for applicants."""
        return self._key(PSEUDONYM_KEY)

    def _key(self, name: str) -> bytes:
        try:
            return (self.keys / name).read_bytes()
        except FileNotFoundError as error:
            raise WorkspaceError(
                f"thiếu khóa {self.keys / name}, hãy lấy lại từ bản lưu / the key is missing: put it back from its"
                " copy; where there is none, see docs/keys.md"
            ) from error


def find_workspace(stated: Path | None, environment: str | None, here: Path) -> Workspace:
    """Return the workspace stated, else the environment's, else the nearest folder upward that is one."""
    chosen = stated or (Path(environment) if environment else None)
    if chosen is not None:
        if not os.path.lexists(chosen / SETTINGS):
            raise WorkspaceError(
                f"{chosen} không phải thư mục làm việc / is not a workspace (no {SETTINGS}): motcua init {chosen}"
            )
        return Workspace(chosen.resolve())
    for folder in (here, *here.parents):
        if os.path.lexists(folder / SETTINGS):
            return Workspace(folder.resolve())
    raise WorkspaceError(
        f"không thấy thư mục làm việc từ {here} / no workspace here or above: motcua init DIR, or --workspace DIR"
    )


def create_workspace(
    root: Path, plan_folder: Path, *, is_demo: bool, pseudonym_key: bytes, signing_seed: bytes, schedule_seed: bytes
) -> Workspace:
    """Lay out a workspace from a plan folder; WorkspaceError where the folder is already in use."""
    load_plan(plan_folder)
    if root.exists() and any(root.iterdir()):
        raise WorkspaceError(f"{root} không trống, hãy chọn thư mục mới / is not empty: name a new folder")
    with private():
        root.mkdir(parents=True, exist_ok=True)
        workspace = Workspace(root.resolve())
        for folder in (
            workspace.inbox,
            workspace.store,
            workspace.releases,
            workspace.vault,
            workspace.keys,
            workspace.people_keys,
        ):
            folder.mkdir()
        shutil.copytree(plan_folder, workspace.plan_folder)
        signing = new_key_pem(signing_seed)
        write_bytes(workspace.keys / SIGNING_KEY, signing)
        write_bytes(workspace.keys / PUBLIC_KEY, public_key_pem(signing))
        write_bytes(workspace.keys / PSEUDONYM_KEY, pseudonym_key)
        write_bytes(workspace.keys / SCHEDULE_KEY, new_key_pem(schedule_seed))
        # Nobody copies into a demonstration slowly: what lies in its inbox is whole.
        demo = "\nis_demo = true\nsettle_seconds = 0" if is_demo else ""
        write_bytes(workspace.root / SETTINGS, f"workspace_version = 1\nlock_wait_seconds = 30{demo}\n".encode())
        # A folder that was there already, and a plan that was copied with its rights.
        close(workspace.root, workspace.inbox)
        return workspace
