"""Linli on one machine: its data folder, its own PostgreSQL and NATS, and the processes that serve.

Nothing here knows what a petition is; the services see only the environment that comes out of it.
"""

from deploy.machine.problems import MachineProblem
from deploy.machine.servers import Servers, start_servers

__all__ = ["MachineProblem", "Servers", "start_servers"]
