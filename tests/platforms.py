"""The stand-in platforms of ``../shared/judges``, as processes on loopback that judge every call."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.ports import free_port

START_SECONDS = 60
NAMES = {"line": "line_server.py", "telegram": "telegram_server.py", "graph": "graph_server.py"}


class Platform:
    """One stand-in: ``line``, ``telegram`` or ``graph``. Calls count from the last `forget` on."""

    def __init__(self, shared: Path, name: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [sys.executable, NAMES[name], str(self.port)]
        self._folder = shared / "judges"
        self._process: subprocess.Popen[bytes] | None = None
        self._calls_before = self._violations_before = 0

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(self._command, cwd=self._folder, env=environment, stdout=subprocess.DEVNULL)
        begun = time.monotonic()
        while True:
            try:
                self.get("/_calls")
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() - begun > START_SECONDS:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def calls(self) -> list[dict[str, Any]]:
        """Every call since `forget`, in order."""
        return list(self.get("/_calls"))[self._calls_before :]

    def violations(self) -> list[dict[str, Any]]:
        """Every call since `forget` that broke a rule, and why."""
        return list(self.get("/_violations"))[self._violations_before :]

    def forget(self) -> None:
        self._calls_before, self._violations_before = len(self.get("/_calls")), len(self.get("/_violations"))

    def script(self, **script: Any) -> None:
        """The next answers: ``script(path="/v2/bot/message/push", answers=[{"status": 429}])``, or ``method=`` for Telegram."""
        self.post("/_script", script)

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.load(answer)

    def post(self, path: str, body: Any) -> Any:
        data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=data, headers=headers), timeout=10) as answer:
            return json.load(answer)
