"""Open every built page in headless Chromium, as on a desk and as on a phone: python .ci/check_pages.py docs/_build/html

Fails on an error on the console (a file that cannot be loaded is one), a request to another host, a formula that is not set
or set with an error, and a page wider than the screen. Needs playwright, and a Chromium on the path or in CHROMIUM.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

HOST = "127.0.0.1"
SCREENS = {
    "desk": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "is_mobile": True, "has_touch": True},
}
SKIPPED = ("_static", "_sources")

# What can be wrong with a page once MathJax has finished: a list of sentences.
EXAMINE = """async () => {
  const found = [];
  await window.MathJax?.startup?.promise;  // pages without formulas do not load it
  const errors = document.querySelectorAll("mjx-merror, [data-mml-node='merror'], [data-mjx-error]");
  for (const error of errors) found.push(`a formula with an error: ${error.dataset.mjxError ?? error.textContent}`);
  for (const formula of document.querySelectorAll(".math"))
    if (!formula.querySelector("mjx-container")) found.push(`a formula that is not set: ${formula.textContent}`);
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const node = words.currentNode;
    if (node.parentElement.closest("pre, code, script, style, mjx-container")) continue;
    if (/\\$[^$]+\\$|\\\\\\(|\\\\\\[/.test(node.data)) found.push(`a formula in plain text: ${node.data.trim().slice(0, 80)}`);
  }
  const width = document.documentElement.scrollWidth;
  if (width > window.innerWidth || width > screen.width) found.push(`${width} pixels wide on a screen of ${screen.width}`);
  return found;
}"""


def main(folder: Path) -> int:
    pages = sorted(
        p.relative_to(folder) for p in folder.rglob("*.html") if p.relative_to(folder).parts[0] not in SKIPPED
    )
    if not pages:
        sys.exit(f"no page is in {folder}; build them first")
    server = ThreadingHTTPServer((HOST, 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    failures = 0
    for screen, where, problem in problems(f"http://{HOST}:{server.server_port}", pages):
        failures += 1
        print(f"{where} ({screen}): {problem}", flush=True)
    server.shutdown()
    print(f"{len(pages)} pages, {failures} problems")
    return failures


def problems(address: str, pages: list[Path]) -> Iterator[tuple[str, Path, str]]:
    """(screen, page, what is wrong) for all pages on all screens."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for screen, settings in SCREENS.items():
            page = browser.new_page(**settings)
            heard = listen(page)
            for where in pages:
                page.goto(f"{address}/{where}", wait_until="load")
                found = page.evaluate(EXAMINE)
                yield from ((screen, where, problem) for problem in (*heard, *found))
                heard.clear()
            page.close()
        browser.close()


def listen(page: Page) -> list[str]:
    """The list to which everything is added that the browser complains of."""
    heard: list[str] = []

    def requested(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != HOST:
            heard.append(f"asks for {request.url}")

    page.on("request", requested)
    page.on("console", lambda message: heard.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    return heard


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) > 0)
