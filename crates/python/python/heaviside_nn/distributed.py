"""One exact training on many workers: processes, machines of a cluster, whatever runs behind a ``concurrent.futures`` executor.

The problem is divided into *cubes*, parts of all networks that are searched independently (docs/scale.md). :func:`fit` hands them out in
slices of time, with the best network known; what a slice does not close goes on with another, or is split into smaller cubes once workers
would be idle, and what a worker loses is handed out again. All files are in one folder: whoever calls again with the same folder goes on where the last call ended.

>>> from concurrent.futures import ThreadPoolExecutor
>>> from sklearn.datasets import load_iris
>>> from heaviside_nn import HeavisideClassifier, distributed
>>> X, y = load_iris(return_X_y=True)
>>> clf = HeavisideClassifier(hidden=2)
>>> with ThreadPoolExecutor(2) as executor:
...     clf = distributed.fit(clf, X, y == 1, executor=executor, cubes=4)
>>> clf.status_, clf.loss_, clf.bound_
('optimal', 1, 1.0)
"""

from __future__ import annotations

import contextlib
import heapq
import json
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Optional, Union

from . import _native
from ._classifier import HeavisideClassifier
from ._options import count, optional
from ._options import limits as limits_of
from ._table import gap_of

#: Seconds that a worker may take beyond the limit of its slice, once the run is over.
GRACE = 10.0
#: The most slices that one of a cube may be as long as.
MOST_SLICES = 1 << 20
#: The most parts that a cube is split into at once.
MOST_PARTS = 8

PROBLEM = "problem.json"
INCUMBENT = "incumbent.json"


def fit(
    estimator: HeavisideClassifier,
    X: Any,
    y: Any,
    sample_weight: Any = None,
    *,
    executor: Union[Executor, Callable[[], Executor]],
    cubes: int = 16,
    slice: float = 60.0,
    workers: Optional[int] = None,
    retries: int = 3,
    folder: Union[str, PathLike[str], None] = None,
    proof: Union[str, PathLike[str], None] = None,
    callback: Optional[Callable[[dict[str, Any]], Any]] = None,
) -> HeavisideClassifier:
    """Fit ``estimator`` to proven optimality on the workers of an executor.

    Parameters
    ----------
    estimator : HeavisideClassifier
        Says what is trained. Its ``time_limit`` is for the whole run, its other limits for each slice; ``threads`` is per worker, 1 unless
        it says otherwise.
    X, y, sample_weight
        As in :meth:`HeavisideClassifier.fit`.
    executor : Executor, or a callable that makes one
        ``ProcessPoolExecutor()``, ``dask.distributed.Client(..).get_executor()``, ``mpi4py.futures.MPIPoolExecutor()``, .. A callable is called
        again where its pool breaks, as that of ``ProcessPoolExecutor`` does when one of its processes is killed; the executors that it makes are shut
        down in the end.
    cubes : int, default=16
        How many cubes there are to begin with, and about how many are kept open: several times the workers.
    slice : float, default=60
        Seconds that a worker searches a cube, and the most that is lost with a worker; fewer where ``node_limit`` ends a slice. While others wait, a
        cube that is open then goes on where it stood in a later slice; otherwise it is split. With a proof it is split in any case, and each slice of a
        part has twice the seconds, since nothing goes on of a search that is written from its first step to its last.
    workers : int, optional
        How many slices the executor runs at once, if it does not say so itself. One more than that waits, for each worker: what is handed out late
        knows more.
    retries : int, default=3
        How often a cube is handed out again after its worker failed.
    folder : path, optional
        Where the files of the run are, as ``heaviside cubes`` and ``merge`` know them; a new one, or that of an earlier run on the same rows and
        options, which is then gone on with. A temporary one unless you say otherwise.
    proof : path, optional
        Workers write proofs, and this folder gets the proof of the whole, for ``heaviside check proof``.
    callback : callable, optional
        Called after each slice with a dictionary (``seconds``, ``objective`` and ``bound`` in units of the rows, ``open`` cubes, ``closed`` ones);
        returning True ends the run.

    Returns
    -------
    estimator
        Fitted. ``report_`` has ``cubes`` (leaves of the tree), ``closed``, ``conflicts``, ``worker_seconds``, ``seconds``, ``slices`` (how many there
        were), ``cube_seconds`` (what each cube took) and ``before`` (seconds until there were cubes), both for :func:`simulate`, ``failures``, and ``proven``,
        whether there is a proof in its folder. A limit of time, or Ctrl-C, leaves the best network and the bound that is proven by then.

    Raises
    ------
    ValueError
        If the problem cannot be divided, or the folder is of another one.
    RuntimeError
        If a cube fails again and again.
    """
    if estimator.method not in ("auto", "omt"):
        raise ValueError(f"method is {estimator.method!r}: cubes are searched by the exact engine; leave it as it is")
    if estimator.solutions is not None or estimator.validation:
        raise ValueError("solutions and validation are for fit of the estimator itself, not for cubes")
    if not slice > 0:
        raise ValueError(f"slice is {slice}: give the seconds of a slice, more than 0")
    most = count("cubes", cubes) or 1
    began = time.monotonic()
    stated, options, kept = estimator._stated(X, y, sample_weight)
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory()) if folder is None else folder)
        wish = (most, proof is not None)
        report, raised = _native.cubes(*stated, json.dumps(options), wish, fspath(place))
        made = json.loads(report)
        before = time.monotonic() - began
        crew = stack.enter_context(_Crew(executor, count("workers", workers), most))
        run = _Run(estimator, place, crew, wish, float(slice), int(retries), began, callback)
        if raised is None:
            raised = run.go_on()
        report, network, interrupt = _native.merge(fspath(place), optional(fspath, proof))
        merged = json.loads(report)
    end = {
        **{name: merged[name] for name in ("status", "loss", "bound", "conflicts", "closed", "rule")},
        **{"objective": merged["loss"], "gap": None, "reason": None, "method": "cubes"},
        **{"cubes": merged["leaves"], "worker_seconds": merged["seconds"], "seconds": time.monotonic() - began},
        **{"slices": run.slices, "cube_seconds": run.cube_seconds, "before": before},
        **{"failures": run.failures, "proven": merged["proven"]},
        **{"added_margin": made["added_margin"], "warnings": made["warnings"]},
    }
    if network is not None and merged["bound"] is not None:
        end["gap"] = gap_of(merged["loss"], merged["bound"])
    raised = raised or interrupt
    if merged["status"] in ("optimal", "infeasible"):
        # A cube may have been closed by what was proven of the one that it is part of.
        end["closed"] = merged["leaves"]
    elif run.within_gap and not (run.waiting or run.running):
        end["status"] = "within-gap"
    else:
        end["status"] = "interrupted" if raised is not None or run.was_told else "time-limit"
    return estimator._finish(kept, network, end, [], raised)


class _Crew:
    """The executor, and another one in its place where it breaks."""

    def __init__(self, executor: Union[Executor, Callable[[], Executor]], workers: Optional[int], cubes: int) -> None:
        self.make = None if isinstance(executor, Executor) else executor
        self.executor = executor if isinstance(executor, Executor) else executor()
        said = workers or getattr(self.executor, "_max_workers", None) or cubes
        #: Slices that are handed out at once.
        self.most = 2 * int(said)

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *error: object) -> None:
        if self.make is not None:
            self.executor.shutdown(wait=False, cancel_futures=True)

    def submit(self, task: dict[str, Any]) -> Future[dict[str, Any]]:
        return self.executor.submit(search, task)

    def renew(self, error: BrokenExecutor) -> None:
        if self.make is None:
            raise RuntimeError("the executor broke; give a callable that makes one, such as ProcessPoolExecutor itself") from error
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = self.make()


class _Run:
    """Cubes handed out, and what comes back."""

    def __init__(
        self,
        estimator: HeavisideClassifier,
        folder: Path,
        crew: _Crew,
        wish: tuple[int, bool],
        slice: float,
        retries: int,
        began: float,
        callback: Optional[Callable[[dict[str, Any]], Any]],
    ) -> None:
        self.estimator, self.folder, self.crew, self.callback = estimator, folder, crew, callback
        (self.cubes, self.proofs), self.slice, self.retries, self.began = wish, slice, retries, began
        limit = estimator.time_limit
        self.end = float("inf") if limit is None else began + limit
        merged = json.loads(_native.merge(fspath(folder), None)[0])
        #: Bounds of the open cubes, whether they wait or are searched.
        self.bounds: dict[str, int] = {one["cube"]: one["bound"] for one in merged["open"]}
        self.closed: int = merged["closed"]
        #: It never changes, and every slice needs it.
        self.problem = (folder / PROBLEM).read_bytes()
        self.waiting = deque(self.bounds)
        self.running: dict[Future[dict[str, Any]], str] = {}
        #: How many slices long the next slice of a cube is, where a slice leaves nothing to go on with.
        self.lengths: dict[str, int] = {}
        self.attempts: Counter[str] = Counter()
        self.loss: Optional[int] = merged["loss"]
        self.slices = 0
        #: What cubes took in all their slices.
        self.cube_seconds: dict[str, float] = {}
        self.failures = 0
        #: Cubes that are not closed, and as good as asked for.
        self.within_gap = 0
        self.was_told = False

    def go_on(self) -> Optional[BaseException]:
        """Until all is closed or time is up; returns an interrupt."""
        try:
            while (self.waiting or self.running) and not self.was_told and time.monotonic() < self.end:
                self.hand_out()
                left = min(max(0.0, self.end - time.monotonic()), threading.TIMEOUT_MAX)
                done, _ = wait(self.running, timeout=left, return_when=FIRST_COMPLETED)
                self.take_all(done)
            self.stop(GRACE)
        except KeyboardInterrupt as interrupt:
            self.stop(0.0)
            return interrupt
        return None

    def stop(self, grace: float) -> None:
        """Nothing more begins; what is running has a limit of its own that is over by now, and is heard out."""
        for future in self.running:
            future.cancel()
        if not self.was_told and self.running:
            done, _ = wait(self.running, timeout=grace)
            # Whatever fails now is not begun again.
            with contextlib.suppress(RuntimeError):
                self.take_all({future for future in done if not future.cancelled()})

    def hand_out(self) -> None:
        while self.waiting and len(self.running) < self.crew.most:
            name = self.waiting.popleft()
            if self.loss is not None and self.bounds[name] >= self.loss:
                # A network that was found meanwhile closes it.
                self.close(name)
                continue
            try:
                self.running[self.crew.submit(self.task(name))] = name
            except BrokenExecutor as error:
                self.waiting.appendleft(name)
                self.broke(error)

    def task(self, name: str) -> dict[str, Any]:
        length, nodes = self.lengths.get(name, 1), self.estimator.node_limit
        seconds, left = length * self.slice, max(self.end - time.monotonic(), 0.01)
        limits = limits_of(
            time_limit=min(seconds, left),
            memory_limit=self.estimator.memory_limit,
            node_limit=None if nodes is None else length * nodes,
            mip_gap=self.estimator.mip_gap,
            threads=self.estimator.threads or 1,
            random_state=0,
            settings={},
        )
        cube = f"cube-{name}.json"
        files = {file: self.read(file) for file in (cube, f"cube-{name}.result.json", state_of(name), INCUMBENT)}
        parts = min(MOST_PARTS, max(2, self.cubes // max(1, len(self.bounds))))
        return {
            "cube": cube,
            "files": {PROBLEM: self.problem, **{file: content for file, content in files.items() if content is not None}},
            "limits": json.dumps(limits),
            # While others wait, it may go on in a later slice.
            "parts": 0 if self.waiting and not self.proofs else parts,
            "is_last": left <= seconds,
        }

    def take_all(self, futures: set[Future[dict[str, Any]]]) -> None:
        broken: Optional[BrokenExecutor] = None
        for future in futures:
            name = self.running.pop(future)
            try:
                done = future.result()
            except BrokenExecutor as error:
                broken = error
                self.failed(name, error)
            except Exception as error:
                self.failed(name, error)
            else:
                self.take(name, done)
        if broken is not None:
            self.broke(broken)

    def broke(self, error: BrokenExecutor) -> None:
        """The pool is gone, and with it all that ran there."""
        self.waiting.extendleft(self.running.values())
        self.running.clear()
        self.crew.renew(error)

    def failed(self, name: str, error: Exception) -> None:
        self.failures += 1
        self.attempts[name] += 1
        if self.attempts[name] > self.retries:
            raise RuntimeError(f"cube {name} failed {self.attempts[name]} times; the last time: {error}") from error
        self.waiting.append(name)

    def take(self, name: str, done: dict[str, Any]) -> None:
        """What a slice came to."""
        for file, content in done["files"].items():
            self.keep(file, content)
        report = done["report"]
        self.slices += 1
        self.cube_seconds[name] = self.cube_seconds.get(name, 0.0) + done["seconds"]
        if report["loss"] is not None and (self.loss is None or report["loss"] < self.loss):
            self.loss = report["loss"]
        parts = report["parts"]
        if report["closed"] or parts == []:
            self.close(name)
        elif parts is not None:
            bound = max(self.bounds.pop(name), report["bound"])
            self.bounds.update(dict.fromkeys(parts, bound))
            if self.proofs or len(parts) == 1:
                # It is begun anew, and takes what it takes.
                self.lengths.update(dict.fromkeys(parts, self.longer(name)))
            self.drop(name)
            self.waiting.extend(parts)
        elif report["status"] == "within-gap":
            # Nothing is left to do: with a smaller loss it would be so all the more.
            self.bounds[name] = max(self.bounds[name], report["bound"])
            self.within_gap += 1
        else:
            self.bounds[name] = max(self.bounds[name], report["bound"])
            if state_of(name) not in done["files"]:
                # Too short for a state to go on with.
                self.lengths[name] = self.longer(name)
            self.waiting.append(name)
        self.tell()

    def close(self, name: str) -> None:
        self.bounds.pop(name, None)
        self.closed += 1
        self.drop(name)

    def longer(self, name: str) -> int:
        """How many slices long the next one is."""
        return min(2 * self.lengths.get(name, 1), MOST_SLICES)

    def drop(self, name: str) -> None:
        """Nobody goes on with the state of this cube."""
        (self.folder / state_of(name)).unlink(missing_ok=True)

    def tell(self) -> None:
        if self.callback is None:
            return
        known = [] if self.loss is None else [self.loss]
        row = {
            "seconds": time.monotonic() - self.began,
            "objective": self.loss,
            "bound": min([*self.bounds.values(), *known], default=None),
            "open": len(self.bounds) - self.within_gap,
            "closed": self.closed,
        }
        self.was_told = bool(self.callback(row)) or self.was_told

    def read(self, file: str) -> Optional[bytes]:
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / file).read_bytes()
        return None

    def keep(self, file: str, content: bytes) -> None:
        """A file from a worker in the folder; one that says more stays."""
        there = self.read(file)
        if there is not None and file == INCUMBENT and json.loads(there)["loss"] <= json.loads(content)["loss"]:
            return
        if there is not None and file.endswith(".result.json") and says_more(json.loads(there), json.loads(content)):
            return
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(content)
        os.replace(part, path)


def state_of(name: str) -> str:
    """The file with the state of a cube that is open."""
    return f"cube-{name}.state"


def says_more(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a result has more than another: it is closed, or its bound is larger (None: there is no network)."""

    def key(result: dict[str, Any]) -> tuple[bool, float]:
        return result["status"] == "closed", float("inf") if result["bound"] is None else result["bound"]

    return key(one) > key(other)


def search(task: dict[str, Any]) -> dict[str, Any]:
    """A slice of the search of a cube, on a worker: files in, files out. :func:`fit` submits it."""
    began = time.monotonic()
    with TemporaryDirectory(prefix="heaviside-") as place:
        folder = Path(place)
        for file, content in task["files"].items():
            (folder / file).write_bytes(content)
        report, raised = _native.work(fspath(folder / task["cube"]), task["limits"], task["parts"], task["is_last"])
        if raised is not None:
            raise raised
        news = dict(_news(folder, task["files"]))
    return {"report": json.loads(report), "files": news, "seconds": time.monotonic() - began}


def _news(folder: Path, known: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Files that are new or other than before, by their names within the folder."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix != ".lock":
            content = path.read_bytes()
            if known.get(name) != content:
                yield name, content


@dataclass(frozen=True)
class Schedule:
    """Cubes replayed on some number of workers (:func:`simulate`)."""

    #: Workers.
    workers: int
    #: Seconds until the last cube is closed.
    seconds: float
    #: All work over these seconds.
    speedup: float
    #: The speed-up over the workers.
    efficiency: float
    #: What bounds it: ``"work"`` (more workers would be faster), ``"chain"`` (the longest one of a cube, a part of it, a part of that part, ..), ``"cubes"`` (fewer
    #: than workers), or ``"before"``, the time until there are cubes.
    limit: str


def simulate(
    cubes: Mapping[str, float], workers: Sequence[int] = (1, 10, 100, 1000), *, before: float = 0.0, overhead: float = 0.0
) -> list[Schedule]:
    """How far a run would scale: its cubes (``report_["cube_seconds"]``) handed out in their order to so many workers, parts of a cube after the cube.

    ``before`` are seconds until there are cubes (``report_["before"]``), ``overhead`` those that each cube takes on its way. Work itself is taken to
    stay the same, although more workers know good networks later.

    >>> for schedule in simulate({"1": 4.0, "2": 1.0, "3": 1.0, "3-1": 2.0}, [1, 2, 10]):
    ...     print(schedule.workers, schedule.seconds, schedule.limit)
    1 8.0 work
    2 4.0 chain
    10 4.0 cubes
    """
    firsts, parts, chains = _order(cubes, overhead)
    work, longest = sum(cubes.values()), max(chains.values(), default=0.0)
    schedules = []
    for count in workers:
        waiting, running, now = deque(firsts), list[tuple[float, str]](), before
        while waiting or running:
            while waiting and len(running) < count:
                name = waiting.popleft()
                heapq.heappush(running, (now + overhead + cubes[name], name))
            now, name = heapq.heappop(running)
            waiting.extend(parts[name])
        if before > 0.5 * now:
            limit = "before"
        elif count > len(cubes):
            limit = "cubes"
        elif longest > 0.5 * (now - before):
            limit = "chain"
        else:
            limit = "work"
        speedup = (before + work) / now if now > 0 else 1.0
        schedules.append(Schedule(count, now, speedup, speedup / count, limit))
    return schedules


def _order(cubes: Mapping[str, float], overhead: float) -> tuple[list[str], dict[str, list[str]], dict[str, float]]:
    """Cubes that are parts of no other, the parts of each, and the seconds from the first cube to the end of each."""
    firsts, parts, chains = list[str](), {name: list[str]() for name in cubes}, dict[str, float]()
    for name in sorted(cubes, key=lambda name: name.count("-")):
        whole = name.rpartition("-")[0]
        chains[name] = chains.get(whole, 0.0) + overhead + cubes[name]
    for name in cubes:
        parts.get(name.rpartition("-")[0], firsts).append(name)
    return firsts, parts, chains
