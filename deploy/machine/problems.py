"""What can be wrong with the machine, each as one sentence in two languages that says what to do next."""

import errno
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class MachineProblem(Exception):
    """Something outside the program that only the person at the keyboard can change."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")


class CommandFailed(Exception):
    """A command of ours ended with an error, and has said why."""


def port_taken(port: int, holder: str | None) -> MachineProblem:
    by_chinese = f"（{holder}）" if holder else ""
    by_english = f" by {holder}" if holder else ""
    other = port + 1 if port < 65535 else 8000
    return MachineProblem(
        f"端口 {port} 已被占用{by_chinese}，请换一个端口：make run PORT={other}",
        f"Port {port} is in use{by_english}; choose another one: make run PORT={other}",
    )


def port_impossible(port: int, reason: str) -> MachineProblem:
    return MachineProblem(
        f"不能使用端口 {port}（{reason}），请换一个 1024 到 65535 之间的端口：make run PORT=8000",
        f"Port {port} cannot be used ({reason}); choose one from 1024 to 65535: make run PORT=8000",
    )


def already_running(folder: Path, pid: int | None, port: int | None) -> MachineProblem:
    address = f"http://127.0.0.1:{port}" if port else str(folder)
    process = f"pid {pid}" if pid else "pid ?"
    return MachineProblem(
        f"邻里已在运行：{address}（{process}），请直接使用，或先在那个终端按 Ctrl-C 停止它",
        f"Linli is already running at {address} ({process}); use it, or stop it there with Ctrl-C first",
    )


def foreign_folder(folder: Path, owner: str) -> MachineProblem:
    return MachineProblem(
        f"数据目录 {folder} 属于用户 {owner}，请以该用户运行，或换一个目录：LINLI_DATA=目录 make run",
        f"The data folder {folder} belongs to {owner}; run as that user or choose another folder: "
        "LINLI_DATA=FOLDER make run",
    )


def not_ours(folder: Path) -> MachineProblem:
    return MachineProblem(
        f"{folder} 里已有别的文件，不能用作数据目录，请选一个空目录：LINLI_DATA=目录 make run",
        f"{folder} holds other files and cannot become the data folder; choose an empty one: "
        "LINLI_DATA=FOLDER make run",
    )


def copied_folder(folder: Path, original: Path) -> MachineProblem:
    return MachineProblem(
        f"数据目录 {folder} 是 {original} 的副本，两者指向同一个数据库，请换一个新目录：LINLI_DATA=目录 make run",
        f"The data folder {folder} is a copy of {original} and points to the same database; "
        "choose a new folder: LINLI_DATA=FOLDER make run",
    )


def no_wheel(what: str) -> MachineProblem:
    here = f"{platform.system()} {platform.machine()}"
    return MachineProblem(
        f"找不到适用于 {here} 的 {what}，请删除 .venv 后重试，或在 Linux / macOS（x86-64、arm64）上运行",
        f"There is no {what} for {here}; delete .venv and try again, or run on Linux or macOS (x86-64, arm64)",
    )


def server_failed(name: str, log: Path, last_line: str) -> MachineProblem:
    return MachineProblem(
        f"{name} 无法启动：{last_line or '没有输出'}，详情见日志 {log}",
        f"{name} does not start: {last_line or 'it said nothing'}; see its log {log}",
    )


def wrong_major(data: Path, found: str, expected: str) -> MachineProblem:
    return MachineProblem(
        f"{data} 由 PostgreSQL {found} 写成，而现在是 {expected}，请先用旧版本备份再恢复到新的数据目录",
        f"{data} was written by PostgreSQL {found}, this is {expected}; back it up with the old version "
        "and restore it into a new data folder",
    )


def no_account(name: str, said: str) -> MachineProblem:
    return MachineProblem(
        f"PostgreSQL 不能以 root 运行，而系统用户 {name} 无法创建（{said}），请以普通用户运行",
        f"PostgreSQL refuses to run as root and the system user {name} could not be created ({said}); "
        "run as an ordinary user",
    )


def process_failed(name: str, log: Path) -> MachineProblem:
    return MachineProblem(
        f"{name} 进程未能就绪，原因见日志 {log}",
        f"The {name} process did not become ready; its log says why: {log}",
    )


def disk_full(folder: Path) -> MachineProblem:
    return MachineProblem(
        f"磁盘已满，无法写入 {folder}，请腾出空间（至少 500 MB）后重试",
        f"The disk is full and {folder} cannot be written; free some space (at least 500 MB) and try again",
    )


def not_writable(folder: Path) -> MachineProblem:
    return MachineProblem(
        f"目录 {folder} 不可写，请修改它的权限，或换一个目录：LINLI_DATA=目录 make run",
        f"The folder {folder} cannot be written; change its permissions or choose another one: "
        "LINLI_DATA=FOLDER make run",
    )


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn the two things a file system says most often into sentences; anything else stays as it is."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(folder) from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise not_writable(folder) from error
        raise
