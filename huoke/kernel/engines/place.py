"""Where an instance keeps PostgreSQL's data and socket, and as whom PostgreSQL runs.

PostgreSQL refuses to run as root, a user without a passwd entry cannot run it at all, nobody but root can reach into a
0700 home, and the path of a socket is at most 107 bytes. An ordinary user keeps everything in the instance's home.
"""

import hashlib
import os
import pwd
from pathlib import Path

import msgspec

from huoke.kernel.refusals import Outage

SYSTEM_FOLDER = Path("/var/lib/huoke")
SOCKET_PATH_BYTES_MAX = 107
SOCKET_NAME = ".s.PGSQL.5432"
_UNPRIVILEGED = ("_huoke", "postgres", "nobody")


class Place(msgspec.Struct, frozen=True):
    """Folders of mode 0700 that belong to `user`; `user` is None when PostgreSQL runs as the present user."""

    data: Path
    sockets: Path
    user: str | None

    def make(self) -> None:
        """Create the folders, or hand over those that are there."""
        for folder in (self.data, self.sockets):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
            if self.user is not None:
                folder.parent.chmod(0o711)
                entry = pwd.getpwnam(self.user)
                os.chown(folder, entry.pw_uid, entry.pw_gid)


def find_place(home: Path, instance: str, *, uid: int | None = None) -> Place:
    """The place of the instance `instance` at `home`: inside it, or below /var/lib/huoke when run by root."""
    user = unprivileged_user(uid)
    if user is None:
        return Place(home / "postgres", short_folder(home / "run", instance), None)
    folder = SYSTEM_FOLDER / instance
    return Place(folder / "postgres", folder / "run", user)


def unprivileged_user(uid: int | None = None) -> str | None:
    """The account that runs PostgreSQL when this process (or `uid`) is root; None when it is not."""
    uid = os.geteuid() if uid is None else uid
    if uid != 0:
        try:
            pwd.getpwuid(uid)
        except KeyError:
            raise Outage(
                f"The user id {uid} needs an entry in /etc/passwd: PostgreSQL does not run without one."
            ) from None
        return None
    for name in _UNPRIVILEGED:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise Outage(f"PostgreSQL does not run as root: add one of the users {', '.join(_UNPRIVILEGED)}.")


def short_folder(wanted: Path, instance: str) -> Path:
    """A folder of mode 0700 whose sockets have short enough paths: `wanted`, else one of this user's below /tmp."""
    if len(os.fsencode(wanted / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX:
        wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:8]
    folder = Path("/tmp") / f"huoke-{os.geteuid()}-{instance}-{digest}"  # noqa: S108 - 0700 and checked below
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.geteuid():
        raise Outage(f"{folder} belongs to somebody else; remove it, or give the instance a shorter --home.")
    return folder
