"""A Chinese font for a browser on any machine: the one that the zhplot wheel carries."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def fontconfig_file(folder: Path) -> Path:
    """A fontconfig file in `folder` that adds Noto Sans SC; its path is for FONTCONFIG_FILE."""
    package = find_spec("zhplot")
    if package is None or package.origin is None:
        raise RuntimeError("zhplot is not installed: run the command through make")
    file = folder / "fonts.conf"
    fonts = Path(package.origin).parent / "fonts"
    file.write_text(FONTS.format(fonts=fonts, cache=folder / "cache"), encoding="utf-8")
    return file
