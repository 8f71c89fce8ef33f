"""What a visitor waits for, in headless Chromium at 1440×900, with the default run.

    .venv/bin/python -m benchmarks.interaction     (the environment of tests/run)

Beside it the same run and figures by `st.plotly_chart` (`benchmarks/plain/app.py`), in turns.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from serving import ROOT, chromium, serve

PLAYER = "[data-testid=nnviz-player]"

NEXT_RUN = """() => {
  const player = document.querySelector("[data-testid=nnviz-player]");
  let pressed;
  const options = { capture: true, once: true };
  document.addEventListener("keydown", () => (pressed = performance.now()), options);
  window.repainted = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      // data-run changes when every chart is drawn; the frame after that shows them.
      requestAnimationFrame(() => resolve(performance.now() - pressed));
    });
    observer.observe(player, { attributes: true, attributeFilter: ["data-run"] });
  });
}"""

SCRUB = """async (seconds) => {
  const player = document.querySelector("[data-testid=nnviz-player]");
  const scrubber = player.querySelector("input[type=range]");
  const last = Number(player.dataset.lastEpoch);
  const seen = new Set();
  const observer = new MutationObserver(() => seen.add(player.dataset.epoch));
  observer.observe(player, { attributes: true, attributeFilter: ["data-epoch"] });
  const begin = performance.now();
  let epoch = 0;
  while (performance.now() - begin < 1000 * seconds) {
    epoch = (epoch + 7) % last;
    scrubber.value = epoch;
    scrubber.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise(requestAnimationFrame);
  }
  observer.disconnect();
  return seen.size / seconds;
}"""

PLAIN = Path(__file__).parent / "plain"
CHARTS = 6

# Notes when each of Streamlit's charts has been drawn, and the epoch that it shows then.
WATCH_CHARTS = """() => {
  window.drawings = [];
  const watch = () => {
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
      if (plot.watched || !plot.on) continue;
      plot.watched = true;
      const note = () => drawings.push({ at: performance.now(), plot, epoch: plot.layout.meta });
      plot.on("plotly_afterplot", note);
      note(); // who is new has just been drawn
    }
    requestAnimationFrame(watch);
  };
  watch();
}"""

PRESSED = """() => {
  drawings.length = 0;
  const note = () => (window.pressed = performance.now());
  document.addEventListener("keydown", note, { capture: true, once: true });
}"""

# Until all charts are drawn and none has been drawn for a while: that of the last drawing.
CHARTS_DRAWN = """async (charts) => {
  const quiet = 700;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const last = drawings.at(-1)?.at ?? Infinity;
    const all = new Set(drawings.map(({ plot }) => plot)).size >= charts;
    if (all && performance.now() - last > quiet) return last - pressed;
    if (performance.now() - pressed > 20000) throw Error(`only ${drawings.length} drawings`);
  }
}"""


def visit_plain(browser: Browser, address: str) -> tuple[Page, float]:
    """Open the plain page with an empty cache; seconds until all its charts are drawn."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    begin = time.perf_counter()
    page.goto(address, wait_until="commit")
    drawn = (
        "[...document.querySelectorAll('.js-plotly-plot')].filter((e) => e.querySelector('.xtick'))"
    )
    page.wait_for_function(f"{drawn}.length >= {CHARTS}")
    return page, time.perf_counter() - begin


def plain_repaints(page: Page, slider: str, keys: list[str]) -> list[float]:
    """Milliseconds from each key press on a slider to all of Streamlit's charts repainted."""
    page.get_by_role("slider", name=slider).focus()
    taken = []
    for key in keys:
        page.evaluate(PRESSED)
        page.keyboard.press(key)
        taken.append(page.evaluate(CHARTS_DRAWN, CHARTS))
    return taken


def plain_scrub(page: Page, seconds: float) -> float:
    """Distinct epochs a second that a chart shows while an arrow key is held on its slider."""
    page.get_by_role("slider", name="Epoch").focus()
    page.evaluate(PRESSED)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(30)
    epochs: int = page.evaluate("new Set(drawings.map(({ epoch }) => epoch)).size")
    return epochs / seconds


def visit(browser: Browser, address: str) -> tuple[Page, float]:
    """Open the app with an empty cache; seconds until a run is drawn and can be scrubbed."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    begin = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(f"{PLAYER}[data-epoch]")
    return page, time.perf_counter() - begin


def repaints(page: Page, keys: list[str]) -> list[float]:
    """Milliseconds from each key press on the learning rate to all charts repainted."""
    page.get_by_role("slider", name="Learning rate α").focus()
    taken = []
    for key in keys:
        page.evaluate(NEXT_RUN)
        page.keyboard.press(key)
        taken.append(page.evaluate("window.repainted"))
        page.wait_for_timeout(400)
    return taken


def sent_for_a_run(page: Page) -> float:
    """Bytes that the server sends after a control was moved; apart, since listening takes time."""
    received: list[int] = []
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on(
        "Network.webSocketFrameReceived",
        lambda event: received.append(len(event["response"]["payloadData"]) * 3 // 4),
    )
    page.wait_for_timeout(500)
    received.clear()
    repaints(page, ["ArrowLeft"] * 5)
    return sum(received) / 5


Both = tuple[list[float], list[float]]
"""Measured with nnviz, and with the plain page."""


def firsts(browser: Browser, log: Path) -> Both:
    """Seconds of first visits to servers just started, to ours and to the plain one in turns."""
    ours: list[float] = []
    plain: list[float] = []
    for _ in range(3):
        for root, opened, taken in ((ROOT, visit, ours), (PLAIN, visit_plain, plain)):
            with serve(log, root) as address:
                page, seconds = opened(browser, address)
                taken.append(seconds)
                page.context.close()
    return ours, plain


def row(name: str, taken: Both, unit: str, of: Callable[[list[float]], float] = median) -> None:
    """Print a line of the table."""
    ours, plain = map(of, taken)
    print(f"{name:58}{ours:8.2f}{plain:8.2f}  {unit}")


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        log = Path(folder) / "log"
        print(f"{'medians':58}{'nnviz':>8}{'plain':>8}")
        row("first visit to a server just started", firsts(browser, log), "s")
        with serve(log) as address, serve(log, PLAIN) as plain_address:
            page, _ = visit(browser, address)
            plain, _ = visit_plain(browser, plain_address)
            plain.evaluate(WATCH_CHARTS)
            page.wait_for_timeout(1500)
            new: Both = ([], [])
            known: Both = ([], [])
            rates: Both = ([], [])
            for key, (ours, others) in (("ArrowRight", new), ("ArrowLeft", known)):
                for _ in range(3):
                    page.bring_to_front()
                    ours += repaints(page, [key] * 5)
                    plain.bring_to_front()
                    others += plain_repaints(plain, "Learning rate α", [key] * 5)
            row("key press to all charts repainted, a new run", new, "ms")
            row("  the slowest of 15", new, "ms", max)
            row("  a run that is known already", known, "ms")
            for _ in range(5):
                page.bring_to_front()
                rates[0].append(page.evaluate(SCRUB, 3))
                plain.bring_to_front()
                rates[1].append(plain_scrub(plain, 3))
            row("scrubbing: distinct epochs drawn", rates, "a second")
            steps = plain_repaints(plain, "Epoch", ["ArrowRight"] * 10)
            print(f"plain, key press on the epoch to all charts repainted: {median(steps):.0f} ms")
            page.bring_to_front()
            print(f"nnviz, sent for a run: {sent_for_a_run(page) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
