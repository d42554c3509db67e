"""People under test: each has a key of their own, sealed cheaply, and an account of their own."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes

from audit.authority import offices
from audit.events import Role
from audit.ledger import Ledger, Stamp
from audit.sealed_key import Cost, Sealing
from demo.people import APPROVER as DEMO_APPROVER
from demo.people import APPROVER_PASSPHRASE, FOUNDER_PASSPHRASE
from flows.entry.authority import appoint
from flows.entry.door import Door
from flows.entry.enrolment import enrol
from flows.entry.keyring import own_hand
from motcua.passphrase import VARIABLE
from warehouse.workspace import Workspace

# A guess costs next to nothing: what is strong is measured in its own test.
CHEAP = Cost(n=2, r=1, p=1)
FOUNDER = "Người Dùng Giả Định 01"
APPROVER = "Người Dùng Giả Định 02"


# The demo's people are opened like those of any other workspace under test.
KNOWN = {FOUNDER: FOUNDER_PASSPHRASE, DEMO_APPROVER: APPROVER_PASSPHRASE}


def passphrase_of(name: str) -> str:
    return KNOWN.get(name, f"mật khẩu của {name}")


def sealing_of(name: str) -> Sealing:
    return Sealing(passphrase_of(name), CHEAP)


def account_of(name: str) -> str:
    """Return the login of a person: the founder's, or one that no two people share."""
    return "thu-nghiem" if name == FOUNDER else f"thu-nghiem-{sha256(name.encode()).hexdigest()[:6]}"


def seeded(name: str) -> Callable[[int], bytes]:
    """Return random bytes that are the same each time, and differ between people."""
    return lambda size: (sha256(name.encode()).digest() * 2)[:size]


def at_door(
    name: str, at: datetime, command: str = "test", entropy: Callable[[int], bytes] = token_bytes, account: str = ""
) -> Door:
    """Return the door of somebody who knows their own passphrase."""
    stamp = Stamp(at, name, account or account_of(name))
    return Door(stamp, command, entropy=entropy, hand=own_hand(passphrase_of))


def enrolled(workspace: Workspace, name: str, at: datetime, entropy: Callable[[int], bytes] = token_bytes) -> Door:
    """Return the door of somebody who has a key, new if need be."""
    door = at_door(name, at, entropy=entropy)
    if offices(Ledger(workspace.ledger).entries).persons.key_of(name) is None:
        enrol(workspace, door, sealing_of(name))
    return door


def appointed(
    workspace: Workspace, name: str, role: Role, at: datetime, entropy: Callable[[int], bytes] = token_bytes
) -> Door:
    """Return the door of somebody whom the founder has given a role."""
    door = enrolled(workspace, name, at, entropy)
    appoint(workspace, at_door(FOUNDER, at), name, role)
    return door


@contextmanager
def typed(passphrase: str) -> Iterator[dict[str, str]]:
    """Hand out the environment in which a command reads this passphrase; a process gets the descriptor by `fd_in`."""
    read, write = os.pipe()
    try:
        os.write(write, f"{passphrase}\n".encode() * 8)
        os.close(write)
        yield {VARIABLE: str(read)}
    finally:
        os.close(read)


@contextmanager
def signing(name: str) -> Iterator[dict[str, str]]:
    """Hand out the environment in which a command is this person's, who types their passphrase."""
    with typed(passphrase_of(name)) as environment:
        yield environment | {"MOTCUA_ACTOR": name}


def fd_in(environment: dict[str, str]) -> tuple[int, ...]:
    """Return which descriptors a process inherits so that it can read the passphrase."""
    return (int(environment[VARIABLE]),)
