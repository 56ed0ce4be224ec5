"""Alembic's entry; the work is done by the frame."""

from shared.infra.migrate import run_env

run_env()
