"""PostgreSQL and NATS of one data folder, and the environment in which services find them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from deploy.machine.folder import SERVICES, Json, load_secrets, open_folder, private
from deploy.machine.nats import Nats
from deploy.machine.postgres import Postgres
from deploy.machine.problems import explained


@dataclass
class Servers:
    """Both servers, running."""

    folder: Path
    secret: Json
    postgres: Postgres
    nats: Nats

    def environment(self) -> dict[str, str]:
        """All that a service or `linli migrate` needs to know, as the settings classes read it."""
        environment = {
            "LINLI_DATABASE_URL": self.postgres.url("postgres", "postgres"),
            "LINLI_BUS_URL": self.nats.url("admin"),
            "LINLI_STORAGE_URL": (self.folder / "files").as_uri(),
            "LINLI_KEYS": str(self.folder / "keys"),
            "LINLI_URL_SIGNING_KEY": self.secret["url_signing_key"],
            "LINLI_SERVICE_TOKEN_KEY": self.secret["service_token_key"],
        }
        for service in SERVICES:
            prefix, database = f"LINLI_{service.upper()}", f"linli_{service}"
            environment[f"{prefix}_DATABASE_URL"] = self.postgres.url(f"{service}_app", database)
            environment[f"{prefix}_OWNER_DATABASE_URL"] = self.postgres.url(f"{service}_owner", database)
            environment[f"{prefix}_BUS_URL"] = self.nats.url(service)
        return environment

    def start(self) -> dict[str, str]:
        """Start what does not run; say of each whether it was "started" or "running" already."""
        return {name: server.start() for name, server in self._named()}

    def _named(self) -> tuple[tuple[str, Postgres | Nats], ...]:
        return ("PostgreSQL", self.postgres), ("NATS", self.nats)

    def revive(self) -> list[str]:
        """Start again what died while it should run, and name it."""
        dead = [(name, server) for name, server in self._named() if server.process() is None]
        for _, server in dead:
            server.start()
        return [name for name, _ in dead]

    def stop(self) -> None:
        """NATS first: what it has not been told stays in the database's outboxes."""
        self.nats.stop()
        self.postgres.stop()

    def remove(self) -> None:
        """Stop, and delete all that was made, also what lies outside the folder."""
        self.nats.remove()
        self.postgres.remove()
        shutil.rmtree(self.folder, ignore_errors=True)


def open_servers(folder: Path) -> Servers:
    """Know the servers of a folder without starting them."""
    folder = open_folder(folder)
    with explained(folder):
        private(folder / "files")
        private(folder / "keys")
        secret = load_secrets(folder)
    return Servers(folder, secret, Postgres(folder, secret), Nats(folder, secret))


def start_servers(folder: Path) -> Servers:
    """Start both servers of a data folder, or adopt those that live on from before."""
    servers = open_servers(folder)
    servers.start()
    return servers
