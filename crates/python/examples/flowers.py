"""A notebook in a file: from a table to a network that is proven to be the best of its shape.

Each block between ``# %%`` lines is a cell for editors that know such (VS Code, Spyder, Jupytext). It runs as a test, too:
``pytest crates/python/examples``.
"""

# %% [markdown]
# Versicolor lies between the other two species of iris, so no straight cut finds it. Two neurons do, on the two petal
# measurements alone.

# %%
import tempfile
from pathlib import Path

import pandas as pd
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from heaviside_nn import HeavisideClassifier, check_proof

flowers = pd.read_csv(Path(__file__).parents[3] / "datasets/iris.csv")
X = flowers[["petal_length", "petal_width"]]
y = flowers["class"] == "versicolor"

# %% A straight cut: one neuron.
cut = HeavisideClassifier(hidden=0).fit(X, y)
print(f"a cut: {cut.status_}, {cut.loss_} errors, at least {cut.bound_:g}")

# %% Two neurons before it: three errors, and no network of that shape makes fewer.
two = HeavisideClassifier(hidden=2).fit(X, y)
print(f"two neurons: {two.status_}, {two.loss_} errors, at least {two.bound_:g}")
print(two.rule_)

# %% What an optimum on these rows is worth on others.
folds = cross_val_score(HeavisideClassifier(hidden=2, node_limit=500), X, y, cv=5)
print(f"cross-validation: {folds.mean():.3f} +- {folds.std():.3f}")

# %% Which shape generalises? Everything of scikit-learn works: searches, pipelines, scorers.
search = GridSearchCV(
    make_pipeline(HeavisideClassifier(node_limit=300)),
    {"heavisideclassifier__hidden": [0, 2, 3], "heavisideclassifier__weights": ["continuous", "ternary"]},
    cv=3,
)
search.fit(X, y)
print("best:", search.best_params_)

# %% How many predictions hold if each measurement may be off by 2% of its range? Decided exactly.
held = two.certify(X, y, radius=0.02)
print(f"{held.certified} of {held.points} hold, accuracy under attack {held.robust_accuracy:.3f}")

# %% A proof that nobody has to believe: written, then checked by code that shares nothing with the solver.
folder = Path(tempfile.mkdtemp()) / "proof"
cut.fit(X, y, proof=folder)
proof = check_proof(folder)
print(f"proven in {proof.lemmas} lemmas and {proof.steps} steps: the least loss is {proof.bound}")


# %%
def test_what_the_cells_say():
    assert (two.status_, two.loss_, two.bound_) == ("optimal", 3, 3.0)
    assert cut.bound_ == cut.loss_ > 3
    assert proof.is_optimal and proof.loss == cut.loss_
    assert folds.mean() > 0.9 and search.best_score_ > 0.9
    assert held.certified + held.attackable + held.undecided == 150
