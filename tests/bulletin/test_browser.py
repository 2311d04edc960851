"""The page in a real browser with the network cut: every chart drawn, nothing asked for."""

import json
import re
import subprocess
from html.parser import HTMLParser

from tests.programs import find_browser

MARKS = {"path", "rect", "circle"}


def open_page(page, folder):
    """Return the DOM, the console lines and the addresses a page asked for, with no network."""
    log = folder / "net.json"
    done = subprocess.run(
        [
            find_browser(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--proxy-server=127.0.0.1:9",
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={log}",
            "--enable-logging=stderr",
            "--virtual-time-budget=8000",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    console = [line for line in done.stderr.splitlines() if re.search(r"\bCONSOLE\b", line)]
    return done.stdout, console, asked_addresses(json.loads(log.read_text(encoding="utf-8")))


def asked_addresses(log):
    """Return what the page asked for; requests of the browser itself have no origin."""
    start = log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    started = [event["params"] for event in log["events"] if event["type"] == start]
    asked = [item for item in started if item.get("initiator") != "not an origin"]
    return [item["url"] for item in asked if item.get("url", "").startswith("http")]


class Charts(HTMLParser):
    """How many marks stand in the plot of every chart."""

    def __init__(self, dom):
        super().__init__()
        self.marks: dict[str, int] = {}
        self.depth = 0
        self.feed(dom)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "div" and "chart" in (attributes.get("class") or "").split():
            self.chart, self.depth = attributes["id"], 1
            self.marks[self.chart] = 0
        elif self.depth and tag == "div":
            self.depth += 1
        elif self.depth and tag in MARKS:
            self.marks[self.chart] += 1

    def handle_endtag(self, tag):
        if self.depth and tag == "div":
            self.depth -= 1


def test_page_draws_every_chart_without_network(page, tmp_path):
    path = tmp_path / "bulletin.html"
    path.write_text(page, encoding="utf-8")
    dom, console, asked = open_page(path, tmp_path)
    marks = Charts(dom).marks
    assert len(marks) == 11
    assert {f"chart-quality-{name}" for name in ("rules", "units", "months")} <= marks.keys()
    assert all(count >= 10 for count in marks.values()), marks
    assert console == []
    assert asked == []


def test_a_page_that_asks_and_fails_would_be_seen(tmp_path):
    path = tmp_path / "control.html"
    path.write_text(
        '<img src="http://example.invalid/x.png"><script>nothing()</script>', encoding="utf-8"
    )
    _, console, asked = open_page(path, tmp_path)
    assert asked == ["http://example.invalid/x.png"]
    assert any("nothing is not defined" in line for line in console)
