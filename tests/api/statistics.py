"""The statistics of a served instance, as the programs of statistical offices read them.

Usage: statistics.py ADDRESS TOKEN. Two clients that others wrote list the flows, read a structure and fetch series; the numbers must
be those of the scoreboard.
"""

import io
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

import sdmx
from pysdmx.io import read_sdmx
from pysdmx.model import Codelist, Dataflow, DataStructureDefinition

address, token = sys.argv[1:]
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
    assert set(of(Dataflow)) == {"INDICATORS", "TARGETS"}, of(Dataflow)
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
assert set(flows) == {"INDICATORS", "TARGETS"}, set(flows)
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
print(f"{len(found)} values and {len(observations)} standings read by two clients")
