"""The classifier of scikit-learn."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from os import PathLike, fspath
from os.path import splitext
from typing import Any, Optional, Union

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_consistent_length
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from . import _native
from ._labels import labels_of, text_of, value_of
from ._options import allowed, count, directions, flag, limits, number, optional, widths, word
from ._table import Table, gap_of
from ._weights import DIGITS, MOST_UNITS, Rounding, balanced, decimals, rounded, units, weights_of

Path = Union[str, "PathLike[str]"]
Callback = Callable[[dict[str, Any]], Any]

#: Rows, the number of each row's class, what each counts, the number of features, the classes, and the names of features and label.
Stated = tuple[bytes, bytes, Optional[bytes], int, list[str], Optional[tuple[list[str], str]]]

#: What ends a run before its proof.
LIMITS = ("time-limit", "node-limit", "memory-limit", "unresolved")


@dataclass(frozen=True)
class Certified:
    """How many rows keep their class under attack, decided exactly (:meth:`HeavisideClassifier.certify`)."""

    #: Rows.
    points: int
    #: Rows whose class no perturbation changes.
    certified: int
    #: Rows whose class some perturbation changes.
    attackable: int
    #: Rows whose search took too long.
    undecided: int
    #: Share of rows that are predicted rightly and certified: at least that much accuracy is left under every attack.
    robust_accuracy: float
    #: The same if every undecided row that is predicted rightly held.
    robust_accuracy_at_most: float


@dataclass(frozen=True)
class Kept:
    """What a fit keeps while it trains."""

    classes: np.ndarray
    rounding: Optional[Rounding]


class HeavisideClassifier(ClassifierMixin, BaseEstimator):
    """A network with step activations, trained to proven optimality.

    A neuron fires (gives 1) if the weighted sum of its inputs is at least 0, and rests (gives 0) otherwise. ``fit`` looks for the
    network of the given shape that makes the fewest errors on the rows it gets, and proves how few are possible: ``loss_`` is what the
    network loses, counted exactly, and no network of the shape loses less than ``bound_``. Options have the names and the
    meaning that they have on the command line, and a fit gives the network that ``heaviside train --set rows.sorted=yes`` gives.

    Parameters
    ----------
    hidden : int or sequence of int, default=(2,)
        Widths of the hidden layers; 0 or ``()`` for none: a straight cut.
    weights : {"continuous", "ternary", "integer:B"}, default="continuous"
        Values a weight may take: reals in [-1, 1], -1, 0 and 1, or whole numbers in [-B, B]. Biases are real.
    bias : bool, default=True
        Whether neurons have biases.
    loss : {"hamming", "zero-one"}, default="hamming"
        What is counted: wrong outputs, or rows with any wrong output. The same for two classes.
    epsilon : float, optional
        The margin, in scaled units: what does not fire has a pre-activation of at most -epsilon.
    robust : float, optional
        Holds the first layer's activations on a ball of this radius around each row, in scaled units.
    norm : {"linf", "l1"}, default="linf"
        Norm of that ball.
    l0, l1 : float, default=0
        Price of a weight that is not 0, and of the absolute value of a weight.
    scale : {"minmax", "standard", "none"}, default="minmax"
        Scaling of the features, part of the network.
    method : {"auto", "omt", "milp", "local-search", "split"}, default="auto"
        What trains. ``local-search`` and ``split`` find good networks at any size and prove next to nothing.
    validation : float, default=0
        Share of the rows that does not train: heuristics choose the network by it.
    stratify : bool, default=False
        Whether every class gives the same share.
    class_weights : "balanced" or mapping of classes to weights, optional
        What rows of a class count, beside ``sample_weight``; 1 for classes that are not named. With ``balanced`` all classes count the
        same.
    max_false_positives, max_false_negatives : int or float, optional
        Of two classes: the most rows of the first that may be predicted as the second, and the other way round; an int is a number of
        rows, a float a share of the class. The best network within the limits is trained; if there is provably none, ``fit`` says so
        and fails. A row of weight k counts as k rows, ``class_weights`` do not count.
    monotonic_cst : array of int of shape (features,) or mapping of names to int, optional
        Of two classes: 1 for features that never speak against the second one (``classes_[1]``), however the others are, -1 for features that never
        speak for it, 0 for all others. Kept by the signs of weights, so everywhere and not only at the rows that train. As in scikit-learn's
        gradient boosting.
    max_features : int, optional
        How many features may have a weight that is not 0 in the first layer: the best network that looks at so few is trained.
    solutions : int, optional
        How many of the best networks are wanted that differ on the rows that train: ``solutions_``.
    split : {"kmeans", "kmedians", "linear"}, optional
        Of ``method="split"``, as are the next: how a part is divided in two; ``kmeans`` unless you say otherwise.
    split_engine : {"local-search", "omt", "milp"}, optional
        What trains the reduced problems.
    split_parts : {"shared", "centroids"}, optional
        What a part is to it.
    split_growth : float, optional
        Parts divided a round, as a share of all parts.
    split_restarts : int, optional
        Restarts of a clustering.
    batch : int, optional
        Trains each round on a batch of so many rows.
    batch_mode : {"window", "average"}, optional
        Which batches.
    polish : bool, default=True
        Whether data splitting ends with local search on all rows.
    start : path or fitted HeavisideClassifier, optional
        Starts from this network: of the same shape, trained on rows that are scaled the same way.
    time_limit : float, optional, default=60
        Seconds; None for no limit. What is best by then is kept, with the bound that is proven by then.
    memory_limit : float, optional
        Gigabytes that the process may take.
    node_limit : int, optional
        Nodes (conflicts, rounds of local search); the result is then the same on every machine.
    mip_gap : float, default=0
        Ends once (loss - bound) / loss is at most this; 0 proves the optimum.
    random_state : int or RandomState, optional
        Seed of every random choice; None is 0: two fits are the same.
    threads : int, optional
        Worker threads; None for all cores. Under ``n_jobs`` of scikit-learn 1 is a good choice.
    settings : mapping, optional
        Parameters of the engines by name (:func:`heaviside_nn.parameters`). ``rows.sorted`` is "yes" here, so that
        the network does not depend on the order of the rows.
    verbose : int, default=0
        1 prints the progress table.

    Attributes
    ----------
    status_ : str
        Why the run ended: ``optimal``, ``within-gap``, ``time-limit``, ``node-limit``, ``memory-limit``, ``interrupted``, ``heuristic`` or ``unresolved``.
    loss_ : int or float
        Loss of the network on the rows that train, counted exactly; with weights what the wrong rows weigh.
    bound_ : float
        Proven: no network of the shape has a smaller objective, which is the loss unless weights have a price.
    gap_ : float
        (objective - bound) / objective.
    objective_ : float
        The loss and what the weights cost.
    classes_ : ndarray
        The classes; of two, the second is the positive one.
    n_features_in_, feature_names_in_
        As everywhere in scikit-learn.
    rule_ : str or None
        The network in words, with rounded coefficients, in the units of the data; None where it is too large to read.
    coefs_, intercepts_ : list of ndarray
        Weights (inputs, outputs) and biases of each layer. They take scaled features: (X - shift_) / divisor_.
    network_ : Network
        The network, as a model file has it.
    solutions_ : list of HeavisideClassifier
        With ``solutions``: the best ones, in the order of their losses, each fitted. ``report_["solutions"]`` says what is proven of all others:
        ``complete`` that none is better than the last of the list, ``others`` that none loses less than that (None: there is no other), ``tied``
        that some lose as little as the last.
    report_ : dict
        Whatever else is known of the run: method, nodes, seconds, ..

    Notes
    -----
    There is no ``predict_proba``: a step knows no probabilities. ``sklearn.calibration.CalibratedClassifierCV`` estimates some from
    ``decision_function``.

    A limit that comes before the proof warns (``ConvergenceWarning``) and is no error: ``bound_`` says what is proven.

    Ctrl-C ends the run with the best network so far, which stays in the estimator (``status_`` is ``interrupted``), and raises
    ``KeyboardInterrupt`` then, so that loops around it end as well.

    Examples
    --------
    Exclusive or needs a hidden layer:

    >>> from heaviside_nn import HeavisideClassifier
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["no", "yes", "yes", "no"]
    >>> clf = HeavisideClassifier(hidden=2).fit(X, y)
    >>> clf.status_, clf.loss_
    ('optimal', 0)
    >>> clf.predict([[1, 0], [1, 1]]).tolist()
    ['yes', 'no']
    >>> HeavisideClassifier(hidden=0).fit(X, y).bound_
    1.0
    """

    status_: str
    loss_: Union[int, float]
    bound_: float
    gap_: float
    objective_: float
    classes_: np.ndarray
    n_features_in_: int
    feature_names_in_: np.ndarray
    rule_: Optional[str]
    coefs_: list[np.ndarray]
    intercepts_: list[np.ndarray]
    shift_: np.ndarray
    divisor_: np.ndarray
    network_: _native.Network
    solutions_: list[HeavisideClassifier]
    report_: dict[str, Any]

    def __init__(
        self,
        hidden: Union[int, Sequence[int]] = (2,),
        *,
        weights: str = "continuous",
        bias: bool = True,
        loss: str = "hamming",
        epsilon: Optional[float] = None,
        robust: Optional[float] = None,
        norm: str = "linf",
        l0: float = 0.0,
        l1: float = 0.0,
        scale: str = "minmax",
        method: str = "auto",
        validation: float = 0.0,
        stratify: bool = False,
        class_weights: Union[str, Mapping[Any, float], None] = None,
        max_false_positives: Union[int, float, None] = None,
        max_false_negatives: Union[int, float, None] = None,
        monotonic_cst: Any = None,
        max_features: Optional[int] = None,
        solutions: Optional[int] = None,
        split: Optional[str] = None,
        split_engine: Optional[str] = None,
        split_parts: Optional[str] = None,
        split_growth: Optional[float] = None,
        split_restarts: Optional[int] = None,
        batch: Optional[int] = None,
        batch_mode: Optional[str] = None,
        polish: bool = True,
        start: Union[Path, HeavisideClassifier, None] = None,
        time_limit: Optional[float] = 60.0,
        memory_limit: Optional[float] = None,
        node_limit: Optional[int] = None,
        mip_gap: float = 0.0,
        random_state: Any = None,
        threads: Optional[int] = None,
        settings: Optional[Mapping[str, Any]] = None,
        verbose: int = 0,
    ) -> None:
        self.hidden = hidden
        self.weights = weights
        self.bias = bias
        self.loss = loss
        self.epsilon = epsilon
        self.robust = robust
        self.norm = norm
        self.l0 = l0
        self.l1 = l1
        self.scale = scale
        self.method = method
        self.validation = validation
        self.stratify = stratify
        self.class_weights = class_weights
        self.max_false_positives = max_false_positives
        self.max_false_negatives = max_false_negatives
        self.monotonic_cst = monotonic_cst
        self.max_features = max_features
        self.solutions = solutions
        self.split = split
        self.split_engine = split_engine
        self.split_parts = split_parts
        self.split_growth = split_growth
        self.split_restarts = split_restarts
        self.batch = batch
        self.batch_mode = batch_mode
        self.polish = polish
        self.start = start
        self.time_limit = time_limit
        self.memory_limit = memory_limit
        self.node_limit = node_limit
        self.mip_gap = mip_gap
        self.random_state = random_state
        self.threads = threads
        self.settings = settings
        self.verbose = verbose

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        proof: Optional[Path] = None,
        compress: bool = False,
        checkpoint: Optional[Path] = None,
        checkpoint_every: float = 60.0,
        callback: Optional[Callback] = None,
    ) -> HeavisideClassifier:
        """Train on labelled rows.

        Parameters
        ----------
        X : array, frame or sparse matrix of shape (rows, features)
            Finite numbers. Sparse matrices are made dense.
        y : array of shape (rows,)
            The class of each row: text, whole numbers, booleans.
        sample_weight : array of shape (rows,), optional
            What a row counts: a row of weight k is k such rows, exactly, one of weight 0 is none. Weights are the decimals that they
            print as. If all rows together are more than 10^8 times their greatest common divisor, it is trained with four digits of the
            largest, with a warning; ``loss_`` and ``bound_`` are those of the weights as they are, so that a small gap may be left
            (``status_`` is ``within-gap`` then).
        proof : path, optional
            Writes a proof of the bound to this folder, for ``heaviside check proof``. An earlier proof is replaced.
        compress : bool, default=False
            Whether its files are packed.
        checkpoint : path, optional
            Keeps the state of the run in this file, and goes on with the run whose state is there: on the same rows, with the same parameters but
            for ``time_limit``, ``node_limit``, ``memory_limit`` and ``threads``. Nodes and seconds count all sittings, and ``node_limit`` is for all.
            A file of another run is a ``ValueError`` that names what differs. Not together with ``proof`` or ``solutions``.
        checkpoint_every : float, default=60
            Seconds between two states in the file, and the most that is lost with the process; limits and Ctrl-C write another.
        callback : callable, optional
            Called with a dictionary (``seconds``, ``objective``, ``bound``, ``nodes``, ..) when something better is found or
            proven, and five times a second; returning True ends the run.

        Returns
        -------
        self
        """
        stated, options, kept = self._stated(X, y, sample_weight)
        options |= {"proof": optional(fspath, proof), "compress": bool(compress)}
        options["checkpoint"] = optional(fspath, checkpoint)
        options["checkpoint_every"] = number("checkpoint_every", checkpoint_every)
        table = Table(callback) if self.verbose else callback
        report, network, solutions, raised = _native.train(*stated, json.dumps(options), table)
        return self._finish(kept, network, json.loads(report), solutions, raised)

    def predict(self, X: Any) -> np.ndarray:
        """The class of each row, by the exact forward pass."""
        X = self._rows(X)
        numbers = np.frombuffer(self.network_.predict(X.tobytes()), dtype=np.int64)
        predicted: np.ndarray = self.classes_[self._order[numbers]]
        return predicted

    def decision_function(self, X: Any) -> np.ndarray:
        """Pre-activations of the outputs: shape (rows,) for two classes, else (rows, classes).

        Values are floats, and their meaning is exact: of two classes the second is predicted where the value is
        positive (never 0: what fires at 0 has the least positive float); of several the one with the largest.
        """
        X = self._rows(X)
        scores = np.frombuffer(self.network_.scores(X.tobytes()), dtype=np.float64)
        if len(self.classes_) == 2:
            return scores.copy() if self._order[1] == 1 else -scores
        ordered = np.empty((X.shape[0], len(self.classes_)))
        ordered[:, self._order] = scores.reshape(ordered.shape)
        return ordered

    def certify(self, X: Any, y: Any = None, *, radius: float, norm: str = "linf") -> Certified:
        """Decide for every row, exactly, whether some input within ``radius`` of it gets another class.

        The radius is in scaled units: a share of a feature's range, unless scaled otherwise. Without ``y`` what is predicted counts as
        right.

        >>> from heaviside_nn import HeavisideClassifier
        >>> X, y = [[1.0], [2.0], [4.0], [5.0]], ["low", "low", "high", "high"]
        >>> clf = HeavisideClassifier(hidden=0).fit(X, y)
        >>> clf.certify(X, y, radius=0.05).certified, clf.certify(X, y, radius=0.9).attackable
        (4, 4)
        """
        X = self._rows(X)
        rows = X.tobytes()
        if y is None:
            labels = self.network_.predict(rows)
        else:
            y = np.asarray(y)
            check_consistent_length(X, y)
            place = {label: number for number, label in enumerate(self.classes_[self._order].tolist())}
            unknown = [label for label in np.unique(y).tolist() if label not in place]
            if unknown:
                raise ValueError(f"the network knows no class {unknown[0]!r}")
            labels = np.array([place[label] for label in y.tolist()], dtype=np.int64).tobytes()
        certified, attackable, undecided, robust, unsure = self.network_.certify(rows, labels, float(radius), norm)
        points = X.shape[0]
        return Certified(points, certified, attackable, undecided, robust / points, (robust + unsure) / points)

    def save(self, path: Path) -> None:
        """Write the network as a model file, which ``heaviside predict`` and ``evaluate`` take, too; one that is there is replaced."""
        check_is_fitted(self)
        self.network_.save(fspath(path))

    def export(self, path: Path, X: Any = None, *, format: Optional[str] = None, name: Optional[str] = None) -> list[int]:
        """Write the network for devices and other programs; a file that is there is replaced.

        ``format`` is ``"c"``, ``"onnx"``, ``"json"`` or ``"dot"``; without it the ending of the file says which (``.h``, ``.onnx``, ``.json``,
        ``.dot``). ``X`` are rows like those that the network will see: if all are whole numbers, it is exact for whole numbers in their ranges.
        Returns the layers, from 1, that are computed in floats: ``[]`` if every class is exact. ``heaviside check export`` compares the file
        with the model.

        >>> import os, tempfile
        >>> from heaviside_nn import HeavisideClassifier
        >>> X = [[1], [2], [4]]
        >>> clf = HeavisideClassifier(hidden=0, weights="ternary", scale="none").fit(X, [0, 0, 1])
        >>> path = os.path.join(tempfile.mkdtemp(), "size.h")
        >>> clf.export(path, X)
        []
        >>> "static int size_predict(const uint8_t *x)" in open(path).read()
        True
        """
        check_is_fitted(self)
        if format is None:
            ending = splitext(fspath(path))[1].lower()
            format = {".h": "c", ".gv": "dot"}.get(ending, ending[1:])
        rows = None if X is None else self._rows(X).tobytes()
        written, real_layers = self.network_.export(format, fspath(path), name, rows)
        with open(path, "wb") as file:
            file.write(written)
        return real_layers

    @classmethod
    def load(cls, path: Path) -> HeavisideClassifier:
        """The classifier of a model file, by whatever program it was trained.

        Labels come back as a reader of CSV files gives them: numbers where all are numbers, booleans where all are True or False, else text.

        >>> import os, tempfile
        >>> from heaviside_nn import HeavisideClassifier
        >>> clf = HeavisideClassifier(hidden=0).fit([[1], [2], [4]], [0, 0, 1])
        >>> path = os.path.join(tempfile.mkdtemp(), "model.json")
        >>> clf.save(path)
        >>> HeavisideClassifier.load(path).predict([[0], [9]])
        array([0, 1])
        """
        network = _native.Network.load(fspath(path))
        model = json.loads(network.to_json())
        shape, training, claim = model["architecture"], model["training"], model["claim"]
        domain = shape["weights"]
        bound = domain["integer"] if isinstance(domain, dict) else None
        robust = training["robust"] or {"radius": None, "norm": "linf"}
        clf = cls(
            tuple(shape["hidden"]),
            weights="continuous" if bound is None else "ternary" if bound == 1 else f"integer:{bound}",
            bias=shape["bias"],
            loss=training["loss"],
            epsilon=training["epsilon"],
            robust=robust["radius"],
            norm=robust["norm"],
            l0=training["l0"],
            l1=training["l1"],
            scale=model["scaling"],
            random_state=training["seed"],
        )
        schema = model["schema"]
        clf.classes_ = labels_of(schema["classes"])
        clf.classes_.sort()
        # With weights limits are in units, which no parameter is.
        for limit in [] if "units" in training else training.get("error_limits", []):
            positive = labels_of(schema["classes"])[limit["class"]] == clf.classes_[1]
            setattr(clf, "max_false_negatives" if positive else "max_false_positives", limit["most"])
        kept = training.get("restrictions", {})
        clf.max_features = kept.get("max_features")
        if kept.get("monotone"):
            turned = labels_of(schema["classes"])[1] != clf.classes_[1]
            clf.monotonic_cst = [0] * len(schema["features"])
            for one in kept["monotone"]:
                rises = (one["direction"] == "nondecreasing") != turned
                clf.monotonic_cst[one["feature"]] = 1 if rises else -1
        clf.n_features_in_ = len(schema["features"])
        if schema["named"]:
            clf.feature_names_in_ = np.array(schema["features"], dtype=object)
        end = {**claim, "gap": gap_of(claim["objective"], claim["bound"]), "method": training["method"]}
        end["rule"] = network.rule()
        clf._take(network, end)
        return clf

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def __sklearn_clone__(self) -> HeavisideClassifier:
        """An unfitted copy, which starts from the same network."""
        copy: HeavisideClassifier = super().__sklearn_clone__()
        copy.start = self.start
        return copy

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "network_")

    def _stated(self, X: Any, y: Any, sample_weight: Any) -> tuple[Stated, dict[str, Any], Kept]:
        """What is trained, as the native half takes it: rows, labels and their names; all options; what the end of the fit needs."""
        named = getattr(y, "name", None)
        X, y = validate_data(self, X, y, dtype=np.float64, order="C", accept_sparse="csr")
        X = dense(X)
        check_classification_targets(y)
        weights = None
        if sample_weight is not None:
            weights = weights_of(sample_weight, len(y))
            X, y, weights = X[weights > 0], y[weights > 0], weights[weights > 0]
        classes, numbers = classes_of(y)
        if len(classes) < 2:
            raise ValueError(f"{type(self).__name__} needs rows of two classes; here is one class: {text_of(classes[0])}")
        class_weights = self._class_weights(classes)
        weights, class_weights, rounding = self._countable(X, numbers, weights, class_weights)
        if rounding is not None and weights is not None:
            X, numbers, weights = X[weights > 0], numbers[weights > 0], weights[weights > 0]
        texts = [text_of(label) for label in classes]
        names = getattr(self, "feature_names_in_", None)
        label = named if isinstance(named, str) and named else "label"
        options = self._options()
        options["class_weights"] = (
            class_weights if class_weights is None or isinstance(class_weights, str) else dict(zip(texts, class_weights))
        )
        options["max_errors"] = self._max_errors(classes)
        options["monotone"] = self._directions(classes, X.shape[1], names)
        options["positive"] = texts[-1]
        stated: Stated = (
            X.tobytes(),
            numbers.astype(np.int64).tobytes(),
            None if weights is None else weights.tobytes(),
            X.shape[1],
            texts,
            None if names is None else (list(names), label),
        )
        return stated, options, Kept(classes, rounding)

    def _finish(
        self,
        kept: Kept,
        network: Optional[_native.Network],
        end: dict[str, Any],
        solutions: Sequence[_native.Network],
        raised: Optional[BaseException],
    ) -> HeavisideClassifier:
        """The end of a fit: its attributes, what was raised meanwhile, and warnings."""
        if network is None:
            if raised is not None:
                raise raised
            if end["status"] == "infeasible":
                limited = self.max_false_positives is not None or self.max_false_negatives is not None
                limits = "; max_false_positives and max_false_negatives are part of them" if limited else ""
                raise RuntimeError(f"infeasible: proven that no network of this shape meets the conditions{limits}")
            raise RuntimeError(f"no network was found: the run ended as {end['status']}")
        self.classes_ = kept.classes
        self._take(network, end)
        if kept.rounding is not None:
            self._reckon(kept.rounding)
        if self.solutions is not None:
            self.solutions_ = [self._solution(one) for one in solutions]
        elif hasattr(self, "solutions_"):
            del self.solutions_
        if raised is not None:
            raise raised
        self._warn()
        return self

    def _rows(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        return dense(validate_data(self, X, reset=False, dtype=np.float64, order="C", accept_sparse="csr"))

    def _class_weights(self, classes: np.ndarray) -> Union[str, list[float], None]:
        """What rows of a class count, by its number."""
        given = self.class_weights
        if given is None or isinstance(given, str):
            return given
        if not isinstance(given, Mapping):
            raise ValueError(f'class_weights is {given!r}: give "balanced", or a mapping of classes to weights')
        unknown = [label for label in given if label not in classes.tolist()]
        if unknown:
            raise ValueError(f"class_weights names {unknown[0]!r}, which is no class of the data")
        weights: list[float] = weights_of(
            [given.get(label, 1.0) for label in classes.tolist()], len(classes), "class_weights"
        ).tolist()
        return weights

    def _countable(
        self, X: np.ndarray, numbers: np.ndarray, weights: Optional[np.ndarray], prices: Union[str, list[float], None]
    ) -> tuple[Optional[np.ndarray], Union[str, list[float], None], Optional[Rounding]]:
        """Weights of rows and classes as they are, or in their place those of rows alone that units can count."""
        if weights is None and (prices is None or isinstance(prices, str)):
            return weights, prices, None
        # Rows of one class and one weight are one kind: there may be many of them.
        values, places = np.unique(np.ones(len(numbers)) if weights is None else weights, return_inverse=True)
        size = int(numbers.max()) + 1
        found, kinds, tally = np.unique(places.reshape(-1) * size + numbers, return_inverse=True, return_counts=True)
        of_value, of_class, counts = (found // size).tolist(), (found % size).tolist(), tally.tolist()
        each = decimals(values)
        exact = [each[value] for value in of_value]
        if isinstance(prices, str):
            if prices != "balanced" or units(exact, counts) <= MOST_UNITS:
                return weights, prices, None
            by_class = balanced(exact, counts, of_class)
        else:
            by_class = [Fraction(1)] * size if prices is None else decimals(np.array(prices))
        exact = [weight * by_class[number] for weight, number in zip(exact, of_class)]
        some = [(weight, count) for weight, count in zip(exact, counts) if weight]
        if units([weight for weight, _ in some], [count for _, count in some]) <= MOST_UNITS:
            return weights, prices, None
        if self.max_false_positives is not None or self.max_false_negatives is not None or self.solutions is not None:
            raise ValueError(
                "limits on errors and lists of solutions count units of the weights, and these have more digits than can be counted exactly: round "
                "them, to multiples of a thousandth of the largest for instance"
            )
        warnings.warn(
            f"the weights have more digits than can be counted exactly: trained with {DIGITS} digits of the largest; loss_ and bound_ are those of the "
            "weights as they are",
            UserWarning,
            stacklevel=4,
        )
        rough = rounded(exact, of_class)
        more = (max(used - weight, Fraction(0)) * count for used, weight, count in zip(rough, exact, counts))
        kinds = kinds.reshape(-1)
        used = np.array([float(weight) for weight in rough])[kinds]
        return used, None, Rounding(X, numbers, exact, kinds, sum(more, Fraction(0)))

    def _reckon(self, rounding: Rounding) -> None:
        """Loss, bound and status of the weights as they are, after a fit to rounded ones."""
        outputs = 1 if len(self.classes_) == 2 else len(self.classes_)
        if outputs == 1:
            wrong = (self.predict(rounding.X) != self.classes_[rounding.numbers]).astype(int)
        else:
            fires = self.decision_function(rounding.X) > 0
            wrong = (fires != np.eye(outputs, dtype=bool)[rounding.numbers]).sum(axis=1)
        if self.loss == "zero-one":
            wrong, outputs = (wrong > 0).astype(int), 1
        times = np.bincount(rounding.kinds, weights=wrong, minlength=len(rounding.weights)).astype(int).tolist()
        loss = sum((weight * count for weight, count in zip(rounding.weights, times)), Fraction(0))
        prices = max(Fraction(self.objective_) - Fraction(self.loss_), Fraction(0))
        bound = max(Fraction(self.bound_) - outputs * rounding.excess, Fraction(0))
        objective = loss + prices
        self.loss_, self.objective_, self.bound_ = float(loss), float(objective), float(min(bound, objective))
        self.gap_ = gap_of(self.objective_, self.bound_)
        if self.status_ == "optimal" and bound < objective:
            self.status_ = "within-gap"

    def _max_errors(self, classes: np.ndarray) -> dict[str, dict[str, Any]]:
        """What may be wrong of the rows of a class, by the text of the class."""
        given = {
            "max_false_positives": allowed("max_false_positives", self.max_false_positives),
            "max_false_negatives": allowed("max_false_negatives", self.max_false_negatives),
        }
        if any(given.values()) and len(classes) != 2:
            name = next(name for name, most in given.items() if most)
            raise ValueError(f"{name} needs two classes, one of them positive; here are {len(classes)}")
        return {text_of(label): most for label, most in zip(classes, given.values()) if most}

    def _directions(self, classes: np.ndarray, features: int, names: Any) -> list[int]:
        """Of every feature the sign that the second class follows it with."""
        signs = directions(self.monotonic_cst, features, names)
        if signs and len(classes) != 2:
            raise ValueError(f"monotonic_cst needs two classes; here are {len(classes)}")
        return signs

    def _solution(self, network: _native.Network) -> HeavisideClassifier:
        """This estimator with another network."""
        model = json.loads(network.to_json())
        claim = model["claim"]
        gap = gap_of(claim["objective"], claim["bound"])
        end = {**claim, "gap": gap, "method": model["training"]["method"], "rule": network.rule()}
        one = type(self)(**self.get_params(deep=False))
        one.classes_, one.n_features_in_ = self.classes_, self.n_features_in_
        if hasattr(self, "feature_names_in_"):
            one.feature_names_in_ = self.feature_names_in_
        one._take(network, end)
        return one

    def _take(self, network: _native.Network, end: dict[str, Any]) -> None:
        """The attributes of a fitted estimator; ``classes_`` are there."""
        model = json.loads(network.to_json())
        texts = [text_of(label) for label in self.classes_]
        known = {labels_of([text])[0].item(): number for number, text in enumerate(texts)}
        by_text = {text: number for number, text in enumerate(texts)}
        names = model["schema"]["classes"]
        #: The class of each class of the network.
        self._order = np.array(
            [by_text[name] if name in by_text else known[labels_of([name])[0].item()] for name in names]
        )
        layers = model["network"]["layers"]
        self.coefs_ = [np.array(layer["weights"]).reshape(layer["outputs"], layer["inputs"]).T for layer in layers]
        self.intercepts_ = [np.array(layer["biases"]) for layer in layers]
        self.shift_ = np.array(model["scaler"]["shift"])
        self.divisor_ = np.array(model["scaler"]["divisor"])
        self.network_ = network
        self.status_ = end.pop("status")
        # With weights the network's claim is in units.
        unit = Fraction(model["training"].get("units", {}).get("unit", 1))
        loss = end.pop("loss") * unit
        self.loss_ = int(loss) if loss.denominator == 1 else float(loss)
        self.objective_ = float(Fraction(end.pop("objective")) * unit)
        self.bound_ = float(Fraction(end.pop("bound")) * unit)
        gap = end.pop("gap")
        self.gap_ = float("inf") if gap is None else gap
        rule = end.pop("rule")
        self.rule_ = None if rule is None else "\n".join(rule)
        self.report_ = end

    def _warn(self) -> None:
        for warning in self.report_["warnings"]:
            warnings.warn(warning, UserWarning, stacklevel=4)
        margin = self.report_["added_margin"]
        if margin is not None:
            warnings.warn(
                f"the engine needs a margin and took {margin:g}: bound and optimum are those of networks with it; "
                "epsilon= sets another",
                UserWarning,
                stacklevel=4,
            )
        if self.status_ in LIMITS and self.method not in ("local-search", "split"):
            what = self.report_["reason"] or "raise the limit for a better bound or network"
            warnings.warn(
                f"not proven optimal ({self.status_}): objective {self.objective_:g}, bound {self.bound_:g}; {what}",
                ConvergenceWarning,
                stacklevel=4,
            )

    def _splitting(self) -> dict[str, Any]:
        given = {
            "split": self.split,
            "split_engine": self.split_engine,
            "split_parts": self.split_parts,
            "split_growth": None if self.split_growth is None else number("split_growth", self.split_growth),
            "split_restarts": count("split_restarts", self.split_restarts),
            "batch": count("batch", self.batch),
            "batch_mode": self.batch_mode,
        }
        named = [name for name, value in given.items() if value is not None]
        if named and self.method != "split":
            raise ValueError(f'{named[0]} is an option of method="split"')
        if self.batch_mode is not None and self.batch is None:
            raise ValueError("batch_mode needs batch, the size of one")
        return {**given, "polish": flag("polish", self.polish)}

    def _settings(self) -> Mapping[str, Any]:
        given = self.settings
        if given is not None and not isinstance(given, Mapping):
            raise ValueError(f"settings is {given!r}: give a mapping of names to values; heaviside_nn.parameters() lists them")
        return given or {}

    def _options(self) -> dict[str, Any]:
        if self.robust is None and self.norm != "linf":
            raise ValueError(f"norm is {self.norm!r}, the norm of the ball of robust, which is not set")
        start = self.start
        if isinstance(start, HeavisideClassifier):
            check_is_fitted(start, msg="start is a %(name)s that is not fitted")
            start = start.network_.to_json()
        elif start is not None:
            start = _native.Network.load(fspath(start)).to_json()
        return {
            "hidden": widths(self.hidden),
            "weights": word("weights", self.weights),
            "bias": flag("bias", self.bias),
            "loss": word("loss", self.loss),
            "epsilon": None if self.epsilon is None else number("epsilon", self.epsilon),
            "robust": None if self.robust is None else number("robust", self.robust),
            "norm": word("norm", self.norm),
            "l0": number("l0", self.l0),
            "l1": number("l1", self.l1),
            "scale": word("scale", self.scale),
            "validation": number("validation", self.validation),
            "stratify": flag("stratify", self.stratify),
            "method": word("method", self.method),
            "start": start,
            "max_features": count("max_features", self.max_features),
            "solutions": count("solutions", self.solutions),
            "splitting": self._splitting(),
            "limits": limits(
                time_limit=self.time_limit,
                memory_limit=self.memory_limit,
                node_limit=self.node_limit,
                mip_gap=self.mip_gap,
                threads=self.threads,
                random_state=self.random_state,
                settings={"rows.sorted": "yes", **self._settings()},
            ),
        }


def classes_of(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The classes, in order, and the number of each row's.

    >>> classes_of(np.array([0.5, 0.5, 2.0]))
    (array([0.5, 2. ]), array([0, 0, 1]))
    """
    try:
        classes, numbers = np.unique(y, return_inverse=True)
        if any(label is None or label != label for label in classes.tolist()):
            raise TypeError("some are missing")
    except TypeError as error:
        raise ValueError(f"labels must be of one kind, text, numbers or booleans, and none may be missing: {error}") from error
    known: dict[Any, Any] = {}
    for label in classes:
        # A file tells numbers apart by their value.
        if (other := known.setdefault(value_of(text_of(label)), label)) is not label:
            raise ValueError(f"labels {text_of(other)} and {text_of(label)} differ, but are the same number (binary64) in a file: rename one")
    return classes, numbers.reshape(-1)


def dense(X: Any) -> np.ndarray:
    """The rows as an array in row-major order."""
    return np.ascontiguousarray(X.toarray() if issparse(X) else X)
