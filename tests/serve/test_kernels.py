"""What the server asks of a kernel that has ended already."""

import subprocess
import sys

import pytest

pytest.importorskip("voila")

from reflectlab.serve.kernels import KernelChild


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked there alone")
def test_a_kernel_that_has_ended_takes_any_signal_in_silence() -> None:
    ended = subprocess.Popen(["true"])
    kernel = KernelChild(ended.pid)
    ended.wait()
    kernel.terminate()
    kernel.kill()
    assert kernel.poll() == 0
    assert kernel.wait() == 0
