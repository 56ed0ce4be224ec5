"""Settings that every service has. Each service adds its own with its prefix (LINLI_PETITIONS_…)."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class CommonSettings(BaseSettings):
    """Read from the environment, prefix LINLI_. `linli run` sets all of them for one machine."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", extra="ignore")

    production: bool = Field(default=False, description="Refuses demo keys and everything that is not for real use.")
    public_url: str = Field(default="", description="Where clients reach the gateway; put before the links in answers.")
    keys: Path = Field(description="Folder with jwks.json (and, for the directory, the private keys).")
    service_token_key: str = Field(min_length=32, description="Signs calls between services.")
    pool_size: int = Field(default=8, ge=1, le=100, description="Database connections of one service in one process.")
    directory_url: str = Field(default="", description="The directory's address; empty: in this process.")
    petitions_url: str = Field(default="", description="Petitions' address; empty: in this process.")
    volunteers_url: str = Field(default="", description="Volunteers' address; empty: in this process.")
