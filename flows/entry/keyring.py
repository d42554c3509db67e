"""Where do the keys lie with which people, and the schedule, sign?"""

from collections.abc import Callable
from pathlib import Path

from audit.sealed_key import OpenKey, SealedKeyError, WrongPassphraseError, label, unseal
from flows.entry.door import MisuseError
from flows.entry.hand import Hand, Wanted
from warehouse.workspace import SCHEDULE_KEY, Workspace

# Hands out the passphrase of the person of this name.
Passphrase = Callable[[str], str]


def own_hand(passphrase: Passphrase, file: Path | None = None) -> Hand:
    """Return the hand of somebody whose sealed key lies in the workspace, or in a file of its own."""

    def open_key(workspace: Workspace, wanted: Wanted) -> OpenKey:
        path = file or key_path(workspace, wanted.fingerprint)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise MisuseError(
                f"không đọc được khóa của {wanted.name} / the key cannot be read: {path}: {error.strerror}: --key FILE,"
                f' hoặc / or: motcua people revoke "{wanted.name}" --reason "..."'
            ) from error
        try:
            # Another's key in the place of one's own is told before anybody is asked for a passphrase.
            if file is None and label(content).fingerprint != wanted.fingerprint:
                raise MisuseError(
                    f"{path}: không phải khóa của {wanted.name} / is not the key of {wanted.name}: hãy lấy lại từ bản"
                    " lưu / put it back from its copy, --key FILE"
                )
            return unseal(content, passphrase(wanted.name))
        except WrongPassphraseError as error:
            raise MisuseError(
                f"sai mật khẩu của khóa {wanted.name}, hoặc tệp {path} đã hỏng; chưa ghi gì / wrong passphrase of the"
                " key, or its file is damaged, nothing was written: thử lại / try again, lấy tệp từ bản lưu / put the"
                " file back from a backup (--key FILE); quên thì / if it is lost: docs/keys.md"
            ) from error
        except SealedKeyError as error:
            raise MisuseError(f"{path} không phải tệp khóa / is not the file of a sealed key: --key FILE") from error

    return Hand(open_key)


def schedule_hand(workspace: Workspace) -> Hand:
    """Return the hand of the schedule, whose key is not sealed: the gate has it opened where it has to sign."""

    def open_key(_workspace: Workspace, _wanted: Wanted) -> OpenKey:
        return OpenKey((workspace.keys / SCHEDULE_KEY).read_bytes())

    return Hand(open_key)


def key_path(workspace: Workspace, fingerprint: str) -> Path:
    """Return where the sealed key of this fingerprint lies in a workspace."""
    return workspace.people_keys / f"{fingerprint[:16]}.json"
