"""Old and foreign office formats, by way of LibreOffice where it is installed: .doc .wps .rtf .odt, .xls .et .ods .xlsb.

It turns them into the formats that are read here, in a process and with a profile of its own, within limits.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.read import docx, sheet, watch
from pipeline.read.child import end, environment
from pipeline.read.package import Package
from pipeline.read.parts import Extract

SECONDS = 90
"""A cold start takes some 5 seconds, and a handbook of 150 forms as long again."""
_MEGABYTES = 6144
_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_MISSING = "needs LibreOffice, which is not installed here (Debian: apt install libreoffice-writer libreoffice-calc)"


def read(data: bytes, name: str, what: str, suffix: str, seconds: int = SECONDS) -> Extract:
    """The text of a document that LibreOffice turns into Word's or Excel's XML first.

    `what` names the format in messages, `suffix` is the one that LibreOffice knows it by; a spreadsheet becomes .xlsx,
    anything else .docx. Raises ReadError.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise ReadError(f"{name}: {what} {_MISSING}; or save it as .docx, .xlsx or PDF")
    wanted = "xlsx" if suffix in (".xls", ".ods", ".xlsb") else "docx"
    with tempfile.TemporaryDirectory(prefix="gangwei-") as folder:
        source = Path(folder, f"in{suffix}")
        source.write_bytes(data)
        told = _convert(program, source, wanted, name, seconds)
        made = source.with_suffix(f".{wanted}")
        if not made.exists():
            raise ReadError(f"{name}: LibreOffice could not open it; it may be damaged or encrypted{told}")
        package = Package(made.read_bytes(), name)
    return docx.read(package) if wanted == "docx" else sheet.read_workbook(package)


def _convert(program: str, source: Path, wanted: str, name: str, seconds: int) -> str:
    """Run LibreOffice; what it says on one line. Raises ReadError when it takes too long."""
    words = [
        program,
        f"-env:UserInstallation={(source.parent / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        wanted,
        "--outdir",
        str(source.parent),
        str(source),
    ]
    child = subprocess.Popen(
        watch.command(str(source.parent), _MEGABYTES, words),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**environment(), "HOME": str(source.parent)},
    )
    try:
        _, told = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise ReadError(f"{name}: LibreOffice takes longer than the limit of {seconds} seconds") from error
    finally:
        end(child)
    lines = [line for line in told.decode("utf-8", "replace").splitlines() if line.startswith("Error")]
    return f" ({lines[0][:120]})" if lines else ""
