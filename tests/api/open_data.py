"""Open data of a served public side, as programs that others wrote read it.

Usage: open_data.py ADDRESS API TOKEN. The public side is at ADDRESS, the interface for programs at API. CSV files must be what their metadata
says, the catalogue must lead to every file, Parquet must hold the same as CSV, and the numbers must be those of the scoreboard.
"""

import csv
import io
import json
import os
import sys
import tempfile
import urllib.request

import duckdb
import rdflib
from csvw import CSVW

address, api, token = sys.argv[1:]
FOLDER = f"{address}/cong-khai/du-lieu"


def fetched(url, heads=None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=heads or {})) as answer:
        return answer.read(), answer.headers


# The catalogue, as a portal harvests it.
graph = rdflib.Graph()
graph.parse(data=fetched(f"{FOLDER}/catalogue.jsonld")[0], format="json-ld", publicID=f"{FOLDER}/catalogue.jsonld")
found = graph.query(
    """
    PREFIX dcat: <http://www.w3.org/ns/dcat#>
    PREFIX dct: <http://purl.org/dc/terms/>
    SELECT ?id ?url ?media WHERE {
      ?catalogue a dcat:Catalog ; dct:title ?name ; dct:publisher ?publisher ; dcat:dataset ?set .
      ?set a dcat:Dataset ; dct:title ?title ; dct:description ?about ; dct:identifier ?id ; dcat:distribution ?file .
      ?file dcat:accessURL ?url ; dcat:mediaType ?media .
      FILTER (lang(?name) = "vi" && lang(?title) = "en" && lang(?about) = "vi")
    }
    """
)
files = {(str(row.id), str(row.url).rsplit(".", 1)[1]): str(row.url) for row in found}
tables = sorted({table for table, _ in files})
assert len(tables) == 7 and len(files) == 14, files
for url in files.values():
    assert url.startswith(FOLDER), url

# Every CSV by its own metadata, which the file itself names, and all together with the keys between them.
with tempfile.TemporaryDirectory() as folder:
    kept = {}
    for name in [f"{table}.{ending}" for table in tables for ending in ("csv", "csv-metadata.json", "parquet")] + ["csv-metadata.json"]:
        body, heads = fetched(f"{FOLDER}/{name}")
        if name.endswith(".csv"):
            assert f"{name}-metadata.json" in heads["link"], heads["link"]
        kept[name] = os.path.join(folder, name)
        with open(kept[name], "wb") as file:
            file.write(body)
    for name in [*(f"{table}.csv-metadata.json" for table in tables), "csv-metadata.json"]:
        read = CSVW(kept[name], validate=True)
        assert read.is_valid, (name, [str(one.message) for one in read.warnings][:5])
    group = CSVW(kept["csv-metadata.json"], validate=True)
    assert len(group.tables) == len(tables)
    keys = [key for table in group.tables for key in table.tableSchema.foreignKeys]
    assert len(keys) >= 4, "figures and targets name their units and definitions"

    # A table that is not what its metadata says is found out, so that the checks above mean something.
    broken = os.path.join(folder, "broken")
    os.mkdir(broken)
    with open(kept["indicators.csv"]) as file:
        text = file.read()
    first = text.splitlines()[1]
    with open(os.path.join(broken, "indicators.csv"), "w") as file:
        file.write(text.replace(first, first.replace(",A,", ",A,x", 1) if ",A," in first else f"{first},x", 1))
    with open(kept["indicators.csv-metadata.json"]) as source, open(os.path.join(broken, "indicators.csv-metadata.json"), "w") as file:
        file.write(source.read())
    assert not CSVW(os.path.join(broken, "indicators.csv-metadata.json"), validate=True).is_valid

    # Parquet holds the same, as DuckDB reads it.
    database = duckdb.connect()
    for table in tables:
        (rows,) = database.execute(f"SELECT count(*) FROM read_parquet('{kept[f'{table}.parquet']}')").fetchone()
        with open(kept[f"{table}.csv"], newline="") as file:
            lines = list(csv.DictReader(file))
        assert rows == len(lines), (table, rows, len(lines))
        columns = [one[0] for one in database.execute(f"DESCRIBE SELECT * FROM read_parquet('{kept[f'{table}.parquet']}')").fetchall()]
        assert not lines or columns == list(lines[0]), columns
        for line, row in zip(lines, database.execute(f"SELECT * FROM read_parquet('{kept[f'{table}.parquet']}')").fetchall()):
            for column, cell in zip(columns, row):
                said = line[column].lstrip("'")
                same = said == "" if cell is None else float(said) == cell if isinstance(cell, (int, float)) else said == str(cell).lstrip("'")
                assert same, (table, column, said, cell)
    notes = database.execute(f"SELECT value FROM parquet_kv_metadata('{kept['indicators.parquet']}') WHERE key = 'csvw'").fetchall()
    assert "Q không công bố" in json.dumps(json.loads(bytes(notes[0][0])), ensure_ascii=False)
    joined = database.execute(
        f"""
        SELECT v.unit, v.value, d.definition_vi FROM read_parquet('{kept['indicators.parquet']}') v
        JOIN read_parquet('{kept['definitions.parquet']}') d USING (indicator)
        WHERE v.indicator = 'groups' AND v.year = 2025 AND v.status = 'A' ORDER BY v.value DESC
        """
    ).fetchall()
    assert joined[0][1] == sum(row[1] for row in joined[1:]), "the province is the sum of its districts"

    # What is hidden is empty in every form, and something is.
    hidden = database.execute(
        f"SELECT count(*), count(value) FROM read_parquet('{kept['indicators.parquet']}') WHERE status = 'Q'"
    ).fetchone()
    assert hidden[0] > 0 and hidden[1] == 0, hidden

    # The numbers are those of the scoreboard.
    heads = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    board = json.loads(fetched(f"{api}/api/v1/scoreboard?unit=20&limit=500", heads)[0])["items"]
    values = {one["target"]: one["value"] for one in board}
    with open(kept["targets.csv"], newline="") as file:
        compared = 0
        for line in csv.DictReader(file):
            if line["status"] == "A":
                assert abs(float(line["value"]) - values[line["target"]]) < 1e-9, line
                compared += 1
    assert compared > 10, compared

print(f"open data: {len(tables)} tables, {len(files)} files, {hidden[0]} hidden values, {compared} targets as on the scoreboard")
