"""The command itself, how its problems are said, and what its subcommands share."""

import logging
import os
import sys

import click

from deploy.machine.folder import data_folder, read_json
from deploy.machine.problems import CommandFailed, MachineProblem
from shared.infra import logs


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def linli() -> None:
    """邻里 Linli: the backend of a neighbourhood.

    On one machine `linli run` does everything. Apart from that, `linli migrate` makes the databases, `linli serve` the
    web process and `linli work` the worker; all read their settings from LINLI_… in the environment, and where these
    are missing, from the data folder of `linli run`.
    """


def main() -> None:
    """The entry point: problems of the machine and of the input are said in one sentence, without a traceback."""
    from deploy.imports.report import ImportProblem

    # What runs for long logs all it does (see serving.py); a command that a person types only speaks up when it must.
    logs.set_up(logging.ERROR)
    try:
        linli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except ImportProblem as error:
        sys.exit(f"{error.what_zh}\n{error.what_en}")
    except (ConnectionError, FileNotFoundError, TimeoutError):
        sys.exit(
            "数据库或消息服务没有运行，请先在另一个终端运行 make run\n"
            "The database or the bus does not run; start them with make run in another terminal"
        )
    except (MachineProblem, CommandFailed, OSError) as error:
        sys.exit(str(error))
    except Exception as error:
        if "httpx" not in sys.modules or not isinstance(error, sys.modules["httpx"].HTTPError):
            raise
        sys.exit(
            f"网关没有给出所需的回答，请先启动 make run\nThe gateway did not answer as needed; is it running? ({error})"
        )


def with_environment() -> None:
    """Where the environment says nothing, the servers of `linli run` are meant."""
    if "LINLI_KEYS" not in os.environ:
        if not (data_folder() / "secrets.json").exists():
            raise click.ClickException(
                "没有 LINLI_… 环境变量，也没有 `linli run` 的数据目录；请先运行 make run。\n"
                "Neither LINLI_… settings nor a data folder of `linli run` are there; start with make run."
            )
        from deploy.machine.servers import open_servers

        for name, value in open_servers(data_folder()).environment().items():
            os.environ.setdefault(name, value)


def admin_bus() -> str:
    url = os.environ.get("LINLI_BUS_URL")
    if not url:
        raise click.ClickException("请设置管理员的 LINLI_BUS_URL。\nSet an administrator's LINLI_BUS_URL.")
    return url


def usual_base_url() -> str:
    return str(read_json(data_folder() / "demo.json").get("base_url", "http://127.0.0.1:8000"))
