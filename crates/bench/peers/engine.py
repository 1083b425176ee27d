"""The peers of the engine benchmark: DuckDB, Polars and PostgreSQL over the same nation, in the same words.

usage: engine.py duckdb|polars|postgresql FOLDER

Reads the columns that `hoptac-bench` wrote, says `ready`, then answers each line of its input (`rows`, `contracts` or
`persons`) with one line of JSON: CPU-seconds of the whole process, wall seconds, peak memory. The values go into
`FOLDER/<peer>-<part>.f64`, by indicator, year and unit, NaN where there is none.
"""

import io
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

NONE = {np.dtype("int8"): -128, np.dtype("int32"): -(2**31), np.dtype("int64"): -(2**63)}
LEVELS = 5
PARTS = {"rows": (0, 39), "contracts": (39, 41), "persons": (41, 42)}


class Nation:
    """Columns, units and definitions."""

    def __init__(self, folder: Path):
        self.folder = folder
        parent = np.load(folder / "unit_parent.npy")
        self.units = len(parent)
        days = np.load(folder / "years.npy")
        self.years = days[:, 0]
        chain = [np.load(folder / "org_unit.npy").astype(np.int32)]
        for _ in range(LEVELS - 1):
            chain.append(parent[chain[-1]].astype(np.int32))
        self.years_table = pa.table(
            {"year": days[:, 0].astype(np.int32), "first": days[:, 1], "day": days[:, 2]}
        )
        organisations = {f"u{level}": column for level, column in enumerate(chain)}
        organisations |= self.columns("org_", skip="unit")
        for column in ("kind", "sector"):
            words = (folder / f"{column}.txt").read_text().split()
            codes = organisations[column].cast(pa.int32())
            organisations[column] = pa.DictionaryArray.from_arrays(codes, words).cast(pa.string())
        self.organisations = pa.table(organisations)
        communes = np.unique(chain[0])
        steps = [communes]
        for _ in range(LEVELS - 1):
            steps.append(parent[steps[-1]].astype(np.int32))
        self.up = pa.table(
            {"u0": np.tile(communes, LEVELS), "unit": np.concatenate(steps).astype(np.int32)}
        )
        returns = self.columns("return_")
        for flag in [*(folder / "flags.txt").read_text().split(), "return_late"]:
            returns[flag] = returns[flag].cast(pa.bool_())
        self.returns = pa.table(returns)
        self.spans = pa.table(self.columns("span_"))
        self.contracts = pa.table(self.columns("contract_"))
        self.indicators = []
        for line in (folder / "indicators.tsv").read_text().splitlines():
            if line and not line.startswith("#"):
                name, above, below, scale = line.split("\t")
                self.indicators.append((name, above, below, float(scale)))

    def columns(self, prefix: str, skip: str = ""):
        """All columns of a table, by name."""
        found = {}
        for path in sorted(self.folder.glob(f"{prefix}*.npy")):
            name = path.stem.removeprefix(prefix)
            if name == skip:
                continue
            values = np.load(path)
            mask = values == NONE[values.dtype] if values.dtype in NONE else None
            found[name] = pa.array(values, mask=mask)
        return found

    def aggregates(self, part: str):
        """The different aggregates of a part's definitions, in order."""
        first, last = PARTS[part]
        texts = [text for one in self.indicators[first:last] for text in one[1:3] if text]
        return list(dict.fromkeys(texts))

    def save(self, peer: str, part: str, grids):
        """Makes values of aggregates and writes them."""
        first, last = PARTS[part]
        values = []
        for _, above, below, scale in self.indicators[first:last]:
            value = grids[above] * scale
            if below:
                under = np.where(grids[below] == 0, np.nan, grids[below])
                value = value / under
            values.append(value)
        np.concatenate([value.ravel() for value in values]).tofile(
            self.folder / f"{peer}-{part}.f64"
        )

    def grid(self, text: str, years, units, values):
        """One aggregate for every year and unit; a count over nothing is 0."""
        empty = 0.0 if text.startswith("COUNT") else np.nan
        grid = np.full((len(self.years), self.units), empty)
        values = np.ma.asarray(values).astype(float).filled(np.nan)
        grid[np.asarray(years, int) - self.years[0], np.asarray(units, int)] = values
        return grid


FACTS = """
SELECT o.*, y.year,
       o.ended IS NULL OR o.ended > y.day AS registered,
       coalesce(o.suspended <= y.day AND (o.resumed IS NULL OR o.resumed > y.day)
                AND (o.ended IS NULL OR o.ended > y.day), FALSE) AS suspended_now,
       o.founded >= y.first AS founded_now,
       coalesce(o.ended >= y.first AND o.ended <= y.day, FALSE) AS ceased
FROM orgs o JOIN years y ON o.founded <= y.day
"""
RENAMED = {"suspended": "suspended_now", "founded": "founded_now"}


def in_sql(text: str) -> str:
    """A definition over the columns of the facts, where two names are those of days as well."""
    return re.sub(r"\b(suspended|founded)\b", lambda name: RENAMED[name[1]], text)


class Sql:
    """What DuckDB and PostgreSQL are asked in the same words. `found` gives the columns of what a statement finds."""

    def distinct(self, source: str, keys):
        grids = {}
        for text, key in keys.items():
            self.db.execute("DROP TABLE IF EXISTS pairs")
            self.db.execute(
                f"CREATE TEMP TABLE pairs AS SELECT DISTINCT y.year, o.u0, o.u1, o.u2, o.u3, o.u4, {key} AS k "
                f"FROM {source} s JOIN orgs o ON o.org = s.org "
                "JOIN years y ON s.from_day <= y.day AND (s.until_day IS NULL OR s.until_day > y.day) "
                "AND o.founded <= y.day AND (o.ended IS NULL OR o.ended > y.day)"
            )
            found = [
                self.found(
                    f"SELECT year, u{level} AS unit, count(*) AS n FROM "
                    f"(SELECT DISTINCT year, u{level}, k FROM pairs) AS once GROUP BY year, u{level}"
                )
                for level in range(LEVELS)
            ]
            years, units, counts = (np.concatenate(column) for column in zip(*found))
            grids[text] = self.nation.grid(text, years, units, counts)
        return grids

    def contracts(self):
        linked, buyers = self.nation.aggregates("contracts")
        return self.distinct("contracts", {linked: "s.org", buyers: "s.buyer"})

    def persons(self):
        return self.distinct("spans", {self.nation.aggregates("persons")[0]: "s.person"})


class DuckDb(Sql):
    """DuckDB: everything by commune first, then up the tree; medians by themselves."""

    def __init__(self, nation: Nation):
        import duckdb

        self.nation = nation
        self.db = duckdb.connect()
        self.db.execute("SET threads = 2")
        for name, table in [
            ("orgs", nation.organisations),
            ("years", nation.years_table),
            ("returns", nation.returns),
            ("spans", nation.spans),
            ("contracts", nation.contracts),
            ("up", nation.up),
        ]:
            self.db.register("arrow_table", table)
            self.db.execute(f"CREATE TABLE {name} AS SELECT * FROM arrow_table")
            self.db.unregister("arrow_table")
        self.facts = f"""
            SELECT f.*, f.registered AND NOT f.suspended_now AS operating,
                   r.org IS NOT NULL AS return_filed, r.* EXCLUDE (org, year)
            FROM ({FACTS}) f LEFT JOIN returns r ON r.org = f.org AND r.year = f.year
        """

    def rows(self):
        texts = self.nation.aggregates("rows")
        added = [text for text in texts if not text.startswith("MEDIAN")]
        sums = ", ".join(f"{in_sql(text)} AS a{at}" for at, text in enumerate(added))
        self.db.execute("DROP TABLE IF EXISTS facts")
        self.db.execute("DROP TABLE IF EXISTS communes")
        names = ", ".join(dict.fromkeys(re.findall(r"MEDIAN\((\w+)\)", " ".join(texts))))
        self.db.execute(
            f"CREATE TEMP TABLE communes AS SELECT u0, year, {sums} FROM ({self.facts}) GROUP BY u0, year"
        )
        rolled = ", ".join(f"sum(a{at}) AS a{at}" for at in range(len(added)))
        found = self.db.execute(
            f"SELECT year, unit, {rolled} FROM communes JOIN up USING (u0) GROUP BY year, unit"
        ).fetchnumpy()
        grids = {
            text: self.nation.grid(text, found["year"], found["unit"], found[f"a{at}"])
            for at, text in enumerate(added)
        }
        self.db.execute(
            f"CREATE TEMP TABLE facts AS SELECT u0, u1, u2, u3, u4, r.year, {names} "
            "FROM orgs o JOIN returns r ON r.org = o.org"
        )
        medians = [text for text in texts if text.startswith("MEDIAN")]
        asked = ", ".join(f"{text} AS a{at}" for at, text in enumerate(medians))
        sets = ", ".join(f"(year, u{level})" for level in range(LEVELS))
        units = ", ".join(f"u{level}" for level in range(LEVELS))
        found = self.db.execute(
            f"SELECT year, coalesce({units}) AS unit, {asked} FROM facts GROUP BY GROUPING SETS ({sets})"
        ).fetchnumpy()
        for at, text in enumerate(medians):
            grids[text] = self.nation.grid(text, found["year"], found["unit"], found[f"a{at}"])
        return grids

    def found(self, sql):
        return list(self.db.execute(sql).fetchnumpy().values())


class Polars:
    """Polars: everything by commune first, then up the tree; one group-by for each level of what does not add up."""

    def __init__(self, nation: Nation):
        import polars as pl

        self.pl, self.nation = pl, nation
        self.orgs = pl.from_arrow(nation.organisations)
        self.years = pl.from_arrow(nation.years_table)
        self.returns = pl.from_arrow(nation.returns)
        self.spans = pl.from_arrow(nation.spans)
        self.contract_table = pl.from_arrow(nation.contracts)
        self.up = pl.from_arrow(nation.up)

    def facts(self):
        pl = self.pl
        col = pl.col
        alive = col("ended").is_null() | (col("ended") > col("day"))
        facts = (
            self.orgs.lazy()
            .join(self.years.lazy(), how="cross")
            .filter(col("founded") <= col("day"))
            .with_columns(
                registered=alive,
                suspended_now=(
                    (col("suspended") <= col("day"))
                    & (col("resumed").is_null() | (col("resumed") > col("day")))
                    & alive
                ).fill_null(False),
                founded_now=col("founded") >= col("first"),
                ceased=((col("ended") >= col("first")) & (col("ended") <= col("day"))).fill_null(False),
            )
            .with_columns(operating=col("registered") & ~col("suspended_now"))
        )
        returns = self.returns.lazy().with_columns(return_filed=pl.lit(True))
        return facts.join(returns, on=["org", "year"], how="left").with_columns(
            col("return_filed").fill_null(False)
        )

    def expression(self, text: str):
        """An aggregate as an expression; a sum of nothing is nothing."""
        pl = self.pl
        parts = re.fullmatch(r"(\w+)\(([^()]*)\)(?: FILTER \(WHERE (.*)\))?", text)
        function, of, condition = parts.groups()
        where = pl.sql_expr(in_sql(condition)) if condition else None
        if function == "COUNT":
            if of == "*":
                return where.cast(pl.UInt32).sum()
            return pl.col(of).count()
        value = pl.col(of).cast(pl.Int64)
        if where is not None:
            value = pl.when(where).then(value)
        if function == "SUM":
            return pl.when(value.count() > 0).then(value.sum())
        raise ValueError(text)

    def rows(self):
        pl = self.pl
        texts = self.nation.aggregates("rows")
        added = [text for text in texts if not text.startswith("MEDIAN")]
        names = re.findall(r"MEDIAN\((\w+)\)", " ".join(texts))
        facts = self.facts()
        communes = facts.group_by("u0", "year").agg(
            [self.expression(text).alias(f"a{at}") for at, text in enumerate(added)]
        )
        total = [
            pl.when(pl.col(f"a{at}").count() > 0).then(pl.col(f"a{at}").sum()).alias(f"a{at}")
            for at in range(len(added))
        ]
        rolled = communes.join(self.up.lazy(), on="u0").group_by("year", "unit").agg(total)
        valued = self.returns.lazy().join(self.orgs.lazy(), on="org")
        medians = [
            valued.group_by("year", f"u{level}").agg([pl.col(name).median() for name in dict.fromkeys(names)])
            for level in range(LEVELS)
        ]
        found, *medians = pl.collect_all([rolled, *medians])
        grids = {
            text: self.nation.grid(
                text, found["year"].to_numpy(), found["unit"].to_numpy(), found[f"a{at}"].to_numpy()
            )
            for at, text in enumerate(added)
        }
        for name in dict.fromkeys(names):
            text = f"MEDIAN({name})"
            columns = [
                np.concatenate([table[column].to_numpy() for table, column in zip(medians, asked)])
                for asked in (["year"] * LEVELS, [f"u{n}" for n in range(LEVELS)], [name] * LEVELS)
            ]
            grids[text] = self.nation.grid(text, *columns)
        return grids

    def distinct(self, source, keys):
        pl = self.pl
        col = pl.col
        joined = source.lazy().join(self.orgs.lazy(), on="org")
        tables = []
        for year, _, day in self.years.iter_rows():
            held = joined.filter(
                (col("from_day") <= day)
                & (col("until_day").is_null() | (col("until_day") > day))
                & (col("founded") <= day)
                & (col("ended").is_null() | (col("ended") > day))
            )
            asked = [
                held.group_by(f"u{level}").agg([col(key).n_unique().alias(key) for key in set(keys.values())])
                for level in range(LEVELS)
            ]
            for level, table in enumerate(pl.collect_all(asked)):
                tables.append((year, level, table))
        grids = {}
        for text, key in keys.items():
            years = np.concatenate([np.full(len(table), year) for year, _, table in tables])
            units = np.concatenate([table[f"u{level}"].to_numpy() for _, level, table in tables])
            counts = np.concatenate([table[key].to_numpy() for _, _, table in tables])
            grids[text] = self.nation.grid(text, years, units, counts)
        return grids

    def contracts(self):
        linked, buyers = self.nation.aggregates("contracts")
        return self.distinct(self.contract_table, {linked: "org", buyers: "buyer"})

    def persons(self):
        return self.distinct(self.spans, {self.nation.aggregates("persons")[0]: "person"})


class PostgreSql(Sql):
    """PostgreSQL in a cluster of its own: everything by commune first, then up the tree; medians by themselves.

    It may keep all tables in memory, and sorts and hashes as well. What is read is asked with one worker besides.
    """

    SETTINGS = {
        "shared_buffers": "3GB",
        "work_mem": "1GB",
        "hash_mem_multiplier": "2",
        "max_parallel_workers_per_gather": "1",
        "jit": "off",
        "fsync": "off",
        "autovacuum": "off",
        "max_wal_size": "8GB",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "dynamic_shared_memory_type": "mmap",
    }

    def __init__(self, nation: Nation):
        import psycopg

        self.nation = nation
        self.start()
        self.db = psycopg.connect(
            f"host=127.0.0.1 port={self.port} user=hoptac dbname=postgres", autocommit=True
        )
        for name, table in [
            ("orgs", nation.organisations),
            ("years", nation.years_table),
            ("returns", nation.returns),
            ("spans", nation.spans),
            ("contracts", nation.contracts),
            ("up", nation.up),
        ]:
            self.load(name, table)
        names = [name for name in nation.returns.column_names if name not in ("org", "year")]
        self.facts = f"""
            SELECT f.*, f.registered AND NOT f.suspended_now AS operating,
                   r.org IS NOT NULL AS return_filed, {", ".join(f"r.{name}" for name in names)}
            FROM ({FACTS}) f LEFT JOIN returns r ON r.org = f.org AND r.year = f.year
        """

    def start(self):
        """Makes and starts a cluster. It refuses to run as root, so that it then belongs to `postgres`."""
        bins = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        as_server = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.folder = Path(tempfile.mkdtemp(prefix="hoptac-bench-postgres-"))
        if as_server:
            shutil.chown(self.folder, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        data = str(self.folder / "data")
        self.control = [*as_server, str(bins[-1] / "pg_ctl"), "--pgdata", data]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "cwd": self.folder}
        made = "--username=hoptac --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync"
        subprocess.run([*self.control, "--options", made, "initdb"], check=True, **quiet)
        settings = "".join(f" -c {name}={value}" for name, value in self.SETTINGS.items())
        settings = settings.replace("unix_socket_directories=", "unix_socket_directories=''")
        log = str(self.folder / "log.txt")
        started = ["--log", log, "--wait", "--options", f"-p {self.port}{settings}", "start"]
        subprocess.run([*self.control, *started], check=True, **quiet)
        self.postmaster = int((self.folder / "data/postmaster.pid").read_text().split()[0])

    def close(self):
        """Stops the cluster and takes it away."""
        subprocess.run([*self.control, "--mode", "immediate", "stop"], cwd="/", capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def cpu(self) -> float:
        """Seconds of all its processes: those that live, and those that have ended."""
        ticks = 0
        for process in self.processes():
            fields = self.stat(process)
            ticks += int(fields[11]) + int(fields[12])
            if process == self.postmaster:
                ticks += int(fields[13]) + int(fields[14])
        return ticks / os.sysconf("SC_CLK_TCK")

    def peak_mb(self) -> float:
        """What the process that works and the tables in memory hold at most; each page of them is counted once."""
        status = Path(f"/proc/{self.db.info.backend_pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def processes(self):
        children = Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text()
        return [self.postmaster, *map(int, children.split())]

    def stat(self, process):
        try:
            return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            return ["0"] * 20

    def load(self, name, table):
        """A table from its columns."""
        from pyarrow import csv

        kinds = {"int8": "smallint", "int16": "smallint", "int32": "integer", "int64": "bigint"}
        kinds |= {"bool": "boolean", "string": "text"}
        columns = ", ".join(f"{field.name} {kinds[str(field.type)]}" for field in table.schema)
        self.db.execute(f"CREATE UNLOGGED TABLE {name} ({columns})")
        with self.db.cursor().copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:
            for batch in table.to_batches(max_chunksize=100_000):
                text = io.BytesIO()
                csv.write_csv(batch, text, csv.WriteOptions(include_header=False))
                copy.write(text.getvalue())
        self.db.execute(f"VACUUM ANALYZE {name}")

    def found(self, sql):
        """The columns of what a statement finds, as numbers."""
        rows = self.db.execute(sql).fetchall()
        return [np.array(column, dtype=float) for column in zip(*rows)]

    def rows(self):
        texts = self.nation.aggregates("rows")
        added = [text for text in texts if not text.startswith("MEDIAN")]
        sums = ", ".join(f"({in_sql(text)})::float8 AS a{at}" for at, text in enumerate(added))
        rolled = ", ".join(f"sum(a{at}) AS a{at}" for at in range(len(added)))
        years, units, *values = self.found(
            f"WITH communes AS MATERIALIZED "
            f"(SELECT u0, year, {sums} FROM ({self.facts}) facts GROUP BY u0, year) "
            f"SELECT year, unit, {rolled} FROM communes JOIN up USING (u0) GROUP BY year, unit"
        )
        grids = {
            text: self.nation.grid(text, years, units, values[at])
            for at, text in enumerate(added)
        }
        medians = [text for text in texts if text.startswith("MEDIAN")]
        asked = ", ".join(
            f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {re.fullmatch(r'MEDIAN[(](.*)[)]', text)[1]})"
            for text in medians
        )
        sets = ", ".join(f"(year, u{level})" for level in range(LEVELS))
        chain = ", ".join(f"u{level}" for level in range(LEVELS))
        years, units, *values = self.found(
            f"SELECT year, coalesce({chain}), {asked} FROM orgs JOIN returns USING (org) "
            f"GROUP BY GROUPING SETS ({sets})"
        )
        for at, text in enumerate(medians):
            grids[text] = self.nation.grid(text, years, units, values[at])
        return grids


def cpu(peer) -> float:
    """CPU-seconds of the process, and of those that work for it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    others = peer.cpu() if hasattr(peer, "cpu") else 0.0
    return used.ru_utime + used.ru_stime + others


def main():
    name, folder = sys.argv[1], Path(sys.argv[2])
    nation = Nation(folder)
    peer = {"duckdb": DuckDb, "polars": Polars, "postgresql": PostgreSql}[name](nation)
    try:
        print("ready", flush=True)
        for line in sys.stdin:
            part = line.strip()
            cpu_before, wall_before = cpu(peer), time.perf_counter()
            grids = getattr(peer, part)()
            used = {"cpu": cpu(peer) - cpu_before, "wall": time.perf_counter() - wall_before}
            own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            used["peak_mb"] = peer.peak_mb() if hasattr(peer, "peak_mb") else own
            nation.save(name, part, grids)
            print(json.dumps(used), flush=True)
    finally:
        if hasattr(peer, "close"):
            peer.close()


main()
