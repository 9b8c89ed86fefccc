"""LibreOffice, which opens and prints what we export, and poppler, which reads the printed pages."""

import subprocess
from pathlib import Path

from .machine import Missing, apt_install, find

HAN_FONT = "fonts-noto-cjk"


PACKAGES = ("libreoffice-calc", "libreoffice-writer")
# Each part of LibreOffice is a library beside the program, which starts without them too.
PARTS = ("libsclo.so", "libswlo.so")


def soffice() -> Path:
    """Return LibreOffice's program, with Calc and Writer. Raises Missing."""
    program = _complete_soffice()
    if program is None and apt_install(*PACKAGES, HAN_FONT):
        program = _complete_soffice()
    if program is None:
        raise Missing(f"LibreOffice with Calc and Writer: apt-get install {' '.join(PACKAGES)} {HAN_FONT}")
    return program


def _complete_soffice() -> Path | None:
    program = find("soffice")
    if program is None:
        return None
    folder = program.resolve().parent
    return program if all((folder / part).exists() for part in PARTS) else None


def han_font() -> None:
    """See to a font that has Chinese characters. Raises Missing."""
    listed = find("fc-list")
    if listed and subprocess.run([listed, ":lang=zh-cn"], capture_output=True, check=True).stdout:
        return
    if not apt_install(HAN_FONT):
        raise Missing(f"A font with Chinese characters: apt-get install {HAN_FONT}")


def pdftotext() -> Path:
    """Return poppler's pdftotext. Raises Missing."""
    program = find("pdftotext")
    if program is None and apt_install("poppler-utils"):
        program = find("pdftotext")
    if program is None:
        raise Missing("pdftotext: apt-get install poppler-utils")
    return program


def convert(source: Path, kind: str, folder: Path) -> Path:
    """Have LibreOffice write `source` anew as `kind` (pdf, xlsx …) into `folder`; return the new file."""
    profile = folder / "profile"  # of its own, or two runs at once get in each other's way
    command = [soffice(), f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", kind]
    result = subprocess.run(
        [*command, "--outdir", folder, source],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    made = folder / f"{source.stem}.{kind.split(':')[0]}"
    if result.returncode or not made.exists():
        raise RuntimeError(f"LibreOffice could not convert {source.name}: {result.stdout}{result.stderr}")
    return made


def printed_text(pdf: Path) -> str:
    """Return the text of a PDF as it lies on the page, pages parted by form feeds."""
    command = [pdftotext(), "-layout", pdf, "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
