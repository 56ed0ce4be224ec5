"""Knowing a process again: by its id *and* by what it was started for, since ids are used again."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil


def find(pid: int | None, *words: str) -> psutil.Process | None:
    """The living process with this id whose command line has all these words, or nothing."""
    if not pid:
        return None
    try:
        process = psutil.Process(pid)
        command = process.cmdline()
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
    except psutil.Error:
        return None
    return process if set(words) <= set(command) else None


def look_for(*words: str) -> psutil.Process | None:
    """Any living process whose command line has all these words: one whose id nobody had the time to note."""
    for process in psutil.process_iter():
        if found := find(process.pid, *words):
            return found
    return None


def belongs_to(process: psutil.Process, folder: Path) -> bool:
    """Whether a process was started with this data folder in its environment."""
    try:
        return process.environ().get("LINLI_DATA") == str(folder)
    except psutil.Error:
        return False


def gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def stop(process: psutil.Process, *steps: tuple[signal.Signals, float]) -> bool:
    """Send one signal after the other, each with its time to work; say whether the process ended."""
    for number, seconds in steps:
        if gone(process):
            return True
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
        wait_until_gone(process, seconds)
    return gone(process)


def wait_until_gone(process: psutil.Process, seconds: float) -> None:
    """Wait without reaping: who started a process may be another one, or a zombie's parent may be slow."""
    deadline = time.monotonic() + seconds
    while not gone(process) and time.monotonic() < deadline:
        time.sleep(0.01)


def listener(port: int) -> str | None:
    """Who listens on a port of this machine, as far as the system tells us."""
    try:
        connections = psutil.net_connections(kind="tcp")
        for connection in connections:
            here = connection.status == psutil.CONN_LISTEN and connection.laddr[1:2] == (port,)
            if here and connection.pid:
                return f"{psutil.Process(connection.pid).name()}, pid {connection.pid}"
    except psutil.Error:
        return None
    return None


def is_root() -> bool:
    return os.geteuid() == 0
