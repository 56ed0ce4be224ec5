"""`linli`: the one command. Each subcommand is a few lines; what it does stands in the module that it names."""

from deploy.cli import bringing, keeping, serving
from deploy.cli.group import linli, main

__all__ = ["bringing", "keeping", "linli", "main", "serving"]
