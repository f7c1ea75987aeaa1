"""The process whose children are the kernels of the board: what a board needs is imported here, once for all.

Each page has a kernel of its own. Twenty of them, each with its own imports, take 5 GB; as children of one process they
share what that had in memory when they were born. Nothing is computed here: a child would lack the threads for it.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar, NoReturn

_NEEDED = (
    "reflectlab.serve.shown",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.font_manager",
    "matplotlib.pyplot",
    "narwhals._arrow.namespace",
    "narwhals._interchange.dataframe",
    "narwhals._pandas_like.namespace",
    "narwhals._polars.dataframe",
    "narwhals._polars.group_by",
    "narwhals._polars.namespace",
    "narwhals.group_by",
    "pandas.core.methods.to_dict",
    "pyarrow.compute",
    "pyarrow.pandas_compat",
    "reflectlab.measure.comparison",
    "scipy.optimize",
    "scipy.stats",
    "statsmodels.stats.proportion",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "logging.config",
    "pdb",
    "reflectlab.load.assemble",
    "reflectlab.load.progress_bar",
    "tornado.platform.asyncio",
    "tornado.queues",
    "psutil",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "zmq.utils.garbage",
)
"""What a kernel or a board imports only when it is at work."""


def tend(asked: socket.socket) -> None:
    """Import what boards need; then fork a kernel for each line that comes, and answer with its process id.

    It ends when nobody can ask any more.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ended is forgotten at once
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # a board is not debugged from its page
    for name in _NEEDED:
        import_module(name)
    gc.collect()
    gc.freeze()  # a search for garbage writes to every object: what is shared would be copied
    with contextlib.suppress(ConnectionError), asked.makefile("r", encoding="utf-8") as lines:
        for line in lines:
            child = os.fork()
            if not child:
                _live(asked, json.loads(line))
            asked.sendall(f"{child}\n".encode())


def _live(asked: socket.socket, told: dict[str, Any]) -> NoReturn:
    """Be the kernel that was asked for, to the end of this process."""
    try:
        os.setsid()
        asked.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(told["env"])
        os.environ.setdefault("POLARS_MAX_THREADS", "1")  # each keeps memory of its own
        # A picture that was drawn is garbage in circles, and there is little else to search
        gc.set_threshold(100, 5, 5)
        os.chdir(told["cwd"])
        sys.argv = [
            "ipykernel_launcher",
            *told["arguments"],
            "--HistoryManager.enabled=False",
            f"--IPKernelApp.parent_handle={os.getppid()}",
        ]
        from ipykernel import ipkernel, kernelapp

        vars(ipkernel)["sys"] = _Sys("sys")
        kernelapp.launch_new_instance()
    finally:
        os._exit(0)


class _Sys(ModuleType):
    """`sys` as a kernel sees it as it starts, without modules: it asks each where its file is, for a debugger.

    That writes to so many places that 14 MB are shared no more.
    """

    modules: ClassVar[dict[str, ModuleType]] = {}

    def __getattr__(self, name: str) -> Any:
        """Return what `sys` has under that name."""
        return getattr(sys, name)


def _own_input() -> socket.socket:
    """Return what stands in the place of this process's input, with nothing in that place."""
    asked = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    return asked


if __name__ == "__main__":
    tend(_own_input())
