"""Run the suite against a PostgreSQL that is not ours: `python -m tests.real_postgres BINARIES [pytest arguments]`.

The server is Debian's, in a temporary folder; the suite reaches it as it would any server of a bank, through
DATABASE_URL and DATABASE_OWNER_URL.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from huoke.kernel.engines import Cluster, Place
from huoke.kernel.engines.place import unprivileged_user
from tests.conftest import temporary_home


def main() -> int:
    """Start the server, run pytest, stop the server; pytest's exit code."""
    binaries, arguments = Path(sys.argv[1]), sys.argv[2:]
    home = temporary_home()
    place = Place(home / "pg" / "data", home / "pg" / "run", unprivileged_user())
    cluster = Cluster(place, log=home / "log", binaries=binaries)
    cluster.create()
    cluster.start()
    try:
        cluster.prepare("huoke")
        print(cluster.query("SELECT version()"), flush=True)
        urls = {"DATABASE_URL": cluster.url("huoke_app"), "DATABASE_OWNER_URL": cluster.url("huoke_owner")}
        command = [sys.executable, "-m", "pytest", "-p", "no:xdist", *arguments]  # workers would share one database
        return subprocess.run(command, env={**os.environ, **urls}, check=False).returncode
    finally:
        cluster.stop()
        shutil.rmtree(home)


if __name__ == "__main__":
    sys.exit(main())
