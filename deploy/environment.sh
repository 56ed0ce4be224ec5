#!/bin/sh
# Make the project's environment (.venv) from nothing but a Python and a package index, once: whatever is
# wrong with the machine is said in one sentence. Run by every goal of the Makefile; does nothing when
# nothing changed. Which index pip asks is pip's own configuration.
set -u
cd "$(dirname "$0")/.." || exit 1
root=$(pwd -P)
venv="$root/.venv"
unfinished="$venv/linli-unfinished"
stamp="$venv/linli-stamp"
log="$venv/linli-pip.log"
needed_mb=700

say() { printf '  %s\n' "$*"; }

stop_with() {
    printf '\n%s\n%s\n' "$1" "$2" >&2
    exit 1
}

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# The first that can do everything; remember why the others could not.
find_python() {
    python='' too_old='' without_venv=''
    for candidate in ${PYTHON:+"$PYTHON"} $([ -n "${PYTHON:-}" ] || echo \
        python3.14 python3.13 python3.12 python3.11 python3 python); do
        found=$(version_of "$candidate") || continue
        if ! new_enough "$candidate"; then
            too_old="${too_old:-$found}"
        elif ! has_venv "$candidate"; then
            without_venv="${without_venv:-$found}"
        else
            python=$candidate
            return
        fi
    done
    explain_python
}

explain_python() {
    if [ -n "$without_venv" ]; then
        stop_with "Python $without_venv 缺少 venv 模块，请安装软件包 python3-venv（或 python$without_venv-venv）后重试" \
            "Python $without_venv has no venv module; install the package python3-venv (or python$without_venv-venv) and try again"
    elif [ -n "$too_old" ]; then
        stop_with "Python $too_old 太旧，邻里需要 3.11 或更新的版本，请安装后重试，或用 PYTHON=路径 指定" \
            "Python $too_old is too old, Linli needs 3.11 or later; install one and try again, or name it with PYTHON=PATH"
    elif [ -n "${PYTHON:-}" ]; then
        stop_with "PYTHON=$PYTHON 不是可以运行的 Python，请改正后重试" \
            "PYTHON=$PYTHON is no Python that runs; correct it and try again"
    fi
    stop_with "找不到 Python，请安装 Python 3.11 或更新的版本（Debian：python3 和 python3-venv）后重试" \
        "There is no Python; install Python 3.11 or later (Debian: python3 and python3-venv) and try again"
}

disk_full() {
    stop_with "磁盘空间不足：$root 需要约 $needed_mb MB，请腾出空间后重试" \
        "The disk is full: $root needs about $needed_mb MB; free some space and try again"
}

free_mb() { df -Pk "$root" | awk 'NR == 2 { print int($4 / 1024) }'; }

check_folder() {
    [ -w "$root" ] || stop_with "目录 $root 不可写，请修改它的权限，或把项目复制到别处" \
        "The folder $root cannot be written; change its permissions or copy the project elsewhere"
    [ -d "$venv" ] || [ "$(free_mb)" -ge "$needed_mb" ] || disk_full
}

# What the environment was made from, and where: a virtual environment cannot be moved.
fingerprint() {
    "$1" -c '
import hashlib, sys
content = b"".join(open(name, "rb").read() for name in ("requirements.lock", "pyproject.toml"))
print(hashlib.sha256(content + repr((sys.argv[1], sys.version)).encode()).hexdigest())' "$root"
}

up_to_date() {
    [ -f "$stamp" ] && [ ! -e "$unfinished" ] && now=$(fingerprint "$venv/bin/python" 2>/dev/null) &&
        [ "$now" = "$(cat "$stamp")" ]
}

usable() { [ ! -e "$unfinished" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && stayed_here; }
stayed_here() { grep -qF "$root" "$venv/bin/activate" 2>/dev/null; }

# Only one at a time per project: the lock is on the folder itself and ends with this process.
alone() {
    [ "${LINLI_ALONE:-}" = "$root" ] && return
    find_python
    LINLI_ALONE=$root exec "$python" -c '
import fcntl, os, sys
folder = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(folder, fcntl.LOCK_EX)
os.set_inheritable(folder, True)
os.execvp("sh", ["sh", "deploy/environment.sh"])' "$root"
}

make_venv() {
    usable && [ -z "${PYTHON:-}" ] && { : >"$unfinished"; return; }
    find_python
    say "创建环境 .venv · making the environment with Python $(version_of "$python")"
    rm -rf "$venv" && mkdir "$venv" && : >"$unfinished" || explain_failure
    "$python" -m venv "$venv" >"$log" 2>&1 || explain_failure
}

explain_failure() {
    if [ "$(free_mb)" -lt 20 ] || grep -q 'No space left' "$log" 2>/dev/null; then
        disk_full
    elif grep -q -E 'No matching distribution|not a supported wheel' "$log" 2>/dev/null; then
        missing=$(grep -E 'No matching distribution|not a supported wheel' "$log" | tail -n 1)
        stop_with "包索引中没有适用于 $(uname -sm) 的安装包（$missing），请检查 pip 的索引设置，或换一台 Linux / macOS 机器" \
            "The package index has nothing for $(uname -sm) ($missing); check pip's index, or use another Linux or macOS machine"
    fi
    stop_with "安装依赖失败：$(grep -E '^ERROR' "$log" 2>/dev/null | tail -n 1)，请检查网络和 pip 设置，详情见 $log" \
        "Installing failed, see the line above; check the network and pip's settings, details are in $log"
}

# pip runs beside us and writes a log; we say how far it is, on one line of a terminal.
install() {
    "$venv/bin/python" -m pip install --disable-pip-version-check --no-input "$@" >>"$log" 2>&1 &
    pip=$!
    trap 'kill "$pip" 2>/dev/null; wait "$pip"; exit 130' INT TERM HUP
    while kill -0 "$pip" 2>/dev/null; do
        [ -t 1 ] && progress
        sleep 1
    done
    [ -t 1 ] && printf '\r\033[K'
    wait "$pip" || explain_failure
    trap - INT TERM HUP
}

progress() {
    doing="下载 · downloading $(grep -c '^Collecting' "$log")"
    grep -q '^Installing collected' "$log" && doing='安装 · installing'
    printf '\r\033[K  … %s' "$doing"
}

up_to_date && exit 0
check_folder
alone
# Somebody else may have done it while we waited.
up_to_date && exit 0
export PIP_USER=0
make_venv
say "安装依赖（首次约一分钟）· installing the dependencies, about a minute the first time"
install --require-hashes -r requirements.lock
install --no-deps --no-build-isolation -e .
fingerprint "$venv/bin/python" >"$stamp" && rm -f "$unfinished" || explain_failure
say "环境就绪 · the environment is ready"
