"""Free TCP ports on 127.0.0.1."""

import socket


def is_free(port: int) -> bool:
    """Whether one could listen at 127.0.0.1:`port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port(preferred: int = 0) -> int:
    """`preferred` or the next free port within 200 after it; any free port when none is preferred."""
    for port in range(preferred, preferred + 200) if preferred else ():
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
