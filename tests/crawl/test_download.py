"""The last gate before the network."""

import asyncio
import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from gaokerena_data.crawl.fetching.download import PublicResolver
from gaokerena_data.crawl.settings import Pace, scrapy_settings, user_agent
from gaokerena_data.errors import GaokerenaError


class Names(AbstractResolver):
    """Says what it was told to say."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


def resolved(*addresses: str) -> list[str]:
    found = asyncio.run(PublicResolver(Names(*addresses)).resolve("nabz.site", 443))
    return [entry["host"] for entry in found]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "224.0.0.1"),
    ],
)
def test_a_name_that_means_a_private_address_is_not_resolved(address: str) -> None:
    with pytest.raises(OSError, match="no public address"):
        resolved(address)


def test_public_addresses_are_kept() -> None:
    assert resolved("185.143.233.5", "127.0.0.1", "2a00:1450::1") == [
        "185.143.233.5",
        "2a00:1450::1",
    ]


def test_nothing_is_left_to_the_defaults_of_scrapy() -> None:
    settings = scrapy_settings(Pace())
    assert settings["DOWNLOAD_DELAY"] >= 1
    assert settings["DOWNLOAD_DELAY_JITTER"] == 0
    assert settings["AUTOTHROTTLE_ENABLED"] is True
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    assert settings["TELNETCONSOLE_ENABLED"] is False
    assert settings["REMOTE_CONTROL_ENABLED"] is False
    assert settings["JOBDIR"] is None
    assert settings["DOWNLOAD_MAXSIZE"] <= 10 << 20
    assert settings["USER_AGENT"] == user_agent()


@pytest.mark.parametrize("delay", [0.0, 0.99])
def test_a_live_site_is_asked_once_a_second_at_most(delay: float) -> None:
    with pytest.raises(GaokerenaError, match="give at least 1"):
        Pace.of(delay, None)
    assert Pace.of(delay, ("127.0.0.1", 80)).concurrency > 2
    assert Pace.of(5.0, None) == Pace(5.0)
