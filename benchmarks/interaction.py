"""What a visitor waits for, in headless Chromium at 1440×900, with the default run.

.venv/bin/python -m benchmarks.interaction     (the environment of tests/run)
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from serving import chromium, serve

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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        firsts = []
        for _ in range(3):
            with serve(Path(folder) / "log") as address:
                page, seconds = visit(browser, address)
                firsts.append(seconds)
                page.context.close()
        print(f"first visit to a server just started: {median(firsts):.2f} s (median of 3)")
        with serve(Path(folder) / "log") as address:
            page, _ = visit(browser, address)
            page.wait_for_timeout(1500)
            new = repaints(page, ["ArrowRight"] * 15)
            known = repaints(page, ["ArrowLeft"] * 15)
            print(
                f"key press to all charts repainted, new run: {median(new):.0f} ms (median of 15)"
            )
            print(
                f"  slowest {max(new):.0f} ms; a run that is known already: {median(known):.0f} ms"
            )
            rates = [page.evaluate(SCRUB, 3) for _ in range(5)]
            print(f"scrubbing: {median(rates):.1f} distinct epochs drawn a second (median of 5)")
            print(f"sent for a run: {sent_for_a_run(page) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
