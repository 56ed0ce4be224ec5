"""What petitions can be told from outside: LINLI_PETITIONS_… for its own, LINLI_… for what all services share."""

from pydantic import Field

from shared.infra.settings import CommonSettings


class Settings(CommonSettings):
    """All settings of the service."""

    database_url: str = Field(validation_alias="LINLI_PETITIONS_DATABASE_URL")
    storage_url: str = Field(validation_alias="LINLI_STORAGE_URL", description="file:///… or s3://bucket/prefix")
    bus_url: str = Field(
        default="", validation_alias="LINLI_PETITIONS_BUS_URL", description="NATS, for the worker only."
    )
    url_signing_key: str = Field(validation_alias="LINLI_URL_SIGNING_KEY", min_length=32)
