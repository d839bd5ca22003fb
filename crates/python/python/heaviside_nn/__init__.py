"""Networks with step activations, trained to proven optimality.

>>> from sklearn.datasets import load_iris
>>> from heaviside_nn import HeavisideClassifier
>>> X, y = load_iris(return_X_y=True, as_frame=True)
>>> clf = HeavisideClassifier(hidden=0).fit(X, y == 2)
>>> clf.status_, clf.loss_, clf.bound_
('optimal', 1, 1.0)

One error in 150, and no straight cut through these four features makes none.

:class:`HeavisideClassifier` trains and predicts, :func:`check_proof` checks what it proves, :func:`solve` solves linear and
mixed-integer models.
"""

from ._classifier import Certified, HeavisideClassifier
from ._native import PROGRAM, Network, parameters
from ._proof import Proof, ProofError, check_proof
from ._solve import Certificate, Solution, solve

__version__ = PROGRAM.split()[-1]

__all__ = [
    "Certificate",
    "Certified",
    "HeavisideClassifier",
    "Network",
    "Proof",
    "ProofError",
    "Solution",
    "__version__",
    "check_proof",
    "parameters",
    "solve",
]
