"""Training: what is found, what it means, and what is refused."""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from conftest import xor
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError

import heaviside_nn
from heaviside_nn import HeavisideClassifier


def test_a_straight_cut_through_iris_makes_one_error(iris):
    X, y = iris.drop(columns=iris.columns[-1]), iris.iloc[:, -1] == "virginica"
    clf = HeavisideClassifier(hidden=0).fit(X, y)
    assert (clf.status_, clf.loss_, clf.bound_, clf.gap_, clf.objective_) == ("optimal", 1, 1.0, 0.0, 1.0)
    assert clf.score(X, y) == 149 / 150
    assert clf.classes_.tolist() == [False, True]
    assert clf.predict(X).dtype == bool
    assert (clf.n_features_in_, clf.feature_names_in_.tolist()) == (4, list(X.columns))
    assert "petal_length" in clf.rule_ and clf.rule_.startswith("True if")


def test_the_network_is_what_its_weights_say(iris):
    X, y = iris.iloc[:, :4].to_numpy(), iris.iloc[:, -1].to_numpy()
    clf = HeavisideClassifier(hidden=(2,), node_limit=500, time_limit=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        clf.fit(X, y)
    (first, last), (biases, outputs) = clf.coefs_, clf.intercepts_
    assert (first.shape, last.shape) == ((4, 2), (2, 3))
    fires = (X - clf.shift_) / clf.divisor_ @ first + biases >= 0
    values = fires @ last + outputs
    assert np.allclose(values, clf.decision_function(X))
    assert (clf.classes_[clf.decision_function(X).argmax(axis=1)] == clf.predict(X)).all()
    # A network of several outputs loses wrong outputs, not wrong rows.
    wrong = (values >= 0) != (y[:, None] == clf.classes_)
    assert clf.loss_ == wrong.sum()


@pytest.mark.parametrize(
    "labels",
    [
        ["no", "yes"],
        [0, 1],
        [-1, 1],
        [2.0, 10.0],
        [False, True],
        # In the order of text 10 comes before 9, in that of numbers after it.
        ["10", "9"],
        ["a b", 'c"d'],
    ],
)
def test_labels_of_any_type(labels, tmp_path):
    X, y = xor()
    y = np.array(labels)[(y == "yes").astype(int)]
    clf = HeavisideClassifier(hidden=2).fit(X, y)
    assert clf.classes_.tolist() == sorted(labels)
    assert clf.predict(X).tolist() == y.tolist() and clf.predict(X).dtype == y.dtype
    assert ((clf.decision_function(X) > 0) == (y == clf.classes_[1])).all()
    clf.save(tmp_path / "model.json")
    loaded = HeavisideClassifier.load(tmp_path / "model.json")
    assert [str(label) for label in loaded.predict(X)] == [str(type(loaded.classes_[0].item())(label)) for label in y.tolist()]
    assert loaded.loss_ == 0 and loaded.hidden == (2,)


def test_object_labels_of_a_frame_and_categories():
    X, y = xor()
    for labels in (pd.Series(y, dtype="category"), pd.Series(y, dtype="string"), y.astype(object), list(y)):
        assert HeavisideClassifier(hidden=2).fit(X, labels).predict(X).tolist() == y.tolist()


def test_what_fires_at_zero_is_positive():
    clf = HeavisideClassifier(hidden=0, weights="ternary", scale="none").fit([[-1.0], [0.0], [1.0]], [0, 1, 1])
    scores = clf.decision_function([[-1.0], [0.0], [1.0]])
    assert (scores > 0).tolist() == [False, True, True]


def test_frames_of_pandas_and_polars_are_one(iris):
    columns = list(iris.columns[:4])
    y = iris.iloc[:, -1] == "versicolor"
    pandas = HeavisideClassifier(hidden=2).fit(iris[columns], y)
    frame = pl.DataFrame({name: iris[name].tolist() for name in iris.columns})
    polars = HeavisideClassifier(hidden=2).fit(frame.select(columns), frame[:, -1] == "versicolor")
    assert polars.feature_names_in_.tolist() == columns
    assert polars.network_.to_json() != ""
    assert all((a == b).all() for a, b in zip(pandas.coefs_, polars.coefs_))
    assert (polars.predict(frame.select(columns)) == pandas.predict(iris[columns])).all()
    with pytest.raises(ValueError, match="feature names"):
        pandas.predict(iris[columns[::-1]])


def test_the_order_of_the_rows_is_no_matter(haberman):
    X, y = haberman.iloc[:, :3], haberman.iloc[:, 3]
    clf = HeavisideClassifier(hidden=2, node_limit=50, time_limit=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fits = [clf.fit(X.iloc[order], y.iloc[order]).coefs_ for order in (slice(None), slice(None, None, -1))]
    assert all((a == b).all() for a, b in zip(*fits))


def test_a_weight_of_k_is_k_copies(haberman):
    X, y = haberman.iloc[:60, :3].to_numpy(), haberman.iloc[:60, 3].to_numpy()
    weights = np.random.default_rng(0).integers(0, 4, size=len(y))
    weighted = HeavisideClassifier(hidden=0).fit(X, y, sample_weight=weights)
    repeated = HeavisideClassifier(hidden=0).fit(X.repeat(weights, axis=0), y.repeat(weights))
    assert (weighted.loss_, weighted.bound_) == (repeated.loss_, repeated.bound_)
    assert (weighted.coefs_[0] == repeated.coefs_[0]).all()
    assert weighted.loss_ == (weights * (weighted.predict(X) != y)).sum()


def test_weights_are_decimals(haberman):
    X, y = haberman.iloc[:60, :3].to_numpy(), haberman.iloc[:60, 3].to_numpy()
    weights = np.random.default_rng(0).integers(0, 4, size=len(y))
    whole = HeavisideClassifier(hidden=0).fit(X, y, sample_weight=weights)
    tenths = HeavisideClassifier(hidden=0).fit(X, y, sample_weight=weights / 10)
    assert (tenths.loss_, tenths.bound_) == (whole.loss_ / 10, whole.bound_ / 10)
    assert (tenths.coefs_[0] == whole.coefs_[0]).all()


def best_cut(x: np.ndarray, positive: np.ndarray, weights: list[Fraction]) -> Fraction:
    """The least weight that a cut of the line must get wrong."""
    order = np.argsort(x, kind="stable")
    totals = []
    for sides in (positive, ~positive):
        wrong = sum((weights[i] for i in order if sides[i]), Fraction(0))
        totals.append(wrong)
        for k, i in enumerate(order):
            wrong += -weights[i] if sides[i] else weights[i]
            if k + 1 == len(order) or x[order[k + 1]] != x[i]:
                totals.append(wrong)
    return min(totals)


@pytest.mark.parametrize("spread", [0.5, 6.0, 20.0])
def test_weights_of_many_digits_are_reckoned_as_they_are(spread):
    """What is trained has rounded weights; loss and bound are true of those that were given, rows and classes together."""
    rng = np.random.default_rng(int(10 * spread))
    for trial in range(8):
        x = rng.integers(0, 12, size=40).astype(float)
        y = rng.integers(0, 2, size=40)
        weights = np.exp(spread * rng.normal(size=40))
        prices = {0: 1.0, 1: float(np.exp(spread * rng.normal()))} if trial % 2 else None
        exact = [Fraction(repr(w)) * Fraction(repr((prices or {}).get(k, 1.0))) for w, k in zip(weights.tolist(), y.tolist())]
        with pytest.warns(UserWarning, match="as they are"):
            clf = HeavisideClassifier(hidden=0, class_weights=prices).fit(x[:, None], y, sample_weight=weights)
        wrong = clf.predict(x[:, None]) != y
        loss = sum((weight for weight, missed in zip(exact, wrong) if missed), Fraction(0))
        best = best_cut(x, y == 1, exact)
        assert clf.loss_ == pytest.approx(float(loss), rel=1e-12)
        assert clf.bound_ <= float(best) * (1 + 1e-12) and float(best) <= clf.loss_ * (1 + 1e-12)
        assert clf.status_ == ("optimal" if clf.loss_ == clf.bound_ else "within-gap")
        if prices is None:
            # A thousandth of a weight or so is all that rounding hides.
            assert clf.loss_ - clf.bound_ <= 40 * weights.max() * 1e-3


def test_rounded_weights_of_three_classes():
    rng = np.random.default_rng(5)
    X, y = rng.normal(size=(30, 2)), rng.integers(0, 3, size=30)
    weights = rng.uniform(0.5, 1, size=30)
    for loss in ("hamming", "zero-one"):
        with pytest.warns(UserWarning, match="as they are"):
            clf = HeavisideClassifier(hidden=2, loss=loss, node_limit=20, time_limit=None).fit(X, y, sample_weight=weights)
        fires = clf.decision_function(X) > 0
        wrong = (fires != np.eye(3, dtype=bool)[y]).sum(axis=1)
        assert clf.loss_ == pytest.approx((weights * (wrong if loss == "hamming" else wrong > 0)).sum())
        assert 0 <= clf.bound_ <= clf.loss_
    with pytest.raises(ValueError, match="lists of solutions"):
        HeavisideClassifier(solutions=2).fit(X, y == 1, sample_weight=weights)


def test_classes_have_weights(haberman):
    X, y = haberman.iloc[:100, :3].to_numpy(), haberman.iloc[:100, 3].to_numpy()
    labels, counts = np.unique(y, return_counts=True)
    balanced = HeavisideClassifier(hidden=0, class_weights="balanced").fit(X, y)
    wrong = balanced.predict(X) != y
    share = sum(len(y) / (2 * count) * wrong[y == label].sum() for label, count in zip(labels, counts))
    assert balanced.loss_ == pytest.approx(share) and balanced.loss_ == balanced.bound_
    given = HeavisideClassifier(hidden=0, class_weights={labels[1]: 2.5}).fit(X, y)
    rows = HeavisideClassifier(hidden=0).fit(X, y, sample_weight=np.where(y == labels[1], 2.5, 1))
    assert (given.loss_, given.bound_) == (rows.loss_, rows.bound_)
    assert (given.coefs_[0] == rows.coefs_[0]).all()
    with pytest.raises(ValueError, match="no class"):
        HeavisideClassifier(class_weights={"other": 2}).fit(X, y)
    with pytest.raises(ValueError, match="balanced"):
        HeavisideClassifier(class_weights="equal").fit(X, y)


def test_errors_of_a_class_have_limits(tmp_path):
    # A row of each class at 1.
    X, y = [[0.0], [1.0], [1.0], [2.0], [3.0]], ["no", "no", "yes", "yes", "no"]
    clf = HeavisideClassifier(hidden=0, max_false_negatives=0).fit(X, y)
    wrong = clf.predict(X) != np.array(y)
    assert (clf.status_, clf.loss_, clf.bound_) == ("optimal", 2, 2)
    assert not wrong[np.array(y) == "yes"].any()
    assert clf.report_["error_limits"] == [{"class": "yes", "most": 0, "errors": 0, "total": 2}]
    clf.save(tmp_path / "model.json")
    assert HeavisideClassifier.load(tmp_path / "model.json").max_false_negatives == 0
    shares = HeavisideClassifier(hidden=0, max_false_positives=0.4, max_false_negatives=0.5).fit(X, y)
    assert (shares.status_, shares.loss_) == ("optimal", 2)
    with pytest.raises(RuntimeError, match="infeasible: proven"):
        HeavisideClassifier(hidden=0, max_false_positives=0, max_false_negatives=0).fit(X, y)
    with pytest.raises(ValueError, match="from 0.0 to 1.0"):
        HeavisideClassifier(max_false_positives=1.5).fit(X, y)
    with pytest.raises(ValueError, match="two classes"):
        HeavisideClassifier(max_false_positives=1).fit(X, ["a", "b", "c", "a", "b"])
    with pytest.raises(ValueError, match="splitting"):
        HeavisideClassifier(method="split", max_false_positives=1).fit(X, y)


def test_answers_follow_features(tmp_path):
    X = pd.DataFrame({"age": [0.0, 1.0, 2.0, 3.0], "size": [0.0, 0.0, 1.0, 1.0]})
    y = np.array(["no", "yes", "no", "no"])
    free = HeavisideClassifier(hidden=2).fit(X, y)
    assert free.loss_ == 0
    for given in [{"age": 1}, [1, 0], np.array([1, 0])]:
        rising = HeavisideClassifier(hidden=2, monotonic_cst=given).fit(X[["age"]].assign(size=0.0), y)
        assert (rising.status_, rising.loss_, rising.bound_) == ("optimal", 1, 1)
    # Everywhere: more of it never turns a yes into a no.
    grid = pd.DataFrame({"age": np.linspace(-5, 9, 57), "size": 0.0})
    answers = rising.predict(grid) == "yes"
    assert (np.diff(answers.astype(int)) >= 0).all()
    # The same of the first class in order, where the network's second class is another.
    numbers = HeavisideClassifier(hidden=2, monotonic_cst={"age": 1}).fit(X[["age"]].assign(size=0.0), [10, 9, 10, 10])
    assert numbers.loss_ == 1 and (np.diff((numbers.predict(grid) == 10).astype(int)) >= 0).all()
    rising.save(tmp_path / "model.json")
    assert HeavisideClassifier.load(tmp_path / "model.json").monotonic_cst == [1, 0]
    for given, message in [({"height": 1}, "height"), ([1], "for each of 2"), ([2, 0], "-1"), (["a", 0], "-1")]:
        with pytest.raises(ValueError, match=message):
            HeavisideClassifier(monotonic_cst=given).fit(X, y)
    with pytest.raises(ValueError, match="no names"):
        HeavisideClassifier(monotonic_cst={"age": 1}).fit(X.to_numpy(), y)
    with pytest.raises(ValueError, match="two classes"):
        HeavisideClassifier(monotonic_cst=[1, 0]).fit(X, ["a", "b", "c", "a"])


def test_few_features_are_enough(iris, tmp_path):
    X, y = iris.iloc[:, :4], iris.iloc[:, -1] == "virginica"
    losses = [HeavisideClassifier(hidden=0, max_features=most).fit(X, y) for most in (1, 2, 4)]
    assert all(clf.status_ == "optimal" for clf in losses)
    assert losses[0].loss_ >= losses[1].loss_ >= losses[2].loss_ == 1
    assert np.count_nonzero(losses[0].coefs_[0]) == 1 and np.count_nonzero(losses[1].coefs_[0]) <= 2
    losses[1].save(tmp_path / "model.json")
    assert HeavisideClassifier.load(tmp_path / "model.json").max_features == 2
    for most in (0, 1.5, True):
        with pytest.raises(ValueError, match="max_features"):
            HeavisideClassifier(max_features=most).fit(X, y)


def test_several_solutions():
    X, y = [[0.0], [1.0], [2.0], [3.0]], ["a", "b", "a", "b"]
    clf = HeavisideClassifier(hidden=0, solutions=2).fit(X, y)
    assert [one.loss_ for one in clf.solutions_] == [1, 1]
    answers = {tuple(one.predict(X)) for one in clf.solutions_}
    assert len(answers) == 2 and tuple(clf.predict(X)) in answers
    known = clf.report_["solutions"]
    assert (known["losses"], known["complete"], known["others"]) == ([1, 1], True, 2)
    assert all(one.rule_ and one.bound_ <= one.loss_ for one in clf.solutions_)
    assert not hasattr(clf.set_params(solutions=None).fit(X, y), "solutions_")
    with pytest.raises(ValueError, match="solutions"):
        HeavisideClassifier(solutions=0).fit(X, y)


def test_options_of_data_splitting(iris):
    X, y = iris.iloc[:, :4], iris.iloc[:, -1]
    options = {"split": "kmedians", "split_engine": "local-search", "split_parts": "centroids", "split_growth": 0.5}
    clf = HeavisideClassifier(hidden=3, method="split", node_limit=20, split_restarts=3, batch=50, **options).fit(X, y)
    assert clf.loss_ < 50 and clf.report_["method"] == "split"
    for options, message in [
        ({"split": "kmeans"}, 'method="split"'),
        ({"method": "split", "split": "halves"}, "kmedians"),
        ({"method": "split", "split_engine": "auto"}, "local-search"),
        ({"method": "split", "batch_mode": "window"}, "batch"),
        ({"method": "split", "batch": 10, "batch_mode": "all"}, "average"),
        ({"method": "split", "split_growth": -1}, "split_growth"),
        ({"method": "split", "max_features": 2}, "splitting"),
    ]:
        with pytest.raises(ValueError, match=message):
            HeavisideClassifier(**options).fit(X, y)


def test_sparse_matrices_are_made_dense():
    X, y = xor()
    clf = HeavisideClassifier().fit(csr_matrix(X), y)
    assert clf.predict(csr_matrix(X)).tolist() == y.tolist()


@pytest.mark.parametrize(
    ("weights", "message"),
    [([-1, 1, 1, 1], "negative"), ([np.nan, 1, 1, 1], "finite"), ([1, 1], "shape"), ([0, 0, 0, 0], "zero")],
)
def test_weights_that_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        HeavisideClassifier().fit(*xor(), sample_weight=weights)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hidden": -1}, "hidden"),
        ({"hidden": (2, 0)}, "hidden"),
        ({"hidden": "2"}, "hidden"),
        ({"weights": "binary"}, "continuous, ternary"),
        ({"loss": "log"}, "hamming, zero-one"),
        ({"method": "sgd"}, "local-search"),
        ({"scale": "robust"}, "minmax"),
        ({"robust": 0.1, "norm": "l2"}, "linf, l1"),
        ({"epsilon": float("nan")}, "epsilon"),
        ({"time_limit": 0}, "time_limit"),
        ({"random_state": -1}, "random_state"),
        ({"settings": {"omt.core": "no"}}, "omt.cores"),
        ({"method": "omt", "l0": 1.0}, "does not apply"),
        ({"start": "nowhere.json"}, "nowhere.json"),
    ],
)
def test_options_that_are_refused(options, message):
    with pytest.raises((ValueError, OSError), match=message):
        HeavisideClassifier(**options).fit(*xor())


def test_labels_that_are_one_number_in_a_file_are_refused():
    with pytest.raises(ValueError, match="the same number"):
        HeavisideClassifier().fit(*xor()[:1], ["1", "1.0", "2", "2"])


def test_rows_that_are_refused():
    clf = HeavisideClassifier()
    with pytest.raises(ValueError, match="NaN"):
        clf.fit([[1.0], [float("nan")]], [0, 1])
    with pytest.raises(ValueError, match="one class"):
        clf.fit([[1.0], [2.0]], [1, 1])
    with pytest.raises(NotFittedError):
        clf.predict([[1.0]])
    with pytest.raises(ValueError, match="features"):
        clf.fit(*xor()).predict([[1.0]])


def test_a_limit_before_the_proof_warns(haberman):
    X, y = haberman.iloc[:, :3], haberman.iloc[:, 3]
    with pytest.warns(ConvergenceWarning, match="not proven optimal"):
        clf = HeavisideClassifier(hidden=2, node_limit=1, time_limit=None).fit(X, y)
    assert clf.status_ == "node-limit" and clf.bound_ < clf.loss_ and clf.gap_ > 0
    # Who asks for a heuristic asks for no proof.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        clf = HeavisideClassifier(hidden=2, method="local-search", node_limit=5).fit(X, y)
    assert clf.report_["method"] == "local-search"


def test_conditions_hold():
    X, y = xor()
    clf = HeavisideClassifier(hidden=2, weights="integer:3", epsilon=0.5, robust=0.1).fit(X, y)
    assert all((np.abs(layer) <= 3).all() and (layer == layer.round()).all() for layer in clf.coefs_)
    assert clf.report_["epsilon"] == 0.5
    assert clf.certify(X, y, radius=0.1).certified == 4
    priced = HeavisideClassifier(hidden=2, l0=0.1, epsilon=0.01, method="milp").fit(X, y)
    used = sum(np.count_nonzero(layer) for layer in priced.coefs_)
    assert priced.objective_ == pytest.approx(priced.loss_ + 0.1 * used)


def test_worst_cases_are_decided():
    X, y = np.array([[1.0], [2.0], [4.0], [5.0]]), np.array(["low", "low", "high", "high"])
    clf = HeavisideClassifier(hidden=0).fit(X, y)
    near, far = clf.certify(X, y, radius=0.05), clf.certify(X, radius=0.9, norm="l1")
    assert (near.points, near.certified, near.robust_accuracy, near.robust_accuracy_at_most) == (4, 4, 1.0, 1.0)
    assert (far.attackable, far.robust_accuracy) == (4, 0.0)
    with pytest.raises(ValueError, match="middle"):
        clf.certify(X, ["low", "low", "middle", "high"], radius=0.1)
    with pytest.raises(ValueError, match="radius"):
        clf.certify(X, y, radius=-1)


def test_a_start_is_taken(haberman, tmp_path):
    X, y = haberman.iloc[:, :3], haberman.iloc[:, 3]
    best = HeavisideClassifier(hidden=2).fit(X, y)
    best.save(tmp_path / "best.json")
    for start in (best, tmp_path / "best.json"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            again = HeavisideClassifier(hidden=2, node_limit=1, time_limit=None, start=start).fit(X, y)
        assert again.loss_ == best.loss_
    with pytest.raises(ValueError, match="start"):
        HeavisideClassifier(hidden=3, start=best).fit(X, y)


def test_there_are_parameters():
    names = [name for name, *_ in heaviside_nn.parameters()]
    assert "rows.sorted" in names and "omt.cores" in names


def test_files_that_are_no_models(tmp_path):
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(ValueError, match="format"):
        HeavisideClassifier.load(tmp_path / "model.json")
    with pytest.raises(FileNotFoundError, match="nothing.json"):
        HeavisideClassifier.load(tmp_path / "nothing.json")
    clf = HeavisideClassifier().fit(*xor())
    with pytest.raises(OSError, match="nowhere"):
        clf.save(tmp_path / "nowhere" / "model.json")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"hidden": 2.5}, "hidden is 2.5"),
        ({"hidden": None}, "hidden is None"),
        ({"weights": 3}, "weights is 3"),
        ({"scale": None}, "scale is None"),
        ({"epsilon": "a"}, "epsilon is 'a'"),
        ({"norm": "l2"}, "norm is 'l2'"),
        ({"bias": None}, "bias is None"),
        ({"polish": 3}, "polish is 3"),
        ({"time_limit": "x"}, "time_limit is 'x'"),
        ({"node_limit": 1.5}, "node_limit is 1.5"),
        ({"threads": -1}, "threads is -1"),
        ({"threads": 10000}, "1 to 1024"),
        ({"settings": "x"}, "settings is 'x'"),
        ({"random_state": 2**65}, "random_state"),
        ({"class_weights": [1, 2]}, "class_weights"),
    ],
)
def test_wrong_values_are_named(parameters, message):
    X, y = xor()
    with pytest.raises(ValueError, match=message):
        HeavisideClassifier(**parameters).fit(X, y)


@pytest.mark.parametrize("labels", [["a", None, "b", "a"], ["a", 1, "b", 2], [1.0, float("nan"), 2.0, 1.0], ["a", float("nan"), "a", "b"]])
def test_labels_of_several_kinds_are_refused(labels):
    X, _ = xor()
    with pytest.raises((ValueError, TypeError), match="(?i)labels|nan|missing|unknown|not supported between"):
        HeavisideClassifier().fit(X, np.array(labels, dtype=object))


@pytest.mark.parametrize("labels", [[2**53, 2**53 + 1], ["1", "1.0"], ["1", "01"]])
def test_labels_that_are_one_number_are_named(labels):
    X, _ = xor()
    with pytest.raises(ValueError, match="the same number"):
        HeavisideClassifier().fit(X, np.array(labels * 2))


def test_a_start_survives_a_clone():
    X, y = xor()
    first = HeavisideClassifier(hidden=2, scale="none").fit(X, y)
    again = clone(HeavisideClassifier(hidden=2, scale="none", start=first, node_limit=5))
    assert again.start is first and not hasattr(again, "network_")
    assert again.fit(X, y).loss_ == 0
    with pytest.raises(NotFittedError, match="start"):
        HeavisideClassifier(start=HeavisideClassifier()).fit(X, y)
