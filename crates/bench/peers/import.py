"""The peer of the import benchmark: python-calamine reads the same workbook.

usage: import.py FOLDER

Says `ready`, then answers each line of its input with one line of JSON: `read` reads every cell of the sheet, `values` also
writes what it read, so that it can be held against what others read.
"""

import array
import datetime
import json
import math
import resource
import sys
import time
from pathlib import Path

from python_calamine import CalamineWorkbook


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def hashed(text: str) -> float:
    """FNV-1a of 32 bits."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return float(value)


def as_number(value, kind: str) -> float:
    """A cell as everybody writes it down: what is no number where one belongs is missing."""
    if value == "" or value is None:
        return math.nan
    if kind == "text":
        return hashed(str(value))
    if kind == "day":
        if not isinstance(value, (datetime.date, datetime.datetime)):
            return math.nan
        day = value.date() if isinstance(value, datetime.datetime) else value
        return float((day - datetime.date(1970, 1, 1)).days)
    if kind == "flag":
        return {"có": 1.0, "không": 0.0}.get(value, math.nan)
    return float(value) if isinstance(value, (int, float)) else math.nan


def main():
    folder = Path(sys.argv[1])
    kinds = (folder / "kinds.txt").read_text().split()
    print("ready", flush=True)
    for line in sys.stdin:
        cpu_before, wall_before = cpu(), time.perf_counter()
        rows = CalamineWorkbook.from_path(folder / "rows.xlsx").get_sheet_by_index(0).to_python()
        used = {"cpu": cpu() - cpu_before, "wall": time.perf_counter() - wall_before}
        used["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if line.strip() == "values":
            values = array.array("d")
            for row in rows[1:]:
                values.extend(as_number(value, kind) for value, kind in zip(row, kinds))
            (folder / "calamine.f64").write_bytes(values.tobytes())
        del rows
        print(json.dumps(used), flush=True)


main()
