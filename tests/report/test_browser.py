"""The page in a real browser: its numbers open, and it fits a laptop and a phone."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --allow-file-access-from-files --virtual-time-budget=4000"
).split()


def dom(url: str, folder: Path, width: int = 1366) -> str:
    """Return the page's markup after its script has run."""
    profile = folder / f"profile-{abs(hash(url))}"
    command = [
        str(CHROMIUM),
        *FLAGS,
        f"--window-size={width},768",
        f"--user-data-dir={profile}",
        "--dump-dom",
        url,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=90).stdout


@pytest.fixture(scope="module")
def page(analysis: Any, read: Any) -> Any:
    return read(analysis)


@pytest.fixture
def report(page: Any, tmp_path: Path) -> Path:
    file = tmp_path / "report.html"
    file.write_text(page.markup, encoding="utf-8")
    return file


def test_numbers_open_to_their_quotes(page: Any, report: Path, tmp_path: Path) -> None:
    keys = [key for key, said in page.openers if re.search(r"\d", said)]
    for key in (keys[0], keys[len(keys) // 2], keys[-1]):
        markup = dom(f"{report.as_uri()}#open={key}", tmp_path)
        panel = markup[markup.index("<dialog") : markup.index("</dialog>")]
        assert re.search(r"<dialog[^>]*\bopen\b", panel)
        assert "card" in panel[panel.index('id="panel-list"') + 30 :]


@pytest.mark.parametrize("width", [390, 1366])
def test_nothing_scrolls_sideways(report: Path, tmp_path: Path, width: int) -> None:
    """Framed at the width of the screen, for a headless window does not shrink to a phone's."""
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<iframe id=f src="{report.name}" style="width:{width}px;height:800px;border:0">'
        "</iframe><p id=w></p><script>"
        "f.onload=()=>{w.textContent=f.contentDocument.documentElement.scrollWidth}</script>",
        encoding="utf-8",
    )
    found = re.search(r'<p id="w">(\d+)</p>', dom(frame.as_uri(), tmp_path, 1600))
    assert found and int(found[1]) <= width
