"""Free TCP ports on 127.0.0.1, and ports kept for this process before anything listens on them."""

import socket

TRIED = 200
_kept: dict[int, socket.socket] = {}


def is_free(port: int) -> bool:
    """Whether one could listen at 127.0.0.1:`port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Any free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def keep(port: int) -> bool:
    """Keep `port` for the life of this process; False when somebody listens there or another instance keeps it.

    A name in the kernel's abstract socket namespace marks it: it vanishes with the process, whatever ends that.
    """
    if not is_free(port):
        return False
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0huoke-port-{port}")
    except OSError:
        mark.close()
        return port in _kept
    _kept[port] = mark
    return True


def keep_from(first: int) -> int:
    """Keep `first`, or the next port after it that can be kept."""
    return next(port for port in range(first, first + TRIED) if keep(port))
