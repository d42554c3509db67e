"""At which times does a workspace run by itself?

Part of a workspace's settings (`[schedule]` in motcua.toml). The days are the plan's; only the hours are set here.
"""

import re
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

_FIELD = r"[0-9*/,-]+"
_CRON = re.compile(rf"{_FIELD}( {_FIELD}){{4}}")


def _cron(text: str) -> str:
    if not _CRON.fullmatch(text):
        raise ValueError("năm trường cách nhau một dấu cách / five fields with one space between: */30 7-18 * * 1-6")
    return text


class Schedule(BaseModel):
    """When periods are consolidated on their days, and when the inbox is swept; in the plan's zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    consolidate_at: time = time(6)
    sweep_cron: Annotated[str, AfterValidator(_cron)] = "*/30 7-18 * * 1-6"
