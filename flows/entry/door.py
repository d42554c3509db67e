"""Who came in, when, with which command? Read once, at the door, and handed to every step."""

import os
import pwd
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from audit.authority import SCHEDULE
from audit.ledger import Stamp, Waiting
from audit.names import NotANameError, name_key, person_name
from flows.entry.hand import Hand
from schemas.plan import Plan


class MisuseError(ValueError):
    """Raised for a person's mistake: one line that says what, where and how to mend it. Nothing was written."""


def say_nothing(_: str) -> None:
    """Take a message and keep it to oneself."""


@dataclass(frozen=True)
class Door:
    """One command's circumstances, whose hand signs, and where its random bytes come from.

    `on_wait` is told who holds the lock, `on_step` what is being done, `on_notice` what went amiss but stopped nothing.
    """

    stamp: Stamp
    command: str
    on_wait: Callable[[str], None] = say_nothing
    on_step: Callable[[str], None] = say_nothing
    on_notice: Callable[[str], None] = say_nothing
    entropy: Callable[[int], bytes] = secrets.token_bytes
    hand: Hand | None = None

    def __post_init__(self) -> None:
        """Let what is stamped at this door be signed by its hand."""
        object.__setattr__(self, "stamp", replace(self.stamp, signer=self.hand))

    def of(self, actor: str, hand: Hand | None = None) -> "Door":
        """Return the same circumstances with somebody else at the door, who signs with a hand of their own or none."""
        return replace(self, stamp=replace(self.stamp, actor=actor), hand=hand)

    def today(self, plan: Plan) -> date:
        """Return the day of the stamp in the plan's own zone."""
        return self.stamp.at.astimezone(plan.zone).date()


def from_now_on() -> Waiting:
    """Return how long somebody waits who comes to the door now."""
    came = time.monotonic()
    return Waiting(lambda: timedelta(seconds=time.monotonic() - came))


def system_account() -> str:
    """Return the account that this process runs under, as the system knows it: the environment has no say."""
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def own_name(name: str) -> str:
    """Return a name as the record writes it; MisuseError for what no person can be called."""
    try:
        who = person_name(name)
    except NotANameError as error:
        raise MisuseError(f"không thể là tên người / cannot be a person's name: {error}") from error
    if name_key(who) == name_key(SCHEDULE):
        raise MisuseError(
            f"{name!r} không thể là tên người / cannot be a person's name, it is the schedule's: hãy nêu tên mình"
            " / state your own"
        )
    return who
