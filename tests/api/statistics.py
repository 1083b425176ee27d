"""The statistics of a served instance, as the programs of statistical offices read them.

Usage: statistics.py ADDRESS TOKEN FIGURES. Two clients that others wrote list the flows, read a structure and fetch series; the numbers
must be those of the scoreboard, and published figures those of the pack's table FIGURES.
"""

import csv
import io
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

import sdmx
from pysdmx.io import read_sdmx
from pysdmx.model import Codelist, Dataflow, DataStructureDefinition

address, token, figures_csv = sys.argv[1:]
STRUCTURE_XML = "application/vnd.sdmx.structure+xml;version=3.0.0"
STRUCTURE_JSON = "application/vnd.sdmx.structure+json;version=2.0.0"
DATA_CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
DATA_XML = "application/vnd.sdmx.data+xml;version=3.0.0"
DATA_JSON = "application/vnd.sdmx.data+json;version=2.0.0"


def ask(path, accept="application/json"):
    heads = {"Authorization": f"Bearer {token}", "Accept": accept, "Accept-Language": "en"}
    with urllib.request.urlopen(urllib.request.Request(address + path, headers=heads)) as answer:
        assert answer.headers["content-type"].startswith(accept), answer.headers["content-type"]
        return answer.read().decode()


def refused(path, accept="*/*"):
    try:
        ask(path, accept)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["detail"]
    raise AssertionError(f"{path} was answered")


def walked(path):
    """All items of a list of the interface for programs."""
    items, cursor = [], ""
    while cursor is not None:
        page = json.loads(ask(f"{path}&limit=500" + (f"&cursor={cursor}" if cursor else "")))
        items, cursor = items + page["items"], page["next_cursor"]
    return items


def number(text):
    return None if text in ("", "nan", "NaN", "<NA>") else float(text)


# What there is, by pysdmx, in both forms.
for accept in (STRUCTURE_XML, STRUCTURE_JSON):
    message = read_sdmx(ask("/sdmx/structure/dataflow/*/*/*?references=all", accept), validate=True)
    of = lambda kind: {one.id: one for one in message.structures if isinstance(one, kind)}
    assert set(of(Dataflow)) == {"INDICATORS", "TARGETS", "FIGURES"}, of(Dataflow)
    structure = of(DataStructureDefinition)["DSD_INDICATORS"]
    keys = [one.id for one in structure.components if one.role.value == "D"]
    assert keys == ["FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD"], keys
    areas = of(Codelist)["CL_AREA"]
    assert "Lạng Sơn" in areas["VN_20"].name, areas["VN_20"]
    indicators = of(Codelist)["CL_INDICATOR"]
    assert len(indicators) == json.loads(ask("/api/v1/indicators?total=true&limit=1"))["total"]

# The values of every indicator for the province and the communes of today, by pysdmx.
values = {}
for level in ("", "&level=commune"):
    for one in walked(f"/api/v1/values?fields=indicator,unit,year,value{level}"):
        area = "VN_" + one["unit"]["id"].replace(".", "_")
        values[area, one["indicator"], str(one["year"])] = one["value"]
data = read_sdmx(ask("/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/*", DATA_CSV), validate=False).data[0].data
found = {
    (row.REF_AREA, row.INDICATOR, str(row.TIME_PERIOD)): number(str(row.OBS_VALUE)) for row in data.itertuples()
}
for key, value in values.items():
    assert found[key] == value, (key, found[key], value)
assert {row.OBS_STATUS for row in data.itertuples()} <= {"A", "P", "O"}

# Where the targets stand, and one series, by sdmx1, which finds the addresses itself.
sdmx.add_source({
    "id": "HOPTAC",
    "name": "hoptac",
    "url": f"{address}/sdmx",
    "versions": ["3.0.0"],
    "data_content_type": "CSV",
    "supports": {kind: True for kind in ("dataflow", "datastructure", "codelist", "conceptscheme", "data")},
})
client = sdmx.Client("HOPTAC")
client.session.headers["Authorization"] = f"Bearer {token}"
flows = client.get("dataflow", headers={"Accept": STRUCTURE_XML}).dataflow
assert set(flows) == {"INDICATORS", "TARGETS", "FIGURES"}, set(flows)
message = client.get("dataflow", "TARGETS", params={"references": "descendants"}, headers={"Accept": STRUCTURE_XML})
flow = message.dataflow["TARGETS"]
assert [one.id for one in flow.structure.dimensions] == ["FREQ", "REF_AREA", "TARGET", "TIME_PERIOD"]
standings = {one["target"]: one for one in walked("/api/v1/scoreboard?fields=target,value,standing")}
text = ask("/sdmx/data/dataflow/HOPTAC/TARGETS/1.0/D.VN_20.*", DATA_CSV)
read = sdmx.reader.csv.Reader().convert(io.BytesIO(text.encode()), structure=flow)
observations = read.data[0].obs
assert len(observations) == len(standings), (len(observations), len(standings))
for one in observations:
    target = str(one.dimension["TARGET"].value)
    assert number(str(one.value or "")) == standings[target]["value"], target
    standing = one.attached_attribute["STANDING"].value
    assert (standing or None) == standings[target]["standing"], target

# SDMX-JSON 2.0 says the same.
whole = json.loads(ask("/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/A.VN_20.*?lastNObservations=2", DATA_JSON))["data"]
structure, sent = whole["structures"][0], whole["dataSets"][0]
dimensions, times = structure["dimensions"]["series"], structure["dimensions"]["observation"][0]["values"]
for key, series in sent["series"].items():
    codes = [one["values"][int(at)]["id"] for one, at in zip(dimensions, key.split(":"))]
    assert len(series["observations"]) == 2
    for at, numbers in series["observations"].items():
        assert numbers[0] == values[codes[1], codes[2], times[int(at)]["value"]], (codes, numbers)

# So does SDMX-ML 3.0, by sdmx1 and by pysdmx.
text = ask("/sdmx/data/dataflow/HOPTAC/TARGETS/1.0/D.VN_20.*", DATA_XML)
read = sdmx.reader.xml.v30.Reader().convert(io.BytesIO(text.encode()), structure=flow)
marked = {str(one.key["TARGET"].value): one for one in read.data[0].obs}
assert set(marked) == set(standings), set(standings) - set(marked)
for target, one in marked.items():
    assert number(str(one.value or "")) == standings[target]["value"], target
text = ask("/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/A.VN_20.*", DATA_XML)
written = read_sdmx(text, validate=False).data[0].data
for row in written.itertuples():
    value = number(str(row.OBS_VALUE))
    assert value == values[row.REF_AREA, row.INDICATOR, str(row.TIME_PERIOD)], row

# What others published, as the plan's pack has it: by pysdmx as CSV and as SDMX-ML, by sdmx1 as both, and as SDMX-JSON.
STATUSES = {"final": "A", "estimate": "E", "derived": "E", "provisional": "P", "low_confidence": "U", "target_past": ""}


def time_of(figure):
    day = figure["period"]
    frequency = "A" if len(day) == 4 else "S" if "H" in day else "Q" if "Q" in day else "D"
    return frequency, day.replace("H", "S")


pack, times_seen = {}, {}
with open(figures_csv, encoding="utf-8", newline="") as table:
    for row in csv.DictReader(table):
        if row["status"] == "assumed":
            continue
        frequency, time = time_of({"period": row["period"] or row["as_of"]})
        area = "VN_" + row["unit"]
        times_seen[area, row["indicator"], time] = number_of = times_seen.get((area, row["indicator"], time), 0) + 1
        pack[frequency, area, row["indicator"], str(number_of), time] = row
assert len(pack) > 30 and {key[0] for key in pack} >= {"A", "S", "D"}
DIMENSIONS = ("FREQ", "REF_AREA", "SERIES", "PUBLICATION", "TIME_PERIOD")
broken = {("D", "VN_20", "group_members", "1", "2024-06-30")}


def same(read, by):
    """What a client read is what the pack says."""
    assert set(read) == set(pack), (by, set(read) ^ set(pack))
    for key, (value, said) in read.items():
        row, said = pack[key], {name: text or "" for name, text in said.items()}
        assert value == float(row["value"]), (by, key, value)
        assert said["FIRMNESS"] == row["status"], (by, key, said)
        assert said["OBS_STATUS"] == ("B" if key in broken else STATUSES[row["status"]]), (by, key, said)
        assert bool(said["BREAK_VI"]) == (key in broken), (by, key, said)
        for name, column in [("SOURCE", "source"), ("SOURCE_URL", "source_url"), ("SOURCE_DATE", "source_date"),
                             ("NOTE_VI", "note_vi"), ("NOTE_EN", "note_en")]:
            assert said[name] == row[column], (by, key, name, said[name], row[column])


ATTRIBUTES = ("OBS_STATUS", "FIRMNESS", "SOURCE", "SOURCE_DATE", "SOURCE_URL", "NOTE_VI", "NOTE_EN", "BREAK_VI", "BREAK_EN")


def rows_of(text):
    table = read_sdmx(text, validate=False).data[0].data
    blank = lambda value: "" if value is None or str(value) in ("<NA>", "nan") else str(value)
    return {
        tuple(str(getattr(row, name)) for name in DIMENSIONS): (
            float(row.OBS_VALUE), {name: blank(getattr(row, name, None)) for name in ATTRIBUTES},
        )
        for row in table.itertuples()
    }


def observations_of(message):
    of = lambda one, name: one.attached_attribute[name].value if name in one.attached_attribute else ""
    return {
        tuple(str(one.key[name].value) for name in DIMENSIONS): (
            float(one.value), {name: of(one, name) for name in ATTRIBUTES},
        )
        for one in message.data[0].obs
    }


message = client.get("dataflow", "FIGURES", params={"references": "descendants"}, headers={"Accept": STRUCTURE_XML})
flow = message.dataflow["FIGURES"]
assert [one.id for one in flow.structure.dimensions] == list(DIMENSIONS)
for key in pack:
    for name, code in zip(("CL_FREQ", "CL_AREA", "CL_SERIES", "CL_PUBLICATION"), key):
        assert code in message.codelist[name].items, (name, code)
text = ask("/sdmx/data/dataflow/HOPTAC/FIGURES/1.0/*", DATA_CSV)
same(rows_of(text), "pysdmx, CSV")
same(observations_of(sdmx.reader.csv.Reader().convert(io.BytesIO(text.encode()), structure=flow)), "sdmx1, CSV")
text = ask("/sdmx/data/dataflow/HOPTAC/FIGURES/1.0/*", DATA_XML)
same(rows_of(text), "pysdmx, SDMX-ML")
same(observations_of(sdmx.reader.xml.v30.Reader().convert(io.BytesIO(text.encode()), structure=flow)), "sdmx1, SDMX-ML")
whole = json.loads(ask("/sdmx/data/dataflow/HOPTAC/FIGURES/1.0/*", DATA_JSON))["data"]
structure, read = whole["structures"][0], {}
dimensions, times = structure["dimensions"]["series"], structure["dimensions"]["observation"][0]["values"]
attributes = structure["attributes"]["observation"]
for key, series in whole["dataSets"][0]["series"].items():
    codes = [one["values"][int(at)]["id"] for one, at in zip(dimensions, key.split(":"))]
    for at, (value, *numbers) in series["observations"].items():
        said = {
            one["id"]: "" if at is None else one["values"][at].get("id", one["values"][at].get("value"))
            for one, at in zip(attributes, numbers)
        }
        read[*codes, times[int(at)]["value"]] = (value, said)
same(read, "SDMX-JSON")
half = ask("/sdmx/data/dataflow/HOPTAC/FIGURES/1.0/S.VN_20.cooperatives_founded.1?c[TIME_PERIOD]=2024-S1", DATA_CSV)
assert len(half.splitlines()) == 2 and ",2024-S1,28," in half, half

# Another day, some years, what does not exist.
day = ask("/sdmx/data/dataflow/HOPTAC/TARGETS/1.0/D.VN_20.T30-01?c[TIME_PERIOD]=2025-12-31", DATA_CSV).splitlines()
then = json.loads(ask("/api/v1/scoreboard?target=T30-01&as_of=2025-12-31"))["items"][0]["value"]
assert len(day) == 2 and float(day[1].split(",")[7]) == then and ",2025-12-31," in day[1], day
years = ask("/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/A.VN_20.groups?c[TIME_PERIOD]=ge:2021+le:2023", DATA_CSV).splitlines()
assert [line.split(",")[6] for line in years[1:]] == ["2021", "2022", "2023"], years
for path, status, said in [
    ("/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/A.VN_20", 400, "has 2 parts"),
    ("/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/A.VN_20.grups", 404, "did you mean `groups`"),
    ("/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/A.VN_9999999.groups", 404, "which is no code"),
    ("/sdmx/data/dataflow/HOPTAC/FIGURES/1.0/*.VN_20.population_.*", 404, "did you mean `population`"),
    ("/sdmx/data/dataflow/HOPTAC/FIGURES/1.0/D.VN_20.groups.9", 404, "`9` at PUBLICATION"),
    ("/sdmx/data/dataflow/HOPTAC/FIGURES/1.0/*.*.population.*", 404, "has no such numbers"),
    ("/sdmx/data/dataflow/HOPTAC/NOTHING/1.0", 404, "no flow of data NOTHING"),
    ("/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/*?c[TIME_PERIOD]=2568/02", 400, "does not take"),
    ("/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/*?c[COLOUR]=red", 400, "its dimensions are"),
    ("/sdmx/data/dataflow/HOPTAC/INDICATORS/1.0/*?lastNObservations=-1", 400, "does not take"),
    ("/sdmx/structure/codelist/HOPTAC/CL_AREAS/1.0", 404, "did you mean `CL_AREA`"),
    ("/sdmx/structure/dataflow/HOPTAC/TARGETS/1.0?references=some", 400, "choose from"),
]:
    got = refused(path)
    assert got[0] == status and said in got[1], (path, got)
assert refused("/sdmx/data/dataflow/HOPTAC/TARGETS/1.0", "application/vnd.ms-excel")[0] == 406
print(f"{len(found)} values and {len(observations)} standings and {len(pack)} published figures read by two clients")
