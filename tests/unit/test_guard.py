from __future__ import annotations

from collections.abc import Sequence

import pytest

from codexity.adapters.fetch.guard import Guard, is_public
from codexity.adapters.fetch.names import Resolve
from codexity.errors import Unreadable

PUBLIC = """
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34 100.63.255.255 100.128.0.0
    126.255.255.255 128.0.0.1 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0
    191.255.255.255 192.0.1.0 192.0.3.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0
    203.0.112.255 203.0.114.0 223.255.255.255 168.63.129.15
    2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450:4001:800::200e 2400:cb00::1
    ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2606:4700::5efe:808:808
""".split()
CLOSED = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
    127.255.255.255 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1
    172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255
    198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1
    255.255.255.255
    :: ::1 ::2 ::7f00:1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1
    ::ffff:169.254.169.254
    ::ffff:0:7f00:1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::8.8.8.8 100::1 2001::1
    2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
    2002:a00:1::1 2002:808:808::1 2606:4700::5efe:7f00:1 2606:4700::200:5efe:a00:1 3fff::1 4000::1
    5f00::1 fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
""".split()
NONSENSE = ("", "localhost", "0x7f.1", "2130706433", "0177.0.0.1", "127.1", "1.1.1.1 ", "1.1.1")


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", CLOSED)
def test_any_other_address_may_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("text", NONSENSE)
def test_what_is_no_address_in_its_one_spelling_is_not_public(text: str) -> None:
    assert not is_public(text)


def saying(*addresses: str) -> Resolve:
    async def resolver(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolver


async def test_a_host_is_named_with_its_addresses_when_all_are_public() -> None:
    guard = Guard(resolver=saying("8.8.8.8", "2606:4700::1"))
    assert await guard.addresses("example.org", 443) == ("8.8.8.8", "2606:4700::1")


@pytest.mark.parametrize("closed", ["127.0.0.1", "10.0.0.1", "::1", "fe80::1%eth0", "nonsense"])
async def test_one_address_that_is_not_public_closes_the_host(closed: str) -> None:
    guard = Guard(resolver=saying("8.8.8.8", closed))
    with pytest.raises(Unreadable) as raised:
        await guard.addresses("example.org", 443)
    assert raised.value.code == "not_public"
    assert closed not in raised.value.message
    assert closed in raised.value.detail


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("wiki.lan", "wiki.lan", 80, True),
        ("wiki.lan", "WIKI.LAN.", 8080, True),
        ("Wiki.lan:8080", "wiki.lan", 8080, True),
        ("wiki.lan:8080", "wiki.lan", 80, False),
        ("Wiki.LAN.", "wiki.lan", 80, True),
        (" wiki.lan.:8080", "WIKI.lan.", 8080, True),
        ("wiki.lan.:8080", "wiki.lan.", 80, False),
        ("wiki.lan", "wiki.lan", 6379, True),
        ("[::1]:22", "::1", 22, True),
        ("wiki.lan", "other.wiki.lan", 80, False),
        ("wiki.lan", "wiki.lan.evil.org", 80, False),
        ("127.0.0.1:8000", "127.0.0.1", 8000, True),
        ("127.0.0.1:8000", "127.0.0.1", 80001, False),
        ("127.0.0.1:8000", "localhost", 8000, False),
        ("[::1]:8000", "::1", 8000, True),
        ("[::1]:8000", "::1", 8001, False),
        ("bücher.example", "xn--bcher-kva.example", 80, True),
        ("bücher.example", "bücher.example", 80, True),
        (" BÜCHER.Example.:8080", "xn--bcher-kva.example.", 8080, True),
        ("bücher.example:8080", "xn--bcher-kva.example", 80, False),
        ("bu\u0308cher.example", "XN--BCHER-KVA.example", 80, True),
        ("xn--bcher-kva.example", "Bücher.example", 80, True),
        ("bücher。example", "xn--bcher-kva.example", 80, True),
        ("bücher.example", "bucher.example", 80, False),
        ("bücher.example", "xn--bcher-kva.example.evil.org", 80, False),
        ("faß.example", "xn--fa-hia.example", 80, True),
        ("faß.example", "fass.example", 80, False),
        ("ｗｉｋｉ.lan", "wiki.lan", 80, False),
        ("ⓦiki.lan", "wiki.lan", 80, False),
        ("::1", "[::1]", 9, True),
        ("[::1]", "::1", 9, True),
    ],
)
async def test_the_settings_open_a_host_or_one_port_of_it(
    entry: str, host: str, port: int, allowed: bool
) -> None:
    guard = Guard(allow_hosts=frozenset({entry}), resolver=saying("127.0.0.1"))
    if allowed:
        assert await guard.addresses(host, port) == ("127.0.0.1",)
    else:
        with pytest.raises(Unreadable) as raised:
            await guard.addresses(host, port)
        assert raised.value.code == "not_public"


@pytest.mark.parametrize("port", [22, 25, 6000, 6379, 6697])
async def test_a_port_that_serves_no_pages_is_closed(port: int) -> None:
    guard = Guard(resolver=saying("8.8.8.8"))
    with pytest.raises(Unreadable) as raised:
        await guard.addresses("example.org", port)
    assert raised.value.code == "not_public"
    assert await guard.addresses("example.org", 8080) == ("8.8.8.8",)


async def test_a_host_without_an_address_is_unreachable() -> None:
    async def failing(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    for resolver in (failing, saying()):
        with pytest.raises(Unreadable) as raised:
            await Guard(resolver=resolver).addresses("example.org", 443)
        assert raised.value.code == "unreachable"
