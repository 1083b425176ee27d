#!/usr/bin/env python3
"""Makes units.csv and successors.csv: the places of Viet Nam before and after 1 July 2025.

The places come from the installed PyPI package `vietnamadminunits` (MIT), corrected by a file of facts:

    python3 -m venv VENV && VENV/bin/pip install vietnamadminunits==1.0.4
    VENV/bin/python packs/vn/units/make.py --errata packs/vn/units/corrections.csv

`--out DIR` writes elsewhere, `--check DIR` compares Lang Son with the reference tables `langson_*.csv` of DIR and
writes nothing. What the package does not say is listed on standard output, and never filled in.
"""

import argparse
import csv
import importlib.metadata
import importlib.util
import json
import sqlite3
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

LAST_DAY = "2025-06-30"
FIRST_DAY = "2025-07-01"
NATION = "VN"
KINDS = {
    "Tỉnh": "tinh", "Thành phố": "thanh_pho", "Huyện": "huyen", "Quận": "quan", "Thị xã": "thi_xa",
    "Xã": "xa", "Phường": "phuong", "Thị trấn": "thi_tran", "Đặc khu": "dac_khu",
}
# Names whose letter case was put right, for the report.
RESPELLED = []
UNIT_COLUMNS = ["id", "code", "level", "kind", "name", "parent", "lat", "lon", "valid_from", "valid_to"]
SUCCESSOR_COLUMNS = ["old", "new", "part", "default"]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--errata", metavar="FILE", type=Path, help="corrections: old code, official successor codes")
    options.add_argument("--out", metavar="DIR", type=Path, default=Path(__file__).parent)
    options.add_argument("--check", metavar="DIR", type=Path, help="compare Lang Son with the tables of DIR, write nothing")
    asked = options.parse_args()

    package = Package()
    units = make_units(package)
    successors, corrected, gaps = make_successors(package, units, read_corrections(asked.errata))
    gaps = unknown(units) + gaps + broken(units, successors)
    if asked.check:
        sys.exit(check_lang_son(units, successors, asked.check))
    write(asked.out / "units.csv", UNIT_COLUMNS, sorted(units.values(), key=lambda unit: unit["id"]))
    write(asked.out / "successors.csv", SUCCESSOR_COLUMNS, sorted(successors, key=lambda row: (row["old"], row["new"])))
    report(package, units, successors, corrected, gaps)


class Package:
    """The rows of the installed package; its code is not run."""

    def __init__(self):
        found = importlib.util.find_spec("vietnamadminunits")
        if found is None:
            sys.exit("the package vietnamadminunits is not installed in this Python")
        data = Path(found.origin).parent / "data"
        self.version = importlib.metadata.version("vietnamadminunits")
        base = sqlite3.connect(f"file:{data / 'dataset.db'}?mode=ro", uri=True)
        base.row_factory = sqlite3.Row
        self.old = base.execute("SELECT * FROM admin_units_legacy").fetchall()
        self.new = base.execute("SELECT * FROM admin_units").fetchall()
        self.map = json.loads((data / "converter_2025.json").read_text(encoding="utf-8"))

    def merged_into(self):
        """Old province key -> new province key, for every old province."""
        return {old: new for new, olds in self.map["DICT_PROVINCE"].items() for old in olds}

    def kept_provinces(self):
        """Keys of the provinces that were not merged: they keep their one row."""
        return {new for new, olds in self.map["DICT_PROVINCE"].items() if olds == [new]}


def make_units(package):
    """All units by id. A code may stand for two places, so what began on 1 July 2025 has `.2025` behind its code."""
    units = {}

    def add(**unit):
        held = units.setdefault(unit["id"], unit)
        if held != unit:
            sys.exit(f"two different units claim the id {unit['id']}: {held['name']} and {unit['name']}")

    add(id=NATION, code=NATION, level="nation", kind="nation", name="Việt Nam", parent="", lat="", lon="", valid_from="", valid_to="")
    kept = package.kept_provinces()
    for row in package.old:
        ended = "" if row["provinceKey"] in kept else LAST_DAY
        add(**unit(row["provinceCode"], "province", row["province"], NATION, row["provinceLat"], row["provinceLon"]), valid_from="", valid_to=ended)
        add(**unit(row["districtCode"], "district", row["district"], row["provinceCode"], row["districtLat"], row["districtLon"]), valid_from="", valid_to=LAST_DAY)
        # Five island districts had no commune.
        if row["wardCode"]:
            add(**unit(row["wardCode"], "commune", row["ward"], row["districtCode"], row["wardLat"], row["wardLon"]), valid_from="", valid_to=LAST_DAY)
    for row in package.new:
        province = row["provinceCode"]
        if row["provinceKey"] not in kept:
            province += ".2025"
            add(**unit(province, "province", row["province"], NATION, row["provinceLat"], row["provinceLon"]), valid_from=FIRST_DAY, valid_to="")
        add(**unit(row["wardCode"] + ".2025", "commune", row["ward"], province, row["wardLat"], row["wardLon"]), valid_from=FIRST_DAY, valid_to="")
    return units


def unit(id, level, told, parent, lat, lon):
    told = unicodedata.normalize("NFC", " ".join(told.split()))
    word = next((word for word in KINDS if told.casefold().startswith(word.casefold() + " ")), None)
    if word is None:
        sys.exit(f"{id}: the name `{told}` does not begin with a known type word")
    kind, name = KINDS[word], f"{word} {told[len(word) + 1:]}"
    if name != told:
        RESPELLED.append(f"{id} {told} -> {name}")
    return dict(id=id, code=id.removesuffix(".2025"), level=level, kind=kind, name=name, parent=parent, lat=degrees(lat), lon=degrees(lon))


def degrees(value):
    """As the package has it; six decimals are a tenth of a metre, more than any centre point can know."""
    return "" if value is None else str(round(float(value), 6))


def make_successors(package, units, corrections):
    """The map from old units to new ones, the corrections that changed it, and what the map leaves open."""
    old_id, new_id = {}, {}
    for row in package.old:
        key = f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"
        old_id[key] = row["wardCode"] or row["districtCode"]
    for row in package.new:
        new_id[row["provinceKey"], row["wardKey"]] = row["wardCode"] + ".2025"

    targets, default = defaultdict(list), {}
    for province, communes in package.map["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, olds in communes.items():
            for old in olds:
                targets[old_id[old]].append(new_id[province, new])
                default[old_id[old]] = new_id[province, new]
    for province, olds in package.map["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, news in olds.items():
            for new in news:
                targets[old_id[old]].append(new_id[province, new["newWardKey"]])
                if new["isDefaultNewWard"]:
                    default[old_id[old]] = new_id[province, new["newWardKey"]]

    gaps, corrected = [], []
    for old, codes in corrections.items():
        official = [code + ".2025" for code in codes]
        strangers = [new for new in [old, *official] if new not in units]
        if strangers:
            sys.exit(f"the correction of {old} names units that do not exist: {' '.join(strangers)}")
        if sorted(targets[old]) != sorted(official):
            corrected.append(f"{old} {units[old]['name']}: {codes_of(targets[old])} -> {codes_of(official)}")
        targets[old] = official
        if default.get(old) not in official:
            default[old] = official[0]
            if len(official) > 1:
                gaps.append(f"{old} {units[old]['name']}: the default target is the first official one, nobody stated it")

    rows = []
    for old, news in targets.items():
        part = "whole" if len(set(news)) == 1 else "part"
        rows += [dict(old=old, new=new, part=part, default=str(new == default.get(old)).lower()) for new in sorted(set(news))]
    codes = {row["provinceKey"]: row["provinceCode"] for row in package.old}
    kept, now = package.kept_provinces(), {row["provinceKey"]: row["provinceCode"] + ".2025" for row in package.new}
    for old, new in package.merged_into().items():
        if old not in kept:
            rows.append(dict(old=codes[old], new=now[new], part="whole", default="true"))
    return rows, corrected, gaps


def codes_of(ids):
    return " ".join(sorted(id.removesuffix(".2025") for id in ids))


def read_corrections(path):
    if path is None:
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["old"]: row["successors"].split() for row in csv.DictReader(file)}


def unknown(units):
    """Units whose facts the package does not hold."""
    return [f"{unit['id']} {unit['name']}: no coordinates" for unit in units.values() if unit["lat"] == "" or unit["lon"] == ""]


def broken(units, successors):
    """Links that lead nowhere; there should be none."""
    said = [f"{unit['id']} {unit['name']}: its parent {unit['parent']} does not exist" for unit in units.values() if unit["parent"] and unit["parent"] not in units]
    by_old = defaultdict(list)
    for row in successors:
        by_old[row["old"]].append(row)
    reached = {row["new"] for row in successors}
    parents = {unit["parent"] for unit in units.values()}
    for unit in units.values():
        # A district ended with its communes' successors; only one without communes has a successor of its own.
        ends = unit["valid_to"] and (unit["level"] != "district" or unit["id"] not in parents)
        if ends and unit["id"] not in by_old:
            said.append(f"{unit['id']} {unit['name']}: ended without a successor")
        if unit["valid_from"] and unit["id"] not in reached:
            said.append(f"{unit['id']} {unit['name']}: began without a predecessor")
    for old, rows in by_old.items():
        if sum(row["default"] == "true" for row in rows) != 1:
            said.append(f"{old} {units[old]['name']}: not exactly one default target")
    return said


def write(path, columns, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def report(package, units, successors, corrected, gaps):
    print(f"vietnamadminunits {package.version}")
    for (level, old), count in sorted(Counter((unit["level"], unit["valid_from"] == "") for unit in units.values()).items()):
        print(f"  {level}: {count} {'before' if old else 'from'} 1 July 2025")
    split = {row["old"] for row in successors if row["part"] == "part"}
    print(f"  successors: {len(successors)} rows, {len(split)} units split")
    respelled = sorted(set(RESPELLED))
    print(f"names whose letter case was put right: {len(respelled)}")
    print("".join(f"  {line}\n" for line in respelled), end="")
    print(f"corrections that changed the map: {len(corrected)}")
    print("".join(f"  {line}\n" for line in corrected), end="")
    print(f"unknown or open: {len(gaps)}")
    print("".join(f"  {line}\n" for line in gaps), end="")


def check_lang_son(units, successors, folder):
    """Compares Lang Son with independent tables; 0 when all agree, letter case of names aside (it is put right here)."""

    def table(name):
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    districts = {unit["id"] for unit in units.values() if unit["level"] == "district" and unit["parent"] == "20"}
    olds = {id for id, unit in units.items() if unit["level"] == "commune" and unit["parent"] in districts}
    ours = {
        "districts": {(id, units[id]["name"].casefold(), float(units[id]["lat"]), float(units[id]["lon"])) for id in districts},
        "communes before": {(units[id]["parent"], id, units[id]["name"].casefold(), float(units[id]["lat"])) for id in olds},
        "communes after": {(unit["code"], unit["name"].casefold(), float(unit["lat"])) for unit in units.values() if unit["level"] == "commune" and unit["parent"] == "20"},
        "map": {(row["old"], row["new"].removesuffix(".2025"), row["part"]) for row in successors if row["old"] in olds},
        "defaults of split communes": {(row["old"], row["new"].removesuffix(".2025")) for row in successors if row["old"] in olds and row["part"] == "part" and row["default"] == "true"},
    }
    told = {
        "districts": {(row["district_code"], row["district"].casefold(), float(row["lat"]), float(row["lon"])) for row in table("langson_districts_pre2025.csv")},
        "communes before": {(row["district_code"], row["commune_code"], row["commune"].casefold(), float(row["lat"])) for row in table("langson_communes_pre2025.csv")},
        "communes after": {(row["commune_code"], row["commune"].casefold(), float(row["lat"])) for row in table("langson_communes_2025.csv")},
        "map": {(row["old_commune_code"], row["new_commune_code"], row["part_or_whole"]) for row in table("langson_map_old_new.csv")},
        "defaults of split communes": {(row["old_commune_code"], row["new_commune_code"]) for row in table("langson_map_old_new.csv") if row["default_target"]},
    }
    different = 0
    for name, rows in told.items():
        extra, missing = ours[name] - rows, rows - ours[name]
        different += len(extra) + len(missing)
        print(f"Lang Son, {name}: {len(ours[name])} rows, {len(extra)} extra, {len(missing)} missing")
        for row in sorted(map(str, extra | missing)):
            print(f"  {row}")
    return 1 if different else 0


if __name__ == "__main__":
    main()
