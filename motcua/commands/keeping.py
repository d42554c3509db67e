"""The commands that keep: erase an original, back up and restore, replace keys."""

from pathlib import Path
from typing import Annotated

import typer

from flows.entry.door import MisuseError
from motcua.app import REFUSED, app
from motcua.options import (
    ActorOption,
    JsonOption,
    KeyOption,
    PassphraseOption,
    PeriodArgument,
    WorkspaceOption,
    door,
    open_to_read,
    open_workspace,
    period_of,
)
from motcua.printing import show
from motcua.printing.terminal import console, styled

keys_app = typer.Typer(help="Khóa: thay, khai báo mất / keys: replace one, declare one lost.", no_args_is_help=True)
app.add_typer(keys_app, name="keys")

SubmissionArgument = Annotated[str, typer.Argument(help="Lần nộp / submission, e.g. S-0001")]
DecisionOption = Annotated[str, typer.Option(help='Quyết định / decision: "QĐ số ... ngày ..."')]
ReasonOption = Annotated[str, typer.Option(help="Lý do / why")]


@app.command()
def erase(
    submission: SubmissionArgument,
    decision: DecisionOption,
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Xóa hẳn bản gốc theo quyết định; số liệu vẫn giữ / erase an original by a decision; its figures stay."""
    from audit.erasures import fate_text
    from flows.intake.originals import erase as erase_verb

    done = erase_verb(open_workspace(workspace), door(actor, "erase", key, passphrase_fd), submission, decision, reason)
    if json_:
        typer.echo(show.as_json(done))
        return
    console().print(f"{', '.join(done.numbers)}: {fate_text(done.fate)}")
    console().print(
        "Bản lưu còn khóa cho đến lần chạy sau của / backups hold the key until the next: motcua backup FOLDER"
    )


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Thư mục bản lưu / the backup's folder")],
    keys: Annotated[
        Path | None, typer.Option(help="Chép khóa vào thư mục khác / copy the keys too, into another folder")
    ] = None,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Chép khóa vào cùng bản lưu / keys in the backup")
    ] = False,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
) -> None:
    """Sao lưu; chỉ chép phần mới / back up; only what is new is copied."""
    from flows.keeping.backup import backup as backup_verb
    from warehouse.backups import known_backups, untried

    if keys is not None and with_keys:
        raise MisuseError("chọn --keys hoặc --with-keys / name --keys or --with-keys, not both")
    opened = open_workspace(workspace)
    done = backup_verb(opened, door(actor, "backup"), folder, folder / "keys" if with_keys else keys)
    if json_:
        typer.echo(show.as_json(done))
        return
    console().print(
        f"{folder}: {done.size} dòng sổ cái / commits · chép / copied {done.copied_count}"
        f" · đã có / there already {done.kept_count} · xóa / removed {done.removed_count}"
        + (f" · sửa chỗ hỏng / mended {done.mended_count}" if done.mended_count else "")
        + (f" · khóa / keys {done.key_count}" if done.key_count is not None else "")
    )
    if done.key_count is None:
        console().print(
            "Không kèm khóa: thiếu khóa thì không đọc được bản gốc / without keys: docs/keys.md, --keys FOLDER"
        )
    for sentence in untried(known_backups(opened)):
        console().print(styled("[yellow]lưu ý / note[/]  {}", sentence))


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="Bản lưu / the backup")],
    new_folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Thư mục mới / new folder")] = None,
    keys: Annotated[Path | None, typer.Option(help="Thư mục khóa / folder of the keys (else the backup's)")] = None,
    trial: Annotated[
        bool,
        typer.Option("--try", help="Khôi phục thử rồi bỏ, có ghi nhận / try it, and note so"),
    ] = False,
    unsigned: Annotated[
        bool, typer.Option("--unsigned", help="Nhận bản lưu cũ chưa ký / accept one of before backups were signed")
    ] = False,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
    actor: ActorOption = None,
) -> None:
    """Khôi phục thư mục làm việc từ bản lưu rồi kiểm tra / make a workspace of a backup and verify it."""
    from flows.keeping.backup import restore as restore_verb
    from flows.keeping.backup import try_backup

    if (new_folder is None) != trial:
        raise MisuseError("ghi thư mục mới, hoặc --try / name a new folder, or --try, not both")
    if trial or new_folder is None:
        tried = try_backup(open_workspace(workspace), door(actor, "restore"), folder, keys)
        if json_:
            typer.echo(show.as_json(tried))
        else:
            show.show_verification(console(), tried.verification)
            if tried.known is not None:
                console().print(f"{folder}: khôi phục được, đã ghi nhận / it comes back, which is noted")
        if tried.known is None:
            raise typer.Exit(REFUSED)
        return
    done = restore_verb(folder, keys, new_folder, accepts_unsigned=unsigned)
    if json_:
        typer.echo(show.as_json(done))
    else:
        console().print(f"Đã khôi phục / restored {done.folder}")
        show.show_verification(console(), done.verification)
    if done.verification.problems:
        raise typer.Exit(REFUSED)


@keys_app.command("rotate")
def rotate(
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Thay khóa ký, kể cả khi khóa cũ đã mất / replace the signing key, the old one lost or not."""
    from flows.keeping.keys import replace_signing_key

    event = replace_signing_key(open_workspace(workspace), door(actor, "keys rotate", key, passphrase_fd), reason)
    agreed = "khóa cũ đã ký / signed by the old key" if event.agreed_by_old else "khóa cũ đã mất / the old key is lost"
    console().print(
        f"Khóa ký mới có hiệu lực / a new signing key is in force ({agreed})\n{event.new_public_key.strip()}"
    )


@keys_app.command("pseudonym")
def pseudonym(
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Thay khóa bí danh: mã người nộp đổi từ đây / replace the pseudonym key: applicants' codes differ from here on."""
    from flows.keeping.keys import replace_pseudonym_key

    replace_pseudonym_key(open_workspace(workspace), door(actor, "keys pseudonym", key, passphrase_fd), reason)
    console().print("Khóa bí danh mới có hiệu lực / a new pseudonym key is in force")


@keys_app.command("schedule")
def schedule(
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Thay khóa của lịch tự động / replace the key with which the schedule signs."""
    from flows.keeping.keys import replace_schedule_key

    event = replace_schedule_key(open_workspace(workspace), door(actor, "keys schedule", key, passphrase_fd), reason)
    console().print(
        f"Khóa mới của lịch có hiệu lực / a new key of the schedule is in force\n{event.new_public_key.strip()}"
    )


@keys_app.command("lost")
def lost(
    submission: SubmissionArgument,
    decision: DecisionOption,
    reason: ReasonOption,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    key: KeyOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Khai báo khóa của bản gốc đã mất / declare the key of an original lost: it cannot be read any more."""
    from audit.erasures import fate_text
    from flows.intake.originals import declare_lost

    done = declare_lost(
        open_workspace(workspace), door(actor, "keys lost", key, passphrase_fd), submission, decision, reason
    )
    console().print(f"{', '.join(done.numbers)}: {fate_text(done.fate)}")


@app.command()
def reproduce(
    period: PeriodArgument,
    version: Annotated[int, typer.Argument(help="Phiên bản / version, e.g. 1")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Thư mục mới / new folder")],
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Tính lại một bản công bố, so từng byte / compute a release anew from the record, compared byte for byte."""
    from flows.release.reproduce import reproduce as reproduce_verb

    opened = open_to_read(workspace)
    done = reproduce_verb(opened, period_of(opened, period).id, version, folder)
    if json_:
        typer.echo(show.as_json(done))
    else:
        for difference in done.differences:
            console().print(styled("[red]KHÁC / DIFFERS[/]  {}", difference))
        for note in done.notes:
            console().print(styled("[yellow]lưu ý / note[/]  {}", note))
        computed = ", ".join(f"{number} {what}" for what, number in done.computed.items())
        verdict = "[red]có chỗ khác / it differs[/]" if done.differences else "[green]đúng từng byte / byte for byte[/]"
        console().print(styled(verdict + " (đã tính lại / computed: {}): {}", computed, done.folder))
    if done.differences:
        raise typer.Exit(REFUSED)
