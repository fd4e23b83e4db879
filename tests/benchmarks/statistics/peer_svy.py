"""The peer svy, run in its own environment by `peers`; knows nothing of this project and imports
nothing of it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import polars as pl
import svy

DESIGN = svy.Design(stratum="stratum", psu="psu", wgt="weight")
ITEMS = [f"q{i + 1}" for i in range(8)]


class Peer:
    """Answers commands about one data set."""

    def load(self, folder):
        """Read the data; nobody times this."""
        self.rows = pl.read_parquet(Path(folder) / "rows.parquet")
        self.sample = svy.Sample(self.rows, DESIGN)
        targets = json.loads((Path(folder) / "targets.json").read_text(encoding="utf-8"))
        names = ("stratum", "sex", "age")
        self.controls = {
            name: dict(enumerate(target)) for name, target in zip(names, targets, strict=True)
        }
        return 0.0, 0.0, {}

    def version(self):
        """Say which svy this is."""
        return 0.0, 0.0, {"version": f"svy {svy.__version__}"}

    def mean(self):
        """Score by company, on a sample that has been estimated from before."""
        return timed(lambda: self.sample.estimation.mean("score", by="company"), estimate)

    def cold(self):
        """The same on a new sample of the same rows."""
        return timed(
            lambda: svy.Sample(self.rows, DESIGN).estimation.mean("score", by="company"), estimate
        )

    def items(self):
        """The eight items by company."""
        return timed(
            lambda: self.sample.estimation.mean(ITEMS, by="company"),
            lambda found: {"items": [estimate(one) for one in found]},
        )

    def rake(self):
        """Weights raked to three margins."""
        return timed(
            lambda: self.sample.weighting.rake(controls=self.controls, tol=1e-10),
            lambda found: raked(found.data),
        )


def timed(run, read):
    """Return wall and CPU seconds of a run, and what `read` makes of its result afterwards."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return wall, cpu, read(found)


def estimate(found):
    """Return means, standard errors and covariance in the order of the companies."""
    each = sorted(range(len(found.estimates)), key=lambda i: found.estimates[i].by_level[0])
    return {
        "value": [found.estimates[i].est for i in each],
        "se": [found.estimates[i].se for i in each],
        "covariance": found.covariance[each][:, each].tolist(),
        "method": found.method,
    }


def raked(data):
    """Return the sum of squares and the margins of raked weights."""
    margins = [
        data.group_by(name).agg(pl.col("rk_wgt").sum()).sort(name)["rk_wgt"].to_list()
        for name in ("stratum", "sex", "age")
    ]
    return {"squares": float((data["rk_wgt"] ** 2).sum()), "margins": sum(margins, [])}


def peak():
    """Return the peak memory of this process in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main():
    """Answer a line with a line."""
    # what svy prints is not an answer
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    peer = Peer()
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            wall, cpu, found = getattr(peer, name)(*arguments)
            answer = {"wall": wall, "cpu": cpu, "peak": peak(), **found}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


main()
