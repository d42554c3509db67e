"""Who decides in the demo? Invented people, each with a key of their own, whose passphrases everybody may know.

One login plays them all, which the demo's plan allows and its release says.
"""

from audit.sealed_key import Cost, Sealing
from flows.entry.authority import appoint
from flows.entry.door import Door
from flows.entry.enrolment import enrol
from flows.entry.keyring import own_hand
from warehouse.workspace import Workspace

APPROVER = "Người duyệt thử nghiệm"
FOUNDER_PASSPHRASE = "mật khẩu thử nghiệm 1"  # noqa: S105 -- everybody may know it
APPROVER_PASSPHRASE = "mật khẩu thử nghiệm 2"  # noqa: S105 -- everybody may know it


def passphrase_of(name: str) -> str:
    """Return the passphrase of one of the demo's people: the approver's, or that of whoever made the demo."""
    return APPROVER_PASSPHRASE if name == APPROVER else FOUNDER_PASSPHRASE


def sealing_of(name: str, cost: Cost) -> Sealing:
    """Return how the key of one of them is sealed."""
    return Sealing(passphrase_of(name), cost)


def founder(door: Door) -> Door:
    """Return the door of whoever makes the demo, with the key that the demo gives them."""
    return door.of(door.stamp.actor, own_hand(passphrase_of))


def approver(door: Door) -> Door:
    """Return the door of the one who approves."""
    return door.of(APPROVER, own_hand(passphrase_of))


def let_approve(workspace: Workspace, door: Door, cost: Cost) -> None:
    """Let the approver bring a key and be appointed."""
    enrol(workspace, approver(door), sealing_of(APPROVER, cost))
    appoint(workspace, founder(door), APPROVER, "approver")
