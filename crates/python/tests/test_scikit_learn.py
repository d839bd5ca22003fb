"""In the company of scikit-learn: searches, pipelines, copies."""

from __future__ import annotations

import io
import multiprocessing
import pickle

import joblib
import numpy as np
import pytest
from conftest import xor
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.ensemble import BaggingClassifier
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from heaviside_nn import HeavisideClassifier

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture
def flowers(iris):
    return iris.iloc[:, 2:4], iris.iloc[:, -1]


def test_grid_search(flowers):
    X, y = flowers
    grid = {"hidden": [0, (2,)], "weights": ["continuous", "ternary"]}
    search = GridSearchCV(HeavisideClassifier(node_limit=300, threads=1), grid, cv=3, n_jobs=2).fit(X, y)
    assert search.best_score_ > 0.9
    assert search.best_estimator_.hidden in grid["hidden"]
    assert not np.isnan(search.cv_results_["mean_test_score"]).any()


def test_cross_validation_of_a_pipeline(flowers):
    X, y = flowers
    pipeline = make_pipeline(StandardScaler(), HeavisideClassifier(hidden=2, node_limit=300))
    assert cross_val_score(pipeline, X, y == "versicolor", cv=5).mean() > 0.9
    assert (cross_val_predict(pipeline, X, y, cv=3) == y).mean() > 0.9
    assert cross_val_score(pipeline, X, y == "versicolor", cv=3, scoring="roc_auc").mean() > 0.9


def test_categories_by_a_column_transformer(iris):
    table = iris.assign(size=np.where(iris["petal_width"] > 1, "large", "small"))
    columns = make_column_transformer((OneHotEncoder(), ["size"]), remainder="passthrough")
    pipeline = make_pipeline(columns, HeavisideClassifier(hidden=0, node_limit=200))
    y = iris.iloc[:, -1]
    assert pipeline.fit(table.drop(columns=iris.columns[-1]), y).score(table, y) > 0.9


def test_other_estimators_around_it(flowers):
    X, y = flowers
    clf = HeavisideClassifier(hidden=0, node_limit=100)
    assert OneVsRestClassifier(clf).fit(X, y).score(X, y) > 0.6
    # Bagging hands over whole sample weights.
    assert BaggingClassifier(clf, n_estimators=3, random_state=0).fit(X, y).score(X, y) > 0.8
    calibrated = CalibratedClassifierCV(clf, cv=3).fit(X, y == "setosa")
    assert calibrated.predict_proba(X).sum(axis=1) == pytest.approx(1)


def test_copies_predict_the_same(flowers, tmp_path):
    X, y = flowers
    clf = HeavisideClassifier(hidden=2, node_limit=100).fit(X, y)
    joblib.dump(clf, tmp_path / "clf.joblib")
    for copy in (pickle.loads(pickle.dumps(clf)), joblib.load(tmp_path / "clf.joblib")):
        assert (copy.decision_function(X) == clf.decision_function(X)).all()
        assert (copy.predict(X) == clf.predict(X)).all()
        assert (copy.loss_, copy.bound_, copy.status_) == (clf.loss_, clf.bound_, clf.status_)
    fresh = clone(clf)
    assert fresh.get_params() == clf.get_params() and not hasattr(fresh, "network_")
    fresh.set_params(hidden=0, weights="ternary")
    assert fresh.get_params()["weights"] == "ternary"
    with pytest.raises(ValueError, match="Invalid parameter"):
        fresh.set_params(layers=3)


def predict_in_child(clf, rows, out):
    out.put((clf.predict(rows).tolist(), HeavisideClassifier().fit(rows, clf.predict(rows)).loss_))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork on this system")
def test_threads_do_not_get_lost_in_a_fork():
    X, y = xor()
    clf = HeavisideClassifier().fit(X, y)
    clf.predict(X)
    context = multiprocessing.get_context("fork")
    out = context.SimpleQueue()
    child = context.Process(target=predict_in_child, args=(clf, X, out))
    child.start()
    child.join(60)
    alive = child.is_alive()
    if alive:
        child.kill()
    assert not alive
    assert out.get() == (y.tolist(), 0)


def test_it_is_drawn_and_printed():
    clf = HeavisideClassifier(hidden=3)
    assert repr(clf) == "HeavisideClassifier(hidden=3)"
    assert "HeavisideClassifier" in clf._repr_html_()


def test_the_table_is_printed(capsys):
    HeavisideClassifier(hidden=2, verbose=1).fit(*xor())
    shown = capsys.readouterr().err
    assert "BestBound" in shown and "0.00%" in shown


def test_models_go_through_buffers():
    clf = HeavisideClassifier().fit(*xor())
    buffer = io.BytesIO()
    pickle.dump(clf.network_, buffer)
    buffer.seek(0)
    assert pickle.load(buffer).to_json() == clf.network_.to_json()
