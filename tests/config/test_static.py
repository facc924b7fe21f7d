"""Which files of the console's build are served."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.console.serving import serving


def test_what_the_build_notes_for_itself_is_not_served(tmp_path: Path) -> None:
    for name in ("index.html", "build.sha256", ".vite/manifest.json", "assets/page-1a2b.js", "assets/page-1a2b.js.map", "favicon.svg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"this is {name}")
    with serving(tmp_path) as url, httpx.Client(base_url=url, trust_env=False) as http:
        answers = {
            path: http.get(path)
            for path in ("/build.sha256", "/.vite/manifest.json", "/assets/page-1a2b.js.map", "/assets/page-1a2b.js", "/favicon.svg")
        }
    # A path that is no file is a page of the console's own.
    assert {path: (answer.status_code, answer.text) for path, answer in answers.items()} == {
        "/build.sha256": (200, "this is index.html"),
        "/.vite/manifest.json": (200, "this is index.html"),
        "/assets/page-1a2b.js.map": (404, "not found"),
        "/assets/page-1a2b.js": (200, "this is assets/page-1a2b.js"),
        "/favicon.svg": (200, "this is favicon.svg"),
    }
