"""The kernels of the board's page: of this Python, closed to other users of the computer, born of one process."""

import asyncio
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

KERNEL_NAME = "python3"

_CAN_FORK = sys.platform == "linux"  # elsewhere a process that has imported all this may not be forked

_SPEC = {
    "argv": [sys.executable, "-P", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "reflectlab",
    "language": "python",
    "metadata": {
        "supported_encryption": ["curve"],
        **({"kernel_provisioner": {"provisioner_name": "reflectlab"}} if _CAN_FORK else {}),
    },
}
"""`-P`: nothing is imported from the folder that happens to be the current one."""


_FRUGAL = {
    "MALLOC_ARENA_MAX": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0,narenas:1,tcache:false",
}
"""What lets a kernel keep less memory: a board computes little, and twenty are to fit 2 GB.

The pools of Arrow (9 MB in each kernel) and of Polars (7 MB) would give nothing back.
"""


class OneKernel(KernelSpecManager):
    """The one kernel that a board can have, whatever others are installed for this user."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 - as in Jupyter
        """Return what starts a kernel of this Python."""
        return KernelSpec(**_SPEC)

    def get_all_specs(self) -> dict[str, Any]:
        """Return the same, as Jupyter lists it."""
        return {KERNEL_NAME: {"resource_dir": "", "spec": _SPEC}}


class Nursery:
    """The process that forks kernels, as the server sees it."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-m", f"{__package__}.nursery"]
            env = {**_FRUGAL, **os.environ}
            self._process = subprocess.Popen(command, stdin=theirs.fileno(), start_new_session=True, env=env)
        self._answers = self._ours.makefile("r", encoding="ascii")
        self._turn = threading.Lock()

    def fork(self, arguments: list[str], env: Mapping[str, str], cwd: str) -> int:
        """Return the process id of a new kernel.

        Raises
        ------
        OSError
            If there is no nursery any more.
        """
        asked = json.dumps({"arguments": arguments, "env": dict(env), "cwd": cwd})
        with self._turn:
            self._ours.sendall(f"{asked}\n".encode())
            answer = self._answers.readline()
        if not answer:
            raise ConnectionError("the process that kernels are born of has ended")
        return int(answer)

    def end(self) -> None:
        """Let the process end: nobody will ask it any more."""
        self._answers.close()
        self._ours.close()
        self._process.terminate()
        self._process.wait()


class KernelChild:
    """A process that is somebody else's child, with as much of `subprocess.Popen` as Jupyter asks for."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)  # unlike the number, it never comes to mean another process
        self._ended = False

    def poll(self) -> int | None:
        """Return 0 once it has ended, whatever it ended with."""
        self._ended = self._ended or bool(select.select([self._handle], [], [], 0)[0])
        return 0 if self._ended else None

    def wait(self) -> int:
        """Wait for its end."""
        if not self._ended:
            select.select([self._handle], [], [])
            self._ended = True
        os.close(self._handle)
        return 0

    def send_signal(self, number: int) -> None:
        """Send it a signal; nothing to one that has ended."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class ForkedKernel(LocalProvisioner):
    """Jupyter's way to a kernel of this computer, which is forked, not started anew."""

    nursery: ClassVar[Nursery | None] = None

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Fork a kernel; where that cannot be, start one."""
        if self.nursery is None:
            return await super().launch_kernel(cmd, **options)
        cwd = str(options.get("cwd") or Path.cwd())
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        try:
            pid = await asyncio.to_thread(self.nursery.fork, arguments, options["env"], cwd)
            self.process = KernelChild(pid)  # type: ignore[assignment]  # as much of Popen as is asked for
        except OSError:
            return await super().launch_kernel(cmd, **options)
        self.pid = self.pgid = pid
        self.cwd = cwd
        return self.connection_info


@contextmanager
def nursery() -> Iterator[None]:
    """Have a process that kernels are born of, for as long as this lasts; none where processes cannot be forked."""
    os.umask(0o077)  # what is written from here on, by a kernel too, is for its owner only
    if not _CAN_FORK:
        yield
        return
    place = EntryPoint("reflectlab", f"{__name__}:{ForkedKernel.__name__}", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.provisioners["reflectlab"] = place
    ForkedKernel.nursery = Nursery()
    try:
        yield
    finally:
        ForkedKernel.nursery.end()
        ForkedKernel.nursery = None
