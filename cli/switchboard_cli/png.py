"""An SVG as a PNG, drawn by the Chromium that is on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from switchboard_cli.terminal import BadInput

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SIZE = re.compile(r'width="(\d+)" height="(\d+)"')
_LONGEST = 60
"""Seconds."""


def write_png(drawing: str, path: Path) -> None:
    """Draw *drawing*, an SVG of our own, twice as fine as it is, into *path*; raises BadInput with the remedy."""
    browser = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if browser is None:
        raise BadInput("--png needs Chromium or Chrome on this machine; install it, or write --svg instead")
    size = _SIZE.search(drawing)
    if size is None:
        raise BadInput("the picture has no size; write --svg instead")
    with TemporaryDirectory() as folder:
        source, drawn = Path(folder, "picture.svg"), Path(folder, "picture.png")
        source.write_text(drawing, encoding="utf-8")
        options = [
            "--headless",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-device-scale-factor=2",
            f"--user-data-dir={folder}/profile",
            f"--window-size={size[1]},{size[2]}",
            f"--screenshot={drawn}",
            # Chromium does not start as root within its sandbox; it is shown nothing but our own picture.
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
        ]
        try:
            subprocess.run([browser, *options, source.as_uri()], check=True, capture_output=True, timeout=_LONGEST)  # noqa: S603 - our own file
            shutil.copyfile(drawn, path)
        except subprocess.SubprocessError as exc:
            raise BadInput(f"{browser} did not draw the picture; write --svg instead") from exc
        except OSError as exc:
            raise BadInput(f"{path}: cannot be written: {exc.strerror}") from exc
