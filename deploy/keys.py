"""The signing keys that an installation begins with: its own, and the demo's, which production refuses."""

from pathlib import Path

from shared.infra.auth import has_key, make_key

DEMO_KEY = "demo-1"
FIRST_KEY = "key-1"


def ensure_key(folder: Path, kid: str) -> None:
    """A signing key of this name, made when there is none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not has_key(folder, kid):
        make_key(folder, kid)
