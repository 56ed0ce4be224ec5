"""What volunteers can be told from outside: LINLI_VOLUNTEERS_… for its own, LINLI_… for what all services share."""

from pydantic import Field

from shared.infra.settings import CommonSettings


class Settings(CommonSettings):
    """All settings of the service."""

    database_url: str = Field(validation_alias="LINLI_VOLUNTEERS_DATABASE_URL")
    bus_url: str = Field(
        default="", validation_alias="LINLI_VOLUNTEERS_BUS_URL", description="NATS, for the worker only."
    )
    url_signing_key: str = Field(validation_alias="LINLI_URL_SIGNING_KEY", min_length=32)
