"""The feed and a webhook against a served instance, as a program of another office follows them.

Usage: webhook.py PROGRAM FOLDER ADDRESS TOKEN. The signatures are held against the convention's own library.
"""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

program, folder, address, token = sys.argv[1:]
received = []


class Receiver(BaseHTTPRequestHandler):
    """Refuses the first message that it is sent, and takes all others."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        received.append((dict(self.headers.items()), body))
        self.send_response(503 if len(received) == 1 else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


def hoptac(*words):
    return subprocess.run([program, *words, "--dir", folder], check=True, capture_output=True, text=True).stdout


def ask(path):
    request = urllib.request.Request(address + path, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def wait_for(what, seconds=30):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come in time"
        time.sleep(0.1)


# The feed from zero: every position once.
after, items = 0, []
while True:
    page = ask(f"/api/v1/changes?after={after}&limit=500")
    items += page["items"]
    after = page["next"]
    if after == page["ledger_position"]:
        break
assert [item["position"] for item in items] == list(range(1, after + 1)), "a gap or a double"
assert not ask(f"/api/v1/changes?after={after}")["items"]

# A webhook for the last three of them.
server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/nhan"
hook = json.loads(hoptac("webhook", "add", url, "--account", "quan-tri", "--after", str(after - 3), "--json"))
wait_for(lambda: len(received) >= 4)

webhook = Webhook(hook["secret"])
told = {}
for headers, body in received:
    message = webhook.verify(body, headers)
    assert set(message["data"]) == {"position", "filing", "kind", "organisation", "links"}, message
    told.setdefault(headers["webhook-id"], []).append(message)
assert sorted(len(times) for times in told.values()) == [1, 1, 2], "the one that was refused came again, as itself"
assert {times[0]["data"]["filing"] for times in told.values()} == {item["filing"] for item in items[-3:]}

# What is altered or old is not taken.
headers, body = received[-1]
old = dict(headers, **{"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 3600)})
for wrong in [(body.replace(b"filing.accepted", b"filing.excepted"), headers), (body, old)]:
    try:
        webhook.verify(*wrong)
    except WebhookVerificationError:
        continue
    raise AssertionError("a forged message was taken")

# A message that only tries the way; to this machine only where that is allowed.
refused = subprocess.run([program, "webhook", "test", hook["id"], "--dir", folder], capture_output=True, text=True)
assert refused.returncode != 0 and "--private-webhooks" in refused.stderr, refused
hoptac("webhook", "test", hook["id"], "--private-webhooks")
headers, body = received[-1]
assert webhook.verify(body, headers)["type"] == "webhook.test"

listed = json.loads(hoptac("webhook", "deliveries", "--json"))["deliveries"]
assert [one["state"] for one in listed] == ["delivered"] * 3, listed
hoptac("webhook", "remove", hook["id"])
server.shutdown()
print(f"followed {after} filings; {len(received)} messages, {len(told)} of them different, all signed")
