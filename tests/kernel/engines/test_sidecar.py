"""The ClickHouse sidecar: whose parameters, whose fork, whose folder, how much memory, and what a kill leaves."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import clickhouse_connect
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from huoke.kernel.engines import Sidecar
from huoke.kernel.engines.process import PACKAGE_ROOT
from huoke.kernel.engines.sidecar_server import FORKED, SECOND_PROCESS
from huoke.kernel.refusals import Outage


@pytest.fixture
def sidecar(tmp_path: Path) -> Iterator[Sidecar]:
    """A sidecar of one's own, to be killed; its folder has a space."""
    own = Sidecar(tmp_path / "click house", log=tmp_path / "log")
    own.start()
    yield own
    own.stop()


def ask(sidecar: Sidecar, sql: str, *, token: str | None = None, **options: str) -> tuple[int, bytes]:
    """One request as bare HTTP: its status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", sidecar.port, timeout=60)
    given = b64encode(f"huoke:{sidecar.token if token is None else token}".encode()).decode()
    connection.request("POST", "/?" + urlencode(options), sql.encode(), {"Authorization": f"Basic {given}"})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def run_python(script: str, *arguments: object, **options: object) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE_ROOT)}
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False, **options)


def test_nothing_answers_without_the_token(sidecar: Sidecar):
    for token in ("", "wrong", sidecar.token[:-1]):
        status, body = ask(sidecar, "CREATE DATABASE stolen", token=token)
        assert (status, b"AUTHENTICATION_FAILED" in body) == (403, True)
    assert ask(sidecar, "SELECT count() FROM system.databases WHERE name = 'stolen'") == (200, b"0\n")


def test_a_statement_uses_more_than_one_processor_under_the_cap_of_memory(sidecar: Sidecar):
    ask(sidecar, "CREATE TABLE many (n UInt64) ENGINE = MergeTree ORDER BY n")
    ask(sidecar, "INSERT INTO many SELECT number FROM numbers(1000000)")
    plan = "EXPLAIN PIPELINE SELECT sum(n) FROM many"
    assert " × 2 " in ask(sidecar, plan, max_threads="2")[1].decode()
    engines_own = {"max_threads": "2", "max_threads_min_free_memory_per_thread": "1073741824"}
    assert " × 2 " not in ask(sidecar, plan, **engines_own)[1].decode()


def test_every_caller_gets_the_answer_to_its_own_parameters(sidecar: Sidecar):
    def one(number: int) -> bool:
        sql = "SELECT {number:UInt32}, {text:String}, sleepEachRow(0.001)"
        status, body = ask(sidecar, sql, param_number=str(number), param_text=f"客{number}")
        return (status, body.decode()) == (200, f"{number}\t客{number}\t0\n")

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(one, range(600)))


def test_what_one_request_set_serves_no_other(sidecar: Sidecar):
    connection = http.client.HTTPConnection("127.0.0.1", sidecar.port, timeout=60)
    given = {"Authorization": f"Basic {b64encode(f'huoke:{sidecar.token}'.encode()).decode()}"}

    def asked(**options: str) -> tuple[int, bytes]:
        connection.request("POST", "/?" + urlencode(options), b"SELECT {bank:UInt32}", given)
        response = connection.getresponse()
        return response.status, response.read()

    assert asked(param_bank="7") == (200, b"7\n")
    status, body = asked()
    assert (status, b"UNKNOWN_QUERY_PARAMETER" in body) == (500, True)
    assert asked(param_bank="8") == (200, b"8\n")
    connection.close()


def test_a_parameter_longer_than_a_statement_arrives_whole(sidecar: Sidecar):
    names = [f"n{number}" for number in range(20_000)]
    client = clickhouse_connect.get_client(dsn=sidecar.url, autogenerate_session_id=False)
    sql = "SELECT length({names:Array(String)}), {names:Array(String)}[20000]"
    assert client.query(sql, parameters={"names": names}).result_rows == [(20_000, "n19999")]
    client.close()


def test_large_answers_asked_at_once_come_whole(sidecar: Sidecar):
    """Answers are sent out of the engine's own memory, while it goes on with other questions."""

    def one(first: int) -> bool:
        status, body = ask(sidecar, f"SELECT number FROM numbers({first}, 400000)")
        return (status, body) == (200, b"".join(b"%d\n" % number for number in range(first, first + 400_000)))

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(one, range(10_000_000, 10_000_018)))


def test_one_session_shared_by_threads_would_mix_parameters_up(tmp_path: Path):
    """The control to the test above: what the sidecar avoids does happen."""
    script = """
import chdb, sys, threading
shared, wrong = chdb.connect(sys.argv[1]), []
def work(first):
    for number in range(first, first + 300):
        if wrong:
            return
        try:
            sql = "SELECT {number:UInt32}, sleepEachRow(0.0005)"
            answer = shared.query(sql, "TabSeparated", params={"number": str(number)}).bytes()
        except Exception as error:
            answer = str(error).encode()
        if answer.split(b"\\t")[0] != str(number).encode():
            wrong.append(number)
threads = [threading.Thread(target=work, args=(1000 * i,)) for i in range(8)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
print(len(wrong))
"""
    result = run_python(script, tmp_path / "store")
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 0


def test_a_setting_of_one_request_does_not_reach_the_next(sidecar: Sidecar):
    connection = http.client.HTTPConnection("127.0.0.1", sidecar.port)
    given = b64encode(f"huoke:{sidecar.token}".encode()).decode()
    answers = []
    for address in ("/", "/?max_block_size=77", "/", "/?database=system", "/"):
        sql = "SELECT getSetting('max_block_size') = 77, currentDatabase()"
        connection.request("POST", address, sql, {"Authorization": f"Basic {given}"})
        answers.append(connection.getresponse().read())
    plain, set_, system = b"0\tdefault\n", b"1\tdefault\n", b"0\tsystem\n"
    assert answers == [plain, set_, plain, system, plain]


def test_head_and_body_arrive_in_one_piece(sidecar: Sidecar):
    """Two writes would meet Nagle and a delayed acknowledgement: 40 ms a query."""
    given = b64encode(f"huoke:{sidecar.token}".encode()).decode()
    request = f"GET /?query=SELECT+1 HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {given}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", sidecar.port)) as connection:
        connection.sendall(request.encode())
        first = connection.recv(65_536)
    assert first.startswith(b"HTTP/1.1 200")
    assert first.endswith(b"\r\n\r\n1\n")


def test_a_fork_of_the_server_ends_at_once_instead_of_hanging():
    script = """
import os, sys
from huoke.kernel.engines.sidecar_server import refuse_forks
refuse_forks()
pid = os.fork()
if pid == 0:
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
    assert run_python(script).stdout == f"{FORKED}\n"


def test_a_second_process_on_the_same_folder_is_refused_clearly(sidecar: Sidecar, tmp_path: Path):
    second = Sidecar(sidecar.folder, log=tmp_path / "second.log", patience_seconds=0.2)
    with pytest.raises(Outage) as refused:
        second.start()
    assert "Another process already uses the ClickHouse store" in refused.value.detail
    assert second.child is not None
    assert second.child.process.returncode == SECOND_PROCESS
    assert ask(sidecar, "SELECT 1") == (200, b"1\n")


def test_a_query_beyond_the_memory_cap_fails_alone(tmp_path: Path):
    small = Sidecar(tmp_path / "store", log=tmp_path / "log", memory_bytes_max=300_000_000)
    small.start()
    try:
        status, body = ask(small, "SELECT length(groupArray(number)) FROM numbers(200000000)")
        assert (status, b"MEMORY_LIMIT_EXCEEDED" in body) == (500, True)
        assert ask(small, "SELECT 1") == (200, b"1\n")
    finally:
        small.stop()


def test_acknowledged_inserts_survive_a_kill(sidecar: Sidecar):
    assert ask(sidecar, "CREATE TABLE facts (id UInt64) ENGINE MergeTree ORDER BY id")[0] == 200
    acknowledged: list[int] = []

    def insert(first: int) -> None:
        for number in range(first, first + 10_000):
            try:
                status, _ = ask(sidecar, f"INSERT INTO facts VALUES ({number})")
            except (OSError, http.client.HTTPException):
                return
            if status == 200:
                acknowledged.append(number)
            if len(acknowledged) == 100 and sidecar.child is not None:
                os.kill(sidecar.child.pid, signal.SIGKILL)

    threads = [threading.Thread(target=insert, args=(10_000 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sidecar.stop()
    sidecar.start()
    status, body = ask(sidecar, "SELECT groupArray(id) FROM facts FORMAT JSONCompactEachRow")
    kept = [int(number) for number in json.loads(body)[0]]
    assert status == 200
    assert len(acknowledged) >= 100
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept))


def test_the_unmodified_driver_is_content(sidecar: Sidecar):
    client = clickhouse_connect.get_client(dsn=sidecar.url, autogenerate_session_id=False)
    client.command("CREATE TABLE pairs (id UInt32, name String, at DateTime64(6, 'UTC')) ENGINE MergeTree ORDER BY id")
    rows = [[number, f"客户 '{number}'\t\\", 1_700_000_000_000_000 + number] for number in range(100_000)]
    client.insert("pairs", rows, column_names=["id", "name", "at"])
    assert client.command("SELECT count() FROM pairs") == 100_000
    found = client.query("SELECT name FROM pairs WHERE id = {id:UInt32}", parameters={"id": 99_999})
    assert found.result_rows == [("客户 '99999'\t\\",)]
    assert client.query("SELECT name FROM pairs WHERE name = %(name)s", parameters={"name": rows[7][1]}).row_count == 1
    with pytest.raises(DatabaseError, match="UNKNOWN_IDENTIFIER") as refused:
        client.query("SELECT nothing FROM pairs")
    assert refused.value.code == 47
    client.close()
