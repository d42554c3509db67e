"""The commands about people: whose key is whose, and who may do what."""

from typing import Annotated

import typer

from audit.authority import ROLES, SCHEDULE
from audit.events import Role
from flows.entry.door import MisuseError, own_name
from motcua.app import app
from motcua.options import (
    ActorOption,
    JsonOption,
    KeyOption,
    NewKeyOption,
    PassphraseOption,
    WorkspaceOption,
    door,
    open_to_read,
    open_workspace,
    sealing_of,
)
from motcua.printing import decisions as show_decisions
from motcua.printing import show
from motcua.printing.terminal import console
from schemas.nearest import names_meant

people_app = typer.Typer(help="Con người, khóa và quyền hạn / people, their keys and roles.", no_args_is_help=True)
app.add_typer(people_app, name="people")

NameArgument = Annotated[str, typer.Argument(help="Họ tên / name")]
RoleOption = Annotated[
    list[str],
    typer.Option(
        "--role",
        help="Vai trò, lặp lại được / role, may be repeated: " + " | ".join(one for one in ROLES if one != SCHEDULE),
    ),
]
FingerprintOption = Annotated[
    str, typer.Option("--fingerprint", help="Dấu vân tay mà người đó đọc / the fingerprint that the person read out")
]


def _roles(texts: list[str]) -> list[Role]:
    """Return every role that was named, once, before the first is given or taken."""
    return list(dict.fromkeys(map(_role, texts)))


def _role(text: str) -> Role:
    found = next((role for role in ROLES if role == text.replace("-", "_") and role != SCHEDULE), None)
    if found is None:
        known = names_meant(text, [one for one in ROLES if one != SCHEDULE])
        raise MisuseError(f"không có vai trò {text} / there is no role {text}: {known}")
    return found


@people_app.command("list")
def list_people(workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Ai giữ vai trò nào, bằng khóa nào / who holds which roles, with which key."""
    from flows.entry.enrolment import people

    opened = open_to_read(workspace)
    found = people(opened)
    if json_:
        typer.echo(show.as_json({one.name: {"roles": sorted(one.roles), "key": one.key} for one in found}))
    else:
        show_decisions.show_people(console(), found, opened.plan.zone)


@people_app.command("enrol")
def enrol_person(
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: NewKeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Ghi danh khóa của chính mình, niêm phong bằng mật khẩu / bring a key of one's own, sealed by a passphrase."""
    from flows.entry.enrolment import enrol

    opened = open_workspace(workspace)
    entered = door(actor, "enrol")
    done = enrol(opened, entered, sealing_of(entered, passphrase_fd), key)
    console().print(
        f"{done.name}: đã ghi danh khóa / enrolled key {done.fingerprint}\nTiếp theo / next: đọc mã này cho quản lý"
        f' chất lượng / read this to a quality manager: motcua people appoint "{done.name}" --role ...'
    )


@people_app.command("revoke")
def revoke_key(
    name: NameArgument,
    reason: Annotated[str, typer.Option("--reason", help="Lý do / why")],
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Khóa không còn hiệu lực, vai trò theo khóa cũng vậy / a key no longer counts, nor the roles held with it."""
    from flows.entry.enrolment import revoke

    done = revoke(open_workspace(workspace), door(actor, "revoke-key", key, passphrase_fd), name, reason)
    console().print(
        f"{done.name}: khóa {done.fingerprint[:16]} không còn hiệu lực / no longer counts\nTiếp theo / next:"
        f' motcua people enrol --actor "{done.name}", rồi / then motcua people appoint'
    )


@people_app.command("appoint")
def appoint_person(
    name: NameArgument,
    role: RoleOption,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
    fingerprint: FingerprintOption = "",
) -> None:
    """Phân công vai trò / give somebody a role."""
    from flows.entry.authority import appoint
    from flows.entry.enrolment import people

    opened = open_workspace(workspace)
    entered = door(actor, "appoint", key, passphrase_fd)
    for one in _roles(role):
        is_new = appoint(opened, entered, name, one, fingerprint)
        console().print(f"{name}: {one}" + ("" if is_new else " (đã có / held before)"))
    bound = next((one.key for one in people(opened) if one.name == own_name(name)), None)
    if bound is not None:
        console().print(f"khóa / key {bound.fingerprint}: hãy đọc đối chiếu với người đó / compare it with that person")


@people_app.command("dismiss")
def dismiss_person(
    name: NameArgument,
    role: RoleOption,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Thôi phân công vai trò / take a role away."""
    from flows.entry.authority import dismiss

    opened, entered = open_workspace(workspace), door(actor, "dismiss", key, passphrase_fd)
    for one in _roles(role):
        dismiss(opened, entered, name, one)
        console().print(f"{name}: thôi giữ vai trò / no longer {one}")
