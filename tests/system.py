"""The whole system for scenario and browser tests: `pracha run` itself, on free ports, in a folder of its own."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from core.settings import ROOT
from tests.ports import free_port

START_SECONDS = 300  # the first start trains the model


class RunningSystem:
    """One `pracha run` with its own database, Valkey and ports; the model is shared with other runs of the same inputs."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PRACHA_", "DATABASE_URL", "REDIS_URL"))},
            "PRACHA_VAR": str(folder),
            "PRACHA_MODELS": str(ROOT / "var" / "models"),
            "PRACHA_PORT": str(self.port),
            "PRACHA_ENGINE_PORT": str(free_port()),
            "PRACHA_ACTIONS_PORT": str(free_port()),
            "PRACHA_VALKEY_PORT": str(free_port()),
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.api_key = ""

    def start(self) -> None:
        """Start it and wait for the addresses it prints at the end.

        It starts with the vectors that earlier tests encoded: a first start takes half a minute of both processors for that.
        """
        for file in (ROOT / "var" / "tests").glob("vectors-*"):
            shutil.copy(file, self.folder)
        log = (self.folder / "run.log").open("wb")
        command = [sys.executable, "-m", "pracha", "run"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        demo = self.folder / "demo.json"
        begun = time.monotonic()
        while not demo.exists():
            if self.process.poll() is not None or time.monotonic() - begun > START_SECONDS:
                raise RuntimeError(f"pracha run did not start:\n{(self.folder / 'run.log').read_text()}")
            time.sleep(0.1)
        self.api_key = json.loads(demo.read_text())["api_key"]

    def valkey_url(self) -> str:
        """The address of its Valkey, with the password that its first start made."""
        secrets = dict(line.split("=", 1) for line in (self.folder / "secrets.env").read_text().split() if "=" in line)
        return f"redis://:{secrets['PRACHA_VALKEY_PASSWORD']}@127.0.0.1:{self.environment['PRACHA_VALKEY_PORT']}/0"

    def password(self, login: str) -> str:
        """The password of one of the demo's staff."""
        logins = json.loads((self.folder / "demo.json").read_text())["logins"]
        return next(str(one["password"]) for one in logins if one["login"] == login)

    def pracha(self, *arguments: str) -> str:
        """What an operator's command prints."""
        command = [sys.executable, "-m", "pracha", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True, timeout=120)
        return done.stdout

    def stop(self) -> int:
        """End it as Ctrl-C does; gives the exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def children(self) -> dict[str, int]:
        """The process ids of the running programs, by name."""
        assert self.process is not None
        found: dict[str, int] = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (entry / "cmdline").read_text().split("\0")
            except (OSError, ValueError):
                continue
            if parent == self.process.pid:
                found[_name(command)] = int(entry.name)
        return found

    def kill(self, name: str) -> None:
        """`kill -9` of one program."""
        os.kill(self.children()[name], signal.SIGKILL)

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        """One call of the JSON API; gives status and JSON."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {"X-API-Key": self.api_key if key is None else key, "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def chat(self, conversation: str | None, text: str = "", **more: Any) -> dict[str, Any]:
        """Say something over the API and give the whole answer."""
        body: dict[str, Any] = {"conversation": conversation, **({"text": text} if text else {}), **more}
        status, answer = self.call("POST", "/api/v1/chat", {k: v for k, v in body.items() if v is not None})
        assert status == 200, (status, answer)
        return dict(answer)

    async def until_ready(self, seconds: float = 60) -> None:
        """Until the readiness page finds nothing broken."""
        async with asyncio.timeout(seconds):
            while True:
                try:
                    status, _ = await asyncio.to_thread(self.call, "GET", "/readyz")
                except OSError:
                    status = 0
                if status == 200:
                    return
                await asyncio.sleep(0.2)


def _name(command: list[str]) -> str:
    if "--name" in command:
        return command[command.index("--name") + 1]
    for name in ("bot.runtime.server", "actions.server", "web.server"):
        if name in command:
            return {"bot.runtime.server": "engine", "actions.server": "actions", "web.server": "web"}[name]
    return "valkey" if "valkey-server" in command[0] else command[0]
