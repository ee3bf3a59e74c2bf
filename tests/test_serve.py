"""Records over HTTP: the same as from the command line, for good and bad requests, good and bad documents."""

# ruff: noqa: E402 (what the service imports is there only with its extra)

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner

for package in ("starlette", "uvicorn", "python_multipart"):
    pytest.importorskip(package, reason="needs gangwei[serve]")

from pipeline import errors
from pipeline.cli import main
from pipeline.export import json_schema
from pipeline.serve import openapi, problems
from pipeline.serve.app import ROUTES
from pipeline.serve.replies import record_format
from pipeline.version import __version__
from tests.office import docx, p
from tests.serving import ROOT, Server, form
from tests.test_read_pdf import lines, pdf

RAW = sorted((ROOT / "raw").glob("*.txt"))
SECRET = "机密标记"
TEXT = f"出纳岗位职责\n1、负责现金收付，{SECRET}；\n任职要求：\n1、大专以上学历。\n"
MOST = 50_000


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    options = ["--jobs", "2", "--max-bytes", MOST, "--max-characters", 40_000, "--max-files", 3, "--max-batches", 2]
    with Server(*map(str, options)) as running:
        yield running.wait()
        assert running.stop() == 143
        assert SECRET not in b"".join(running.lines).decode()
        assert "Traceback" not in b"".join(running.lines).decode()
        assert running.told()[-1]["event"] == "stopped"


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `gangwei parse` writes of the samples."""
    out = tmp_path_factory.mktemp("out")
    assert CliRunner().invoke(main, ["parse", str(ROOT / "raw"), "-o", str(out)]).exit_code == 0
    return out


# -- documents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", RAW, ids=lambda path: path.stem)
def test_record_is_what_the_command_line_writes_to_the_byte(server: Server, parsed: Path, path: Path) -> None:
    for accept, suffix in (("application/json", ".json"), ("application/xml", ".xml")):
        sent = server.files("/v1/documents", (path.name, path.read_bytes()), accept=accept)
        assert sent.status == 200
        assert sent.headers["content-type"].startswith(accept)
        assert sent.body == (parsed / (path.stem + suffix)).read_bytes()


def test_file_is_taken_as_the_body_itself_with_its_name_in_the_query(server: Server, parsed: Path) -> None:
    path = RAW[0]
    where = f"/v1/documents?name={quote(path.name)}"
    sent = server.ask("POST", where, path.read_bytes(), {"Content-Type": "text/plain"})
    assert sent.body == (parsed / f"{path.stem}.json").read_bytes()
    chunks = (path.read_bytes()[n : n + 100] for n in range(0, 10_000, 100))
    sent = server.ask(
        "POST", where, chunks, {"Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"}
    )
    assert sent.body == (parsed / f"{path.stem}.json").read_bytes()


def test_text_within_json_gives_the_record_of_a_file_with_that_text(server: Server, tmp_path: Path) -> None:
    (tmp_path / "出纳.txt").write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(main, ["parse", str(tmp_path / "出纳.txt"), "-o", "-"])
    assert server.text(TEXT, "出纳").body == result.stdout_bytes
    named = server.ask(
        "POST", "/v1/documents", json.dumps({"text": TEXT}).encode(), {"Content-Type": "application/json"}
    )
    assert named.json()["source"]["name"] == "text"


def test_formats_other_than_text_are_known_by_their_content(server: Server) -> None:
    data = docx(p("出纳岗位职责") + p("1、负责现金收付；"))
    sent = server.files("/v1/documents", ("C:\\表\\出纳.doc", data))
    assert sent.json()["source"]["media_type"].endswith("wordprocessingml.document")
    assert sent.json()["source"]["name"] == "出纳"


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/*", "json"),
        ("text/xml", "xml"),
        ("text/*", "xml"),
        ("application/json;q=0.5, application/xml", "xml"),
        ("application/xml;q=0.2, */*;q=0.1", "xml"),
        ("*/*, application/json;q=0", "xml"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "xml"),
    ],
)
def test_accept_says_which_format_is_wanted(accept: str, wanted: str) -> None:
    assert record_format(accept) == wanted


def test_only_json_and_xml_can_be_had(server: Server) -> None:
    for accept in ("image/png", "application/json;q=0", "application/json;q=x"):
        assert server.text(TEXT, accept=accept).status == 406
    assert server.text(TEXT, accept="image/png").problem == "not-acceptable"


# -- refusals ---------------------------------------------------------------------------------------------------------

AS_JSON = {"Content-Type": "application/json"}
AS_FORM = {"Content-Type": "multipart/form-data; boundary=edge"}
REFUSED = {
    "no json": (b'{"text": ', AS_JSON, 400, "malformed"),
    "a lone surrogate": (b'{"text": "\\ud800"}', AS_JSON, 400, "malformed"),
    "a list": (b"[]", AS_JSON, 422, "invalid"),
    "no text": (b'{"name": "a"}', AS_JSON, 422, "invalid"),
    "a number": (b'{"text": 1}', AS_JSON, 422, "invalid"),
    "more than is known": (b'{"text": "a", "settings": {}}', AS_JSON, 422, "invalid"),
    "an empty name": (b'{"text": "a", "name": ""}', AS_JSON, 422, "invalid"),
    "an endless name": (b'{"text": "a", "name": "%s"}' % (b"a" * 256), AS_JSON, 422, "invalid"),
    "a form that breaks off": (b"--edge\r\nContent-Disp", AS_FORM, 422, "invalid"),
    "a form without bounds": (b"a", {"Content-Type": "multipart/form-data"}, 400, "malformed"),
    "no form": (b"nothing of the kind", AS_FORM, 400, "malformed"),
    "a form of fields": (
        b'--edge\r\nContent-Disposition: form-data; name="text"\r\n\r\na\r\n--edge--\r\n',
        AS_FORM,
        422,
        "invalid",
    ),
    "an empty form": (b"--edge--\r\n", AS_FORM, 422, "invalid"),
    "no type": (b"a", {}, 415, "unsupported-type"),
    "a type of others": (b"a", {"Content-Type": "video/mp4"}, 415, "unsupported-type"),
    "what curl sends": (b"a", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "unsupported-type"),
    "a large text": (json.dumps({"text": "a" * (MOST + 1)}).encode(), AS_JSON, 413, "too-large"),
    "a large file": (b"a" * (MOST + 1), {"Content-Type": "text/plain"}, 413, "too-large"),
    "a huge file": (b"a" * 10 * MOST, {"Content-Type": "text/plain"}, 413, "too-large"),
    "a program": (b"\x7fELF\0\0\0\0", {"Content-Type": "application/octet-stream"}, 422, "read"),
    "no encoding": ("岗位职责说明".encode() + b"\xff", {"Content-Type": "text/plain"}, 422, "decode"),
    "many characters": (b"a" * 45_000, {"Content-Type": "text/plain"}, 422, "limit"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refusal_says_why_by_its_status_and_type(server: Server, what: str) -> None:
    body, headers, status, problem = REFUSED[what]
    answer = server.ask("POST", "/v1/documents?name=a", body, headers)
    assert (answer.status, answer.problem) == (status, problem)


def test_body_of_unknown_length_is_cut_off_at_the_limit(server: Server) -> None:
    headers = {"Content-Type": "text/plain", "Transfer-Encoding": "chunked"}
    answer = server.ask("POST", "/v1/documents", (b"a" * 1000 for _ in range(150)), headers)
    assert (answer.status, answer.problem) == (413, "too-large")


def test_client_that_sends_far_too_much_gets_to_read_why(server: Server) -> None:
    answer = server.ask("POST", "/v1/documents", b"a" * 30_000_000, {"Content-Type": "text/plain"})
    assert (answer.status, answer.problem) == (413, "too-large")
    chunks = (b"a" * 100_000 for _ in range(300))
    headers = {"Content-Type": "text/plain", "Transfer-Encoding": "chunked", "Expect": "100-continue"}
    answer = server.ask("POST", "/v1/documents", chunks, headers)
    assert (answer.status, answer.problem) == (413, "too-large")


def test_more_files_than_one_are_no_document(server: Server) -> None:
    answer = server.files("/v1/documents", ("a.txt", b"a"), ("b.txt", b"b"))
    assert (answer.status, answer.problem) == (413, "too-many-files")


def test_routes_that_are_not_there_and_methods_that_fit_none(server: Server) -> None:
    assert server.ask("GET", "/nothing").problem == "not-found"
    assert server.ask("GET", "/v1/documents/").problem == "not-found"
    answer = server.ask("GET", "/v1/documents")
    assert (answer.status, answer.problem, answer.headers["allow"]) == (405, "method-not-allowed", "POST")


def test_without_a_token_only_this_machine_by_its_own_name_is_answered(server: Server) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", ""):
        answer = server.ask("GET", "/version", headers={"Host": host})
        assert (answer.status, answer.problem) == (421, "misdirected")
    for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
        assert server.ask("GET", "/version", headers={"Origin": origin}).problem == "misdirected"
    ours = {"Host": "localhost:1", "Origin": f"http://127.0.0.1:{server.port}"}
    assert server.ask("GET", "/version", headers=ours).status == 200


def test_each_class_of_errors_has_a_type_and_a_status_of_its_own() -> None:
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.PipelineError)]
    names = [problems.of_error(kind("a: b")).name for kind in kinds]
    assert len(set(names)) == len(kinds)
    assert {"pipeline", "read", "no-text", "limit", "broken-promise", "worker", "missing-package"} <= set(names)
    assert problems.of_error(errors.NoTextError("a")).status == 422
    assert problems.of_error(errors.BrokenPromiseError("a")).status == 500
    assert "\n" not in problems.of_error(errors.ReadError("a\nb")).detail
    assert problems.of_json(problems.of_error(errors.LimitError("a")).as_json()).name == "limit"


# -- batches ----------------------------------------------------------------------------------------------------------


def test_batch_is_parsed_document_by_document_and_gone_when_deleted(server: Server, parsed: Path) -> None:
    first = RAW[0]
    word = ("部门.docx", docx(p("出纳岗位职责") + p("1、负责现金收付；")))
    sent = server.files("/v1/batches", (first.name, first.read_bytes()), ("坏.txt", b"\x7fELF\0"), word)
    where = sent.headers["location"]
    assert sent.status == 202
    told = server.finished(where)
    assert (told["documents"], told["parsed"], told["failed"], told["waiting"]) == (3, 2, 1, 0)
    assert [entry["state"] for entry in told["entries"]] == ["parsed", "failed", "parsed"]
    assert told["entries"][1]["problem"]["type"] == "urn:gangwei:problem:read"
    for accept, suffix in (("application/json", ".json"), ("application/xml", ".xml")):
        record = server.ask("GET", f"{where}/records/1", headers={"Accept": accept})
        assert record.body == (parsed / (first.stem + suffix)).read_bytes()
    assert server.ask("GET", f"{where}/records/2").problem == "read"
    assert server.ask("GET", f"{where}/records/1/source").body == first.read_bytes()
    assert "负责现金收付".encode() in server.ask("GET", f"{where}/records/3/source").body
    for number in ("4", "0", "x", "01", "%2e%2e"):
        assert server.ask("GET", f"{where}/records/{number}").problem == "not-found"
    lines = server.ask("GET", f"{where}/records").body.splitlines()
    assert [json.loads(line)["source"]["name"] for line in lines] == [first.stem, "部门"]
    assert server.ask("DELETE", where).status == 204
    assert server.ask("GET", where).problem == "not-found"
    assert server.ask("DELETE", where).problem == "not-found"


def test_lines_of_a_batch_are_those_of_the_command_line(server: Server, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "出纳", "text": TEXT}), encoding="utf-8")
    done = CliRunner().invoke(main, ["parse", "--lines", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl")])
    assert done.exit_code == 0
    where = server.files("/v1/batches", ("出纳.txt", TEXT.encode())).headers["location"]
    server.finished(where)
    assert server.ask("GET", f"{where}/records").body == (tmp_path / "out.jsonl").read_bytes()
    server.ask("DELETE", where)


def test_records_of_a_batch_that_is_not_done_are_not_there_yet(server: Server) -> None:
    where = server.files("/v1/batches", ("a.txt", b"poison:sleep:2")).headers["location"]
    for path in (f"{where}/records", f"{where}/records/1"):
        assert server.ask("GET", path).problem == "unfinished"
    assert server.ask("DELETE", where).status == 204


def test_batches_are_bounded_in_number_and_files(server: Server) -> None:
    small = ("a.txt", b"a")
    assert server.files("/v1/batches", small, small, small, small).problem == "too-many-files"
    assert server.ask("POST", "/v1/batches", b"a", {"Content-Type": "text/plain"}).problem == "unsupported-type"
    assert server.files("/v1/batches", ("a.txt", b"a" * (MOST + 1))).problem == "too-large"
    held = [server.files("/v1/batches", small).headers["location"] for _ in range(2)]
    answer = server.files("/v1/batches", small)
    assert (answer.status, answer.problem) == (429, "too-many-batches")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    for where in held:
        server.ask("DELETE", where)
    assert "gangwei_batches 0\n" in server.ask("GET", "/metrics").body.decode()


def test_review_page_of_a_record_shows_it(server: Server) -> None:
    where = server.files("/v1/batches", ("a.txt", TEXT.encode()), ("b.txt", b"\x7fELF\0")).headers["location"]
    server.finished(where)
    answer = server.ask("GET", f"{where}/records/1/review")
    assert answer.status == 200
    assert answer.body.startswith(b"<!doctype html>")
    assert SECRET in answer.body.decode()
    assert server.ask("GET", f"{where}/records/2/review").problem == "read"
    server.ask("DELETE", where)


# -- decisions --------------------------------------------------------------------------------------------------------


@pytest.fixture
def held(server: Server) -> Iterator[str]:
    """Where the record of a text is, alone in its batch."""
    where = server.files("/v1/batches", ("出纳.txt", TEXT.encode())).headers["location"]
    server.finished(where)
    yield f"{where}/records/1"
    server.ask("DELETE", where)


def saying(**more: object) -> bytes:
    """A file of decisions about TEXT: that its first duty is something else."""
    entry = "1、负责现金收付，" + SECRET + "；"
    start = TEXT.index(entry)
    one = {
        "type": "kind",
        "span": {"start": start, "end": start + len(entry)},
        "original": entry,
        "kind": "other",
    }
    source = {"name": "出纳", "sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "characters": len(TEXT)}
    told = {"format": "gangwei-decisions", "version": 1, "source": source, "decisions": [one]}
    return json.dumps({**told, **more}).encode()


def test_decisions_are_kept_and_the_document_is_parsed_anew_by_them(server: Server, held: str, tmp_path: Path) -> None:
    first = server.ask("GET", f"{held}/decisions")
    assert first.json()["decisions"] == []
    assert first.json()["source"] == json.loads(saying())["source"]
    before = server.ask("GET", held).json()
    kept = server.ask("PUT", f"{held}/decisions", saying(), {**AS_JSON, "If-Match": first.headers["etag"]})
    assert kept.status == 204
    assert server.ask("GET", held).json() == before, "nothing changes until it is parsed anew"
    again = server.ask("GET", f"{held}/decisions")
    assert (again.headers["etag"], again.json()) == (kept.headers["etag"], json.loads(saying()))
    made = server.ask("POST", f"{held}/parse")
    (duty,) = before["roles"][0]["duties"]
    assert (duty["text"], made.json()["roles"][0]["duties"]) == (f"负责现金收付，{SECRET}；", [])
    assert server.ask("GET", held).body == made.body
    assert b'kind="other"' in server.ask("GET", f"{held}?format=xml").body
    (tmp_path / "出纳.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "d.json").write_bytes(again.body)
    told = ["parse", str(tmp_path / "出纳.txt"), "-o", "-", "--decisions", str(tmp_path / "d.json")]
    assert CliRunner().invoke(main, told).stdout_bytes == made.body, "as the command line does it"


def test_decisions_that_others_replaced_meanwhile_are_not_overwritten(server: Server, held: str) -> None:
    tag = server.ask("GET", f"{held}/decisions").headers["etag"]
    headers = {**AS_JSON, "If-Match": tag}
    assert server.ask("PUT", f"{held}/decisions", saying(), headers).status == 204
    late = server.ask("PUT", f"{held}/decisions", saying(decisions=[]), headers)
    assert (late.status, late.problem) == (412, "outdated")
    assert server.ask("GET", f"{held}/decisions").json()["decisions"] != []
    assert server.ask("PUT", f"{held}/decisions", saying(decisions=[]), AS_JSON).status == 204
    assert server.ask("GET", f"{held}/decisions").json()["decisions"] == []


@pytest.mark.parametrize(
    ("body", "kind", "status", "problem"),
    [
        (b"{", "application/json", 400, "malformed"),
        (b"[]", "application/json", 422, "invalid"),
        (saying(version=2), "application/json", 422, "invalid"),
        (saying(decisions=[{"type": "kind"}]), "application/json", 422, "invalid"),
        (
            saying(source={"name": "出纳", "sha256": "0" * 64, "characters": 1}),
            "application/json",
            422,
            "invalid",
        ),
        (saying(), "text/plain", 415, "unsupported-type"),
        (b" " * 100_000, "application/json", 413, "too-large"),
    ],
)
def test_what_is_no_file_of_decisions_about_the_document_is_refused(
    server: Server, held: str, body: bytes, kind: str, status: int, problem: str
) -> None:
    answer = server.ask("PUT", f"{held}/decisions", body + b" " * 70_000 * (status == 413), {"Content-Type": kind})
    assert (answer.status, answer.problem) == (status, problem)
    assert server.ask("GET", f"{held}/decisions").json()["decisions"] == []


def test_decisions_that_do_not_fit_are_warnings_of_the_record(server: Server, held: str) -> None:
    lost = {"type": "title", "span": {"start": 0, "end": 2}, "original": "出纳", "title": "会计"}
    assert server.ask("PUT", f"{held}/decisions", saying(decisions=[lost]), AS_JSON).status == 204
    made = server.ask("POST", f"{held}/parse").json()
    assert [w["code"] for w in made["warnings"]] == ["decision-misfit"]


def test_documents_that_are_not_there_have_no_decisions(server: Server, held: str) -> None:
    for method, path in (("GET", "decisions"), ("PUT", "decisions"), ("POST", "parse")):
        assert server.ask(method, f"{held}0/{path}").problem == "not-found"


def test_page_and_list_of_a_batch_lead_to_what_they_are_of(server: Server) -> None:
    sent = server.files("/v1/batches", ("出纳.txt", TEXT.encode()), ("坏.txt", b"\x7fELF\0"), accept="text/html")
    assert (sent.status, sent.body) == (303, b"")
    where = sent.headers["location"].removesuffix("/review")
    server.finished(where)
    told = server.ask("GET", f"{where}/review")
    assert told.headers["x-frame-options"] == "DENY"
    assert 'href="records/1/review"' in told.body.decode()
    assert "坏.txt" in told.body.decode()
    page = server.ask("GET", f"{where}/records/1/review").body.decode()
    assert "connect-src &#x27;self&#x27;" in page
    assert 'data-decisions="decisions"' in page
    server.ask("DELETE", where)
    assert server.ask("GET", f"{where}/review").problem == "not-found"
    assert b'action="v1/batches"' in server.ask("GET", "/").body


def test_page_of_a_pdf_shows_its_pages(server: Server) -> None:
    data = pdf(lines("出纳岗位职责", "1、负责现金收付；", "2、登记日记账。"))
    where = server.files("/v1/batches", ("出纳.pdf", data)).headers["location"]
    assert server.finished(where)["parsed"] == 1
    page = server.ask("GET", f"{where}/records/1/review").body
    assert (page.count(b"<img "), page.count(b"<rect ")) == (1, 3)
    assert server.ask("GET", f"{where}/records/1/review").body == page, "also from what is kept"
    server.ask("DELETE", where)


# -- about the service ------------------------------------------------------------------------------------------------


def test_description_is_true_to_the_routes(server: Server) -> None:
    told = server.ask("GET", "/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    found = {(m.upper(), path) for path, operations in told["paths"].items() for m in operations}
    assert found == {(method, path) for method, path, _ in ROUTES}
    assert told["components"]["schemas"]["RoleDocument"] == json.loads(json_schema())
    assert set(openapi.OPERATIONS) == {name for _, _, name in ROUTES}
    names = re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(told))
    assert names
    assert all(name in told["components"][kind] for kind, name in names)


def test_version_is_that_of_the_records(server: Server) -> None:
    told = server.ask("GET", "/version").json()
    assert told["version"] == __version__
    assert server.text(TEXT).json()["generator"] == told


def test_metrics_count_requests_and_documents(server: Server) -> None:
    def figures() -> dict[str, float]:
        page = server.ask("GET", "/metrics").body.decode()
        assert SECRET not in page
        lines = [line for line in page.splitlines() if not line.startswith("#")]
        assert all(re.fullmatch(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+', line) for line in lines)
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    before = figures()
    server.text(TEXT, SECRET)
    after = figures()
    for name, more in {
        'gangwei_requests_total{route="/v1/documents",method="POST",status="200"}': 1,
        'gangwei_documents_total{outcome="parsed"}': 1,
        "gangwei_document_seconds_count": 1,
        "gangwei_characters_total": len(TEXT),
        'gangwei_request_seconds_bucket{route="/v1/documents",le="+Inf"}': 1,
    }.items():
        assert after[name] - before.get(name, 0) == more
    assert (after["gangwei_workers_alive"], after["gangwei_workers"], after["gangwei_queue_length"]) == (2, 2, 0)


def test_each_request_is_told_in_a_line_of_json_by_its_id(server: Server) -> None:
    body, kind = form((f"{SECRET}.txt", TEXT.encode()))
    sent = server.ask("POST", "/v1/documents", body, {"Content-Type": kind, "X-Request-ID": "mine-1"})
    assert sent.headers["x-request-id"] == "mine-1"
    told = server.event("request", request="mine-1")  # a line is written once its answer has gone
    assert (told["route"], told["status"], told["received"]) == ("/v1/documents", 200, len(body))
    assert told["bytes"] == len(sent.body)
    assert told["seconds"] > 0
    odd = server.ask("GET", "/version", headers={"X-Request-ID": "a b\tc"}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{16}", odd)
