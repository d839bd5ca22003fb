"""What the tests share: the data sets of the project, and the command line beside the package, where it is built."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

# Before scikit-learn is there: without it one of its checks is skipped.
os.environ.setdefault("SCIPY_ARRAY_API", "1")

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[3]


def pytest_configure(config):
    config.addinivalue_line("markers", "cli: compares with the command line, by HEAVISIDE (the path of the program)")


def pytest_collection_modifyitems(config, items):
    """Without the program these tests are not collected, and the report says so: none passes by skipping."""
    if "HEAVISIDE" not in os.environ:
        without = [item for item in items if item.get_closest_marker("cli")]
        if without:
            items[:] = [item for item in items if item not in without]
            config.hook.pytest_deselected(items=without)


@pytest.fixture(scope="session")
def iris() -> pd.DataFrame:
    return pd.read_csv(ROOT / "datasets/iris.csv")


@pytest.fixture(scope="session")
def haberman() -> pd.DataFrame:
    return pd.read_csv(ROOT / "datasets/haberman.csv")


@pytest.fixture
def heaviside():
    """Runs the command line, and returns what it prints as JSON."""

    def run(*args: object, code: int = 0) -> dict:
        command = [os.environ["HEAVISIDE"], *map(str, args), "--json", "-q"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)

    return run


def xor() -> tuple[np.ndarray, np.ndarray]:
    return np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array(["no", "yes", "yes", "no"])
