"""What is said where a command line cannot be understood? One line: what, where, the nearest that there is, and help.

The parser tells what it did not understand in classes of its own, two of them in words alone: those are matched here,
so that no other module knows how it speaks.
"""

import re

from pydantic import ValidationError
from typer._click.core import Context
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.exceptions import TyperException

from schemas.nearest import names_meant

_NO_COMMAND = re.compile(r"No such command (.+?)\.(?: Did you mean .*)?")
_TOO_MANY = re.compile(r"Got unexpected extra arguments? \((.*)\)|Got unexpected extra argument\(s\) \((.*)\)")
_WHOLE = "phải là số nguyên / has to be a whole number"


def mistyped_text(error: TyperException) -> str:
    """Return the line about a command line that cannot be understood."""
    context = error.ctx if isinstance(error, UsageError) else None
    # The words of a command, whatever the program was started as.
    words = context.command_path.split()[1:] if context is not None else []
    return f"{_what(error, context)}: {' '.join(['motcua', *words, '--help'])}"


def _what(error: TyperException, context: Context | None) -> str:
    command = context.command if context is not None else None
    match error:
        case NoArgsIsHelpError():
            return "thiếu lệnh / a command is missing"
        case NoSuchOption():
            meant = names_meant(error.option_name, _options(context))
            return f"không có tùy chọn {error.option_name} / there is no such option: {meant}"
        case MissingParameter() if isinstance(error.param, TyperArgument):
            return f"thiếu đối số / an argument is missing: {_name(error)} ({error.param.help})"
        case MissingParameter() if isinstance(error.param, TyperOption):
            return f"thiếu tùy chọn / an option is missing: {_name(error)} ({error.param.help})"
        case BadParameter():
            return f"{_name(error)} {_unfit(error)}"
        case BadOptionUsage() if "does not take" in error.message:
            return f"{error.option_name} không nhận giá trị / takes no value"
        case BadOptionUsage():
            return f"{error.option_name} thiếu giá trị / lacks its value"
        case _:
            pass
    if isinstance(command, TyperGroup) and (found := _NO_COMMAND.fullmatch(error.message)):
        typed = found[1][1:-1]
        return f"không có lệnh {typed} / there is no such command: {names_meant(typed, command.commands)}"
    if found := _TOO_MANY.fullmatch(error.message):
        return f"thừa / too many arguments: {found[1] or found[2]}"
    return f"không hiểu / cannot be understood: {error.format_message()}"


def _options(context: Context | None) -> list[str]:
    if context is None:
        return []
    params = context.command.get_params(context)
    return [name for param in params for name in (*param.opts, *param.secondary_opts) if name.startswith("-")]


def _name(error: BadParameter) -> str:
    """Return an option as it is typed, or an argument as the help names it."""
    if error.param is None:
        return ""
    written = [name for name in error.param.opts if name.startswith("--")]
    return next(iter(written or error.param.opts), error.param.name or "").replace("_", "-")


def _unfit(error: BadParameter) -> str:
    """Return what is wrong with a value, and with which."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return f"giá trị không hợp lệ / is no value for it: {error.message}"
    [first, *_] = cause.errors()
    typed, bounds = first["input"], first.get("ctx", {})
    match first["type"]:
        case "int_parsing" | "int_type" | "int_from_float":
            said = _WHOLE
        case "greater_than_equal":
            said = f"nhỏ nhất là / the least is {bounds['ge']}"
        case "less_than_equal":
            said = f"lớn nhất là / the most is {bounds['le']}"
        case "value_error":
            # Raised by a reader of ours, in two languages already.
            return str(bounds.get("error", first["msg"]))
        case _:
            said = f"giá trị không hợp lệ / is no value for it: {first['msg']}"
    return f"{typed}: {said}"
