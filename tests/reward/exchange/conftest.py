"""Units, and the keys of files customers are imported from."""

import pytest

from huoke.kernel import files


@pytest.fixture(scope="session", autouse=True)
def file_keys(cluster, schema):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))
