"""Networks with step activations, trained to proven optimality.

>>> from sklearn.datasets import load_iris
>>> from heaviside_nn import HeavisideClassifier
>>> X, y = load_iris(return_X_y=True, as_frame=True)
>>> clf = HeavisideClassifier(hidden=0).fit(X, y == 2)
>>> clf.status_, clf.loss_, clf.bound_
('optimal', 1, 1.0)

One error in 150, and no straight cut through these four features makes none.

:class:`HeavisideClassifier` trains and predicts.
"""

from ._classifier import Certified, HeavisideClassifier
from ._native import PROGRAM, Network, parameters

__version__ = PROGRAM.split()[-1]

__all__ = ["Certified", "HeavisideClassifier", "Network", "__version__", "parameters"]
