"""Sets `train --method auto` beside scikit-learn: errors on the training rows at equal time, no hidden layer and hidden layers.

    python3 -m venv venv && venv/bin/pip install scikit-learn
    cargo build --release
    venv/bin/python benches/baselines.py target/release/heaviside --limit 10 --threads 2

Data are made here from seeds: a linear rule, a rule of two planes, or Gaussian points with random labels; a share of
the labels is flipped. The digits of `datasets/` are ten classes with an output each: there an error is a wrong output (the
Hamming loss that is trained), and the regressions are ten, one class against the rest. `auto` gets the time limit in wall seconds, reading not counted. LogisticRegression and MLPClassifier
(logistic activations, as many hidden neurons) get the same time on as many threads: the regression is fitted with weaker
and weaker regularisation, the MLP epoch by epoch with the library's rates, and the fewest errors of all fits count. Prints
a table in Markdown: errors, wall seconds; for `auto` also its bound, processor seconds and peak memory.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time


def data(kind, rows, features, flips, seed):
    import numpy as np

    random = np.random.default_rng(seed)
    x = random.standard_normal((rows, features))
    w = random.standard_normal((2, features))
    if kind == "linear":
        y = x @ w[0] >= 0
    elif kind == "planes":
        y = (x @ w[0] >= 0) & (x @ w[1] >= 0)
    else:
        y = random.random(rows) < 0.5
    return x, (y ^ (random.random(rows) < flips)).astype(int)


def write(path, x, y):
    import numpy as np

    with open(path, "w") as out:
        out.write(",".join(f"x{j}" for j in range(x.shape[1])) + ",label\n")
        for at in range(0, len(x), 10_000):
            block = np.column_stack([x[at : at + 10_000], y[at : at + 10_000]])
            np.savetxt(out, block, fmt=["%.6g"] * x.shape[1] + ["%d"], delimiter=",")


def read(path):
    import numpy as np

    table = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    return table[:, :-1], table[:, -1].astype(int)


def memory(process):
    """The peak so far in MB; a child's usage would count this script's own pages from before its start."""
    try:
        with open(f"/proc/{process}/status") as status:
            return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM")), 0.0)
    except OSError:
        return 0.0


def auto(binary, path, hidden, limit, threads):
    """Errors, bound, wall and processor seconds of the whole command, and its peak memory in MB."""
    command = [binary, "train", path, "--json", "--quiet", "--time-limit", str(limit), "--threads", str(threads)]
    command += ["--hidden", str(hidden)] if hidden else []
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, stdout=out)
        peak = 0.0
        while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            peak = max(peak, memory(child.pid))
            time.sleep(0.02)
        _, status, usage = os.wait4(child.pid, 0)
        out.seek(0)
        text = out.read()
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with status {status}")
    answer = json.loads(text)
    return {
        "errors": answer["loss"],
        "bound": int(answer["bound"]),
        "seconds": answer["seconds"],
        "user": usage.ru_utime,
        "memory": peak,
    }


def outputs(y):
    """What each output should be: one for two classes, else one for each class."""
    import numpy as np

    return y[:, None] if y.max() < 2 else (y[:, None] == np.arange(y.max() + 1)).astype(int)


def regression(x, y, limit):
    from sklearn.linear_model import LogisticRegression

    wanted = outputs(y)
    best, began = wanted.size, time.time()
    for strength in [1.0, 100.0, 1e4]:
        wrong = sum(
            int((LogisticRegression(C=strength, max_iter=1000).fit(x, one).predict(x) != one).sum()) for one in wanted.T
        )
        if time.time() - began > limit and best < wanted.size:
            break
        best = min(best, wrong)
        if best == 0 or time.time() - began > limit:
            break
    return best, time.time() - began


def perceptron(x, y, hidden, limit):
    import warnings

    from sklearn.neural_network import MLPClassifier

    warnings.filterwarnings("ignore")
    shape = (hidden,) if hidden else ()
    model = MLPClassifier(shape, activation="logistic", random_state=0)
    wanted = outputs(y)
    wanted = wanted[:, 0] if wanted.shape[1] == 1 else wanted
    best, began = wanted.size, time.time()
    while time.time() - began < limit and best > 0:
        model.partial_fit(x, wanted, classes=[0, 1] if wanted.ndim == 1 else range(wanted.shape[1]))
        best = min(best, int((model.predict(x) != wanted).sum()))
    return best, time.time() - began


def compare(arguments, name, path, widths):
    """Prints a row for each width."""
    x, y = read(path)
    for hidden in widths:
        ours = auto(arguments.binary, path, hidden, arguments.limit, arguments.threads)
        line = f"| {name} | {hidden} | {ours['errors']} ({ours['bound']}) "
        line += f"| {ours['seconds']:.2f} | {ours['user']:.1f} | {ours['memory']:.0f} "
        errors, seconds = regression(x, y, arguments.limit)
        line += f"| {errors} | {seconds:.2f} "
        errors, seconds = perceptron(x, y, hidden, arguments.limit)
        print(line + f"| {errors} | {seconds:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--limit", type=float, default=10.0, help="wall seconds for each")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--large", action="store_true", help="a million rows as well")
    arguments = parser.parse_args()
    for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
        os.environ[name] = str(arguments.threads)

    runs = [
        ("random", 200, 1_000, 0.0, [0]),
        ("random", 200, 10_000, 0.0, [0]),
        ("linear", 1_000, 10, 0.1, [0, 8]),
        ("linear", 10_000, 20, 0.1, [0, 64]),
        ("linear", 100_000, 20, 0.1, [0, 64]),
        ("planes", 100_000, 20, 0.1, [2, 64]),
    ]
    if arguments.large:
        runs.append(("linear", 1_000_000, 20, 0.1, [0]))
    print("| data | hidden | auto: errors (bound) | s | CPU s | MB | logistic regression | s | MLP | s |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.csv")
        for kind, rows, features, flips, widths in runs:
            write(path, *data(kind, rows, features, flips, seed=1))
            compare(arguments, f"{kind}, {rows} x {features}, {flips:.0%} flips", path, widths)
    digits = os.path.join(os.path.dirname(__file__), "..", "datasets", "digits.csv")
    compare(arguments, "digits, 1797 x 64, ten classes", digits, [0])


if __name__ == "__main__":
    main()
