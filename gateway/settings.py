"""What the gateway can be told from outside: LINLI_GATEWAY_… for its own, LINLI_… for what all share."""

from pydantic import Field

from shared.infra.settings import CommonSettings


class Settings(CommonSettings):
    """All settings of the gateway."""

    limits_url: str = Field(
        default="async+memory://",
        validation_alias="LINLI_GATEWAY_LIMITS_URL",
        description="Where counts are kept: in this process, or async+redis://… for several gateways.",
    )
    caller_per_minute: int = Field(default=600, ge=1, validation_alias="LINLI_GATEWAY_CALLER_PER_MINUTE")
    address_per_minute: int = Field(
        default=6000,
        ge=1,
        validation_alias="LINLI_GATEWAY_ADDRESS_PER_MINUTE",
        description="Generous: a carrier puts many phones behind one address.",
    )
    read_seconds: float = Field(default=15, gt=0, validation_alias="LINLI_GATEWAY_READ_SECONDS")
    write_seconds: float = Field(default=30, gt=0, validation_alias="LINLI_GATEWAY_WRITE_SECONDS")
