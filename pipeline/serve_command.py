"""The command `gangwei serve`; what it runs is in `pipeline.serve`, imported when it runs."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.errors import MissingPackageError, ReadError
from pipeline.limits import Limits
from pipeline.options import PATH, field_option, jobs_option, limit_options, model_option, settings_option, steered
from pipeline.terminal import told

if TYPE_CHECKING:
    from pipeline.correct import Settings

TOKEN = "GANGWEI_TOKEN"
"""The variable of the environment that holds the token where no file does."""
_SHORTEST = 16
"""Characters of a token that cannot be guessed by trying."""
_EXIT_CODES = "Exit codes: 1 it could not start, 2 wrong usage; 130 and 143 when stopped by Ctrl-C or SIGTERM."


@click.command("serve", epilog=_EXIT_CODES)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; beyond this machine, with a token."
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option(
    "--token-file", metavar="FILE", type=PATH, help=f"Holds the token that clients must send; else ${TOKEN} is it."
)
@jobs_option
@click.option("--store", metavar="FOLDER", type=PATH, help="Keeps batches here, also when the service ends.")
@click.option("--max-queue", type=click.IntRange(0), default=64, show_default=True, help="Requests that may wait.")
@click.option("--max-batches", type=click.IntRange(1), default=16, show_default=True, help="Batches held at a time.")
@click.option("--max-files", type=click.IntRange(1), default=200, show_default=True, help="Files of a batch.")
@click.option(
    "--max-batch-bytes", type=click.IntRange(1), default=200_000_000, show_default=True, help="Of all files of a batch."
)
@click.option(
    "--max-age",
    type=click.FloatRange(0, min_open=True),
    default=3600.0,
    show_default=True,
    help="Seconds that a batch is kept.",
)
@click.option(
    "--grace", type=click.FloatRange(0), default=20.0, show_default=True, help="Seconds left to requests at the end."
)
@settings_option
@model_option
@field_option
@limit_options
def serve_command(
    host: str,
    port: int,
    token_file: Path | None,
    jobs: int | None,
    store: Path | None,
    max_queue: int,
    max_batches: int,
    max_files: int,
    max_batch_bytes: int,
    max_age: float,
    grace: float,
    settings: Settings | None,
    model: Path | None,
    text_field: str | None,
    max_bytes: int,
    max_characters: int,
    max_seconds: float,
    max_memory: int,
) -> None:
    """Give records over HTTP: POST /v1/documents. docs/service.md says how; needs the extra `serve`."""
    with told(f"{host}:{port}"):
        token = _token(token_file)
        local = _is_local(host)
        if not local and token is None:
            raise click.UsageError(f"beyond this machine clients must send a token: --token-file FILE, or ${TOKEN}")
        _check_installed()
        from pipeline.serve import server
        from pipeline.serve.bounds import Bounds
        from pipeline.serve.work import Manner

        bounds = Bounds(max_queue, max_batches, max_files, max_batch_bytes, max_age, grace=grace)
        manner = Manner(
            steered(settings, model), Limits(max_bytes, max_characters, max_seconds, max_memory), text_field
        )
        with server.listen(host, port) as bound:
            count = jobs or os.cpu_count() or 1
            server.serve(bound, server.Place(host, port, token, local, count, store, bounds), manner)


def _check_installed() -> None:
    """Raises MissingPackageError where the extra is not installed."""
    try:
        import python_multipart  # noqa: F401
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise MissingPackageError(f"serve needs the package {error.name}: pip install 'gangwei[serve]'") from error


def _token(file: Path | None) -> str | None:
    """The token that clients must send, if any. Raises UsageError for one that is empty, short or odd, ReadError."""
    if file is not None:
        try:
            token = file.read_bytes().decode("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ReadError(f"{file}: {getattr(error, 'strerror', None) or 'no text'}") from error
    elif TOKEN in os.environ:
        token = os.environ.pop(TOKEN).strip()  # what runs as a process of this one's need not know it
    else:
        return None
    if len(token) < _SHORTEST or not (token.isascii() and token.isprintable()) or " " in token:
        raise click.UsageError(f"a token has at least {_SHORTEST} characters of ASCII, without blanks")
    return token


def _is_local(host: str) -> bool:
    """Whether a host to listen on is this machine alone, under all addresses that it stands for."""
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host or None, None, flags=socket.AI_PASSIVE)}
    except (OSError, UnicodeError):
        return False  # listening will tell
    return bool(host) and all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for address in found)
