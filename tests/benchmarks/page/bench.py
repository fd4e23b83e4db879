"""The respondent's page on a slow line and a slow telephone, beside a page of the same size that
does nothing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from tests.benchmarks.collect import servers

GOAL_KB, GOAL_S = 40, 2.0
# 400 kbit/s, 150 ms there and back, a processor six times slower
LINE = {"offline": False, "latency": 150, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER, TIMES = 6, 5


def main(options: Sequence[str] = ()) -> int:
    """Print bytes and seconds of the shipped core survey, and of a plain page served by the same
    site.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        print("not run: chromium is not installed")
        return 0
    with tempfile.TemporaryDirectory(prefix="mingcha-bench-") as folder:
        variables = servers.environment(Path(folder))
        command = [sys.executable, "-m", "tests.benchmarks.page.prepare"]
        subprocess.run(command, cwd=servers.ROOT, env=variables, check=True)
        with servers.site(variables) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            address = f"http://127.0.0.1:{port}"
            plain = [_seconds(browser, f"{address}/nothing/")[0] for _time in range(TIMES)]
            runs = [_survey(browser, address) for _time in range(TIMES)]
            browser.close()
    kilobytes = max(bytes_ for _notice, _first, bytes_ in runs) / 1000
    notice, first = (median(run[i] for run in runs) for i in (0, 1))
    print(
        f"The core survey from the notice to the thanks, as it travels: {kilobytes:.1f} kB (goal {GOAL_KB})"
    )
    print(
        f"400 kbit/s, 150 ms, {SLOWER} times slower processor, median of {TIMES}, nothing in the cache:"
    )
    print(
        f"  the notice can be used after        {notice:.2f} s   {notice / median(plain):.1f} times a plain page"
    )
    print(f"  the first question, one tap later   {first:.2f} s   (goal {GOAL_S})")
    print(f"  a page that does nothing            {median(plain):.2f} s")
    return 0


def _slow(browser):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.tools = tools
    return page


def _seconds(browser, address: str) -> tuple[float, object]:
    page = _slow(browser)
    page.goto(address, wait_until="load")
    seconds = (
        page.evaluate("performance.timing.loadEventStart - performance.timing.navigationStart")
        / 1000
    )
    return seconds, page


def _survey(browser, address: str) -> tuple[float, float, int]:
    """Return the seconds to the notice and from a tap on it to the first question, and all bytes
    as they are sent.
    """
    page = _slow(browser)
    sent: list[float] = []
    page.tools.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    page.goto(f"{address}/s/core/", wait_until="load")
    notice = (
        page.evaluate("performance.timing.loadEventStart - performance.timing.navigationStart")
        / 1000
    )
    page.click("button.next")
    page.wait_for_selector("fieldset.question")
    first = (
        page.evaluate(
            "performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart"
        )
        / 1000
    )
    while page.locator("fieldset.question").count():
        for box in page.locator("fieldset.question:not([hidden])").all():
            if box.is_visible() and not box.locator("input:checked").count():
                box.locator("input[type=radio], input[type=checkbox]").first.check(force=True)
        page.click("footer button.next")
        page.wait_for_load_state("load")
    return notice, first, round(sum(sent))


if __name__ == "__main__":
    sys.exit(main())
