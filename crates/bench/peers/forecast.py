"""The peers of the forecast benchmark: a random walk with drift and exponential smoothing of statsforecast.

usage: forecast.py rwdrift|autoets FOLDER

Says `ready`, then answers each line of its input (`sample` or `held-back`) with one line of JSON.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

LENGTH, AHEAD, HELD_BACK, SAMPLE = 10, 5, 3, 4000


def table(values):
    """Series as one long table."""
    count, length = values.shape
    return pd.DataFrame(
        {
            "unique_id": np.repeat(np.arange(count), length),
            "ds": np.tile(np.arange(length), count),
            "y": values.ravel(),
        }
    )


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    from statsforecast import StatsForecast
    from statsforecast.models import AutoETS, RandomWalkWithDrift

    name, folder = sys.argv[1], Path(sys.argv[2])
    values = np.fromfile(folder / "series.f64").reshape(-1, LENGTH)
    step = max(len(values) // SAMPLE, 1)
    values = values[::step][:SAMPLE]
    model = {"rwdrift": RandomWalkWithDrift, "autoets": AutoETS}[name]

    def forecast(known, ahead):
        runner = StatsForecast(models=[model(alias="m")], freq=1, n_jobs=1)
        return runner.forecast(df=table(known), h=ahead, level=[80, 95])

    # Its first use compiles what it needs, which is not part of the work.
    forecast(values[:8], AHEAD)
    print("ready", flush=True)
    for line in sys.stdin:
        part = line.strip()
        cpu_before, wall_before = cpu(), time.perf_counter()
        known = values[:, : LENGTH - HELD_BACK] if part == "held-back" else values
        found = forecast(known, HELD_BACK if part == "held-back" else AHEAD)
        used = {"cpu": cpu() - cpu_before, "wall": time.perf_counter() - wall_before}
        used["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if part == "held-back":
            later = values[:, LENGTH - HELD_BACK :].ravel()
            low, high = found["m-lo-80"].to_numpy(), found["m-hi-80"].to_numpy()
            used["coverage_80"] = float(np.mean((low <= later) & (later <= high)))
            middle = np.maximum(found["m"].to_numpy(), 0.0)
            mean = np.maximum((np.abs(middle) + np.abs(later)) / 2, np.finfo(float).tiny)
            off = np.abs(middle - later) / mean
            used["error"] = float(np.mean(off))
        else:
            found["m"].to_numpy().astype(float).tofile(folder / f"{name}-drift.f64")
        print(json.dumps(used), flush=True)


main()
