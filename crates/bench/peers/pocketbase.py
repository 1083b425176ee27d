"""PocketBase with the organisations and returns of a nation: makes its data folder from two tables of text.

    pocketbase.py BINARY FOLDER PORT

Reads organisations.tsv and returns.tsv of the folder and leaves `pocketbase` beside them. Everything may be read without a
token, which is less work than what it is measured beside.
"""

import csv
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request

MAIL, WORD = "bench@example.org", "a long enough word"

ORGANISATIONS = ["name", "folded", "status", "commune", "district", "province"]
RETURNS = ["organisation", "year", "members", "revenue", "profit"]

DASHBOARD = """
SELECT (o.district || '-' || r.year) as id, (o.province) as province, (o.district) as district, (r.year) as year,
  (COUNT(*)) as filed, (SUM(r.members)) as members, (SUM(r.revenue)) as revenue, (SUM(r.profit)) as profit
FROM returns r JOIN organisations o ON o.id = r.organisation GROUP BY o.district, r.year
"""


def ask(address, body=None, token=None):
    heads = {"content-type": "application/json"}
    if token:
        heads["authorization"] = token
    data = None if body is None else json.dumps(body).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(address, data, heads)) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        sys.exit(f"{address} {body}: {error.read().decode()}")


def main():
    binary, folder, port = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    home = folder / "pocketbase"
    for old in (home, folder / "pb_migrations"):
        shutil.rmtree(old, ignore_errors=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([binary, "superuser", "upsert", MAIL, WORD, "--dir", home], check=True, **quiet)
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([binary, "serve", "--http", f"127.0.0.1:{port}", "--dir", home, "--automigrate=false"], **quiet)
    try:
        for _ in range(100):
            try:
                ask(f"{address}/api/health")
                break
            except OSError:
                time.sleep(0.1)
        login = {"identity": MAIL, "password": WORD}
        token = ask(f"{address}/api/collections/_superusers/auth-with-password", login)["token"]
        numbers = {"year", "members", "revenue", "profit"}
        for name, fields, indexes in (
            (
                "organisations",
                ORGANISATIONS,
                ["CREATE INDEX o_place ON organisations (district, status, folded)"],
            ),
            (
                "returns",
                RETURNS,
                ["CREATE INDEX r_own ON returns (organisation, year, members, revenue, profit)"],
            ),
        ):
            ask(
                f"{address}/api/collections",
                {
                    "name": name,
                    "type": "base",
                    "listRule": "",
                    "viewRule": "",
                    "fields": [
                        {"name": field, "type": "number" if field in numbers else "text"}
                        for field in fields
                    ],
                    "indexes": indexes,
                },
                token,
            )
        view = {"name": "dashboard", "type": "view", "listRule": "", "viewQuery": DASHBOARD}
        ask(f"{address}/api/collections", view, token)
    finally:
        server.terminate()
        server.wait()
    base = sqlite3.connect(home / "data.db")
    for name, fields in (("organisations", ORGANISATIONS), ("returns", RETURNS)):
        columns = ["id", *fields]
        with open(folder / f"{name}.tsv", encoding="utf-8") as file:
            rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            places = ", ".join("?" * len(columns))
            base.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", rows)
    base.commit()
    base.execute("ANALYZE")
    base.commit()
    base.close()


main()
