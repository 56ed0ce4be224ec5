"""What a child of the runner does to end with it, even when the runner was killed without a word."""

import os
import signal
import threading
import time

PIPE = "LINLI_PARENT_PIPE"
GRACE_SECONDS = 15


def watch_parent() -> None:
    """Call once at the start of a process that the runner starts; without a runner it does nothing.

    The runner holds the other end of a pipe and never writes to it. When the runner is gone, however it
    went, the read ends; we then stop as if asked to, and for good if that takes too long.
    """
    inherited = os.environ.pop(PIPE, None)
    if inherited is None:
        return
    pipe = int(inherited)
    os.set_inheritable(pipe, False)
    threading.Thread(target=_wait_and_stop, args=(pipe,), name="watch-parent", daemon=True).start()


def _wait_and_stop(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
