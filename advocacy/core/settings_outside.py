"""Sections of the settings about services outside: who is asked, and by whom texts are sent."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator


class Section(BaseModel):
    """One section of the settings: frozen, closed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _source(value: str) -> str:
    """The address of a source: https, or http to this machine; without query, account and the last slash."""
    parts = urlsplit(value)
    is_near = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if value and (not (parts.scheme == "https" or is_near) or not parts.hostname or "@" in parts.netloc or parts.query):
        msg = "must look like https://api.example.org; http is taken from this machine only"
        raise ValueError(msg)
    return value.rstrip("/")


type_source = Annotated[str, AfterValidator(_source)]


class Civic(Section):
    """Who represents whom, and which sources are asked beyond the packs."""

    congress: int = Field(119, ge=1)
    country: str = Field("US", min_length=2, max_length=2)
    outside: bool = True
    census_url: type_source = "https://geocoding.geo.census.gov"
    openstates_url: type_source = "https://v3.openstates.org"
    openstates_key: SecretStr = SecretStr("")
    openstates_minute: int = Field(10, ge=1)
    openstates_day: int = Field(250, ge=1)
    congress_gov_url: type_source = "https://api.congress.gov"
    congress_gov_key: SecretStr = SecretStr("")
    congress_gov_hour: int = Field(5000, ge=1)
    mapit_url: type_source = "https://mapit.mysociety.org"
    mapit_key: SecretStr = SecretStr("")
    google_url: type_source = "https://civicinfo.googleapis.com"
    google_key: SecretStr = SecretStr("")
    legiscan_url: type_source = "https://api.legiscan.com"
    legiscan_key: SecretStr = SecretStr("")
    represent_url: type_source = "https://represent.opennorth.ca"
    postcodes_io_url: type_source = "https://api.postcodes.io"
    uk_parliament_url: type_source = "https://members-api.parliament.uk"
    update_nightly: bool = False
    congress_people_url: type_source = "https://unitedstates.github.io/congress-legislators"
    openstates_people_url: type_source = "https://codeload.github.com/openstates/people/tar.gz/refs/heads/main"
    cd_map_url: type_source = "https://www2.census.gov/geo/tiger/GENZ2024/shp/cb_2024_us_cd119_500k.zip"
    next_cd_map_url: type_source = "https://www2.census.gov/geo/tiger/TIGER2026/CD/tl_2026_us_cd120.zip"
    sldu_map_url: type_source = "https://www2.census.gov/geo/tiger/TIGER2024/SLDU/tl_2024_{fips}_sldu.zip"
    sldl_map_url: type_source = "https://www2.census.gov/geo/tiger/TIGER2024/SLDL/tl_2024_{fips}_sldl.zip"
    zip_table_url: type_source = (
        "https://raw.githubusercontent.com/OpenSourceActivismTech/us-zipcodes-congress/master/zccd.csv"
    )
    crosswalk_url: type_source = ""


class Sms(Section):
    """Text messages to people who asked for them; off while ``url`` is empty."""

    url: type_source = ""
    account: str = Field("", pattern=r"^[A-Za-z0-9]{0,64}$")
    token: SecretStr = SecretStr("")
    sender: str = Field("", pattern=r"^(?:\+[1-9][0-9]{6,14})?$")

    @model_validator(mode="after")
    def _is_whole(self) -> Sms:
        if self.url and not (self.account and self.token.get_secret_value() and self.sender):
            msg = "url needs account, token and sender beside it"
            raise ValueError(msg)
        return self
