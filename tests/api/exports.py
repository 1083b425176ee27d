"""CSV files that officials take away, held against the metadata beside each by a reader that others wrote.

Usage: exports.py ADDRESS. A demo is served at ADDRESS, so that one signs in without a password. Every file must be what its metadata says, and
one that is not must be found out.
"""

import html
import http.cookiejar
import json
import os
import re
import sys
import tempfile
import urllib.parse
import urllib.request

from csvw import CSVW

(address,) = sys.argv[1:]
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def fetched(path, fields=None):
    body = urllib.parse.urlencode(fields).encode() if fields else None
    heads = {"Origin": address, "Referer": f"{address}/"} if fields else {}
    with browser.open(urllib.request.Request(urllib.parse.urljoin(address, path), data=body, headers=heads)) as answer:
        return answer.read(), answer.headers


def sign_in(account):
    page = fetched("/dang-nhap")[0].decode()
    for form in re.findall(r'<form method="post" action="/dang-nhap/mo-phong">.*?</form>', page, re.S):
        fields = {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}
        if fields.get("ten") == account:
            return fetched("/dang-nhap/mo-phong", fields)
    raise AssertionError(f"there is no account {account}")


def problems(folder, name, csv, metadata):
    """What the reader finds wrong with a file, written as the folder of a disk has it: under a name without a question."""
    described = json.loads(metadata)
    described["url"] = name
    with open(os.path.join(folder, name), "wb") as file:
        file.write(csv)
    path = os.path.join(folder, f"{name}-metadata.json")
    with open(path, "w") as file:
        json.dump(described, file)
    read = CSVW(path, validate=True)
    try:
        return read, [] if read.is_valid else [str(one.message) for one in read.warnings]
    except ValueError as error:
        return read, [str(error)]


TABLES = ["organisations", "returns", "grades", "links", "products", "support", "units", "figures", "scoreboard"]
FILES = [
    "/dang-ky.csv",
    "/dang-ky.csv?columns=members,founded&kind=HTX",
    "/dang-ky.csv?bom=1&status=all&as_of=2023-06-30",
    "/bang-chi-tieu.csv",
    "/bang-chi-tieu.csv?level=district",
    "/chuoi.csv",
    "/xep-loai.csv?nam=2024",
    *(f"/bang/{table}?dang=csv&nam=2024" for table in TABLES),
]
sign_in("quan-tri")
rows = 0
with tempfile.TemporaryDirectory() as folder:
    for at, path in enumerate(FILES):
        for language in ("vi", "en"):
            asked = f"{path}{'&' if '?' in path else '?'}lang={language}"
            csv, heads = fetched(asked)
            where, said = re.fullmatch(r"<([^>]+)>; (.+)", heads["link"]).groups()
            assert said == 'rel="describedby"; type="application/csvm+json"', said
            metadata, kind = fetched(where)
            assert kind["content-type"] == "application/csvm+json", kind["content-type"]
            assert fetched(json.loads(metadata)["url"])[0] == csv, asked
            read, wrong = problems(folder, f"{at}-{language}.csv", csv, metadata)
            assert not wrong, (asked, wrong[:5])
            (table,) = read.tables
            found = list(table)
            assert len(found) == len(csv.decode("utf-8-sig").rstrip("\r\n").split("\r\n")) - 1, asked
            rows += len(found)

    # A file that is not what its metadata says is found out, so that the checks above mean something.
    csv, heads = fetched("/dang-ky.csv?columns=members,founded")
    metadata, _ = fetched(re.match(r"<([^>]+)>", heads["link"])[1])
    line = csv.split(b"\r\n")[1]
    for broken in [csv.replace(line, line[:-10] + b"hom qua"), csv.replace(line, line + b"\r\n" + line), csv.replace("Thành lập".encode(), b"Ngay", 1)]:
        assert broken != csv and problems(folder, "broken.csv", broken, metadata)[1], broken[:200]

print(f"exports: {len(FILES)} files in two languages, {rows} rows as their metadata says")
