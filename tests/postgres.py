"""A real PostgreSQL for tests, where its server is installed: a throwaway cluster on a free port."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.ports import free_port

NOBODY = "nobody"  # PostgreSQL refuses to run as root


class Postgres:
    """One server with one empty database; durability is off."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"postgresql+asyncpg://pracha@127.0.0.1:{self.port}/postgres"
        self._folder = Path(tempfile.mkdtemp(prefix="pracha-postgres-"))
        self._data = self._folder / "data"

    def start(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self._folder, NOBODY)
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "pracha", "--no-sync", "-E", "UTF8")
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", str(self._folder / "log"), "-w", "start")

    def stop(self) -> None:
        """End it at once, as a failing machine does; `start` begins anew."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        user = {"user": NOBODY, "group": pwd.getpwnam(NOBODY).pw_gid} if os.geteuid() == 0 else {}
        command = [str(Path(found()) / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **user)


def found() -> str:
    """The folder of the server's programs; empty where there is none."""
    beside = shutil.which("initdb")
    folders = [str(Path(beside).parent)] if beside else sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    return folders[0] if folders else ""
