"""The native half: arrays are bytes, options and results are JSON."""

from collections.abc import Callable
from os import PathLike
from typing import Any, Optional, Union, final

__all__ = ["PROGRAM", "Network", "check_proof", "cubes", "merge", "parameters", "solve", "train", "work"]

PROGRAM: str

@final
class Network:
    """A network with all that is needed to use it: a model file in memory."""

    @staticmethod
    def from_json(text: str) -> Network:
        """Of the text of a model file."""
    @staticmethod
    def load(path: Union[str, PathLike[str]]) -> Network:
        """Reads a model file."""
    def to_json(self) -> str:
        """The text of a model file."""
    def save(self, path: Union[str, PathLike[str]]) -> None:
        """Writes the model file; one that is there is replaced."""
    def predict(self, rows: bytes) -> bytes: ...
    def scores(self, rows: bytes) -> bytes: ...
    def certify(
        self, rows: bytes, classes: bytes, radius: float, norm: str
    ) -> tuple[int, int, int, int, int]: ...
    def export(
        self, format: str, path: Union[str, PathLike[str]], name: Optional[str], rows: Optional[bytes]
    ) -> tuple[bytes, list[int]]:
        """The network in another form, exact for whole numbers in the ranges of the rows; and the layers that are computed in floats."""
    def rule(self) -> Optional[list[str]]:
        """The network as a rule in the units of the data, if it is small enough to read."""

def train(
    rows: bytes,
    labels: bytes,
    weights: Optional[bytes],
    n: int,
    classes: list[str],
    names: Optional[tuple[list[str], str]],
    options: str,
    callback: Optional[Callable[[dict[str, Any]], Any]],
) -> tuple[str, Optional[Network], list[Network], Optional[BaseException]]: ...
def solve(
    options: str, callback: Optional[Callable[[dict[str, Any]], Any]]
) -> tuple[str, Optional[BaseException]]: ...
def check_proof(
    folder: str, data: Optional[str], drop_missing: bool
) -> tuple[str, Optional[BaseException]]: ...
def cubes(
    rows: bytes,
    labels: bytes,
    weights: Optional[bytes],
    n: int,
    classes: list[str],
    names: Optional[tuple[list[str], str]],
    options: str,
    wish: tuple[int, bool],
    folder: str,
) -> tuple[str, Optional[BaseException]]: ...
def work(
    cube: str, limits: str, parts: int, is_last: bool
) -> tuple[str, Optional[BaseException]]: ...
def merge(
    folder: str, proof: Optional[str]
) -> tuple[str, Optional[Network], Optional[BaseException]]: ...
def parameters() -> list[tuple[str, str, str, str]]:
    """What can be set of the engines: name, range, default and what it does, of each."""
