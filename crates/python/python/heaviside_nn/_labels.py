"""Class labels of any type, as the text that model files and CSV files have."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np


def text_of(label: Any) -> str:
    """The text that stands for a label in a file.

    >>> [text_of(label) for label in (3, 0.5, True, "setosa", b"yes")]
    ['3', '0.5', 'True', 'setosa', 'yes']
    """
    if isinstance(label, bytes):
        return label.decode()
    if isinstance(label, (float, np.floating)):
        return repr(float(label))
    return str(label)


def labels_of(texts: list[str]) -> np.ndarray:
    """Labels that are written so, in the type that a reader of CSV files gives them.

    >>> labels_of(["0", "1"]), labels_of(["0.5", "2"]), labels_of(["01", "1a"])
    (array([0, 1]), array([0.5, 2. ]), array(['01', '1a'], dtype='<U2'))
    """
    if set(texts) <= {"False", "True"}:
        return np.array([text == "True" for text in texts])
    if all(is_plain(text, int) for text in texts):
        return np.array([int(text) for text in texts])
    if all(is_plain(text, float) or is_plain(text, int) for text in texts):
        return np.array([float(text) for text in texts])
    return np.array(texts)


def is_plain(text: str, kind: type) -> bool:
    """Whether a number of this kind is written so."""
    try:
        return str(kind(text)) == text
    except ValueError:
        return False


def value_of(text: str) -> Any:
    """What tells a label from others: its number, if it is one, else its text.

    >>> value_of("1.0") == value_of("01"), value_of("a")
    (True, 'a')
    """
    with suppress(ValueError):
        if "_" not in text:
            return float(text)
    return text
