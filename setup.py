"""Which packages a wheel holds: the migrations lie beside the package in the tree and inside it in the wheel.

Everything else about the distribution stands in pyproject.toml.
"""

from setuptools import find_packages, setup

INSIDE = ["huoke.migrations", "huoke.migrations.versions"]

setup(
    packages=[*find_packages(include=["huoke*"]), *INSIDE],
    package_dir={"huoke.migrations": "migrations"},
)
