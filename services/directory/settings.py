"""What the directory can be told from outside: LINLI_DIRECTORY_… for its own, LINLI_… for what all services share."""

from pydantic import Field

from shared.infra.settings import CommonSettings


class Settings(CommonSettings):
    """All settings of the service. The owner's address is none of them: only `linli migrate` may know it."""

    database_url: str = Field(validation_alias="LINLI_DIRECTORY_DATABASE_URL")
    bus_url: str = Field(default="", validation_alias="LINLI_DIRECTORY_BUS_URL", description="For the worker only.")
