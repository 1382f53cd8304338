"""The guard's own table: addresses of the web that are refused, and some that are allowed.

`{port}` stands for the port of a server on loopback that nobody may reach.
"""

from __future__ import annotations

from typing import Final

from codexity.errors import ReadCode

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "public.test": ("93.184.216.34",),
    "six.test": ("2606:4700:4700::1111",),
    "both.test": ("2606:4700:4700::1111", "93.184.216.34"),
    "many.test": ("93.184.216.34", "8.8.8.8", "1.1.1.1"),
    "xn--bcher-kva.test": ("93.184.216.34",),
    "loopback.test": ("127.0.0.1",),
    "localhost": ("127.0.0.1", "::1"),
    "ip6-localhost": ("::1",),
    "inner.test": ("10.1.2.3",),
    "xn--bcher-kva.inner": ("10.1.2.3",),
    "nothing.test": (),
    "metadata.google.internal": ("169.254.169.254",),
    "metadata": ("169.254.169.254",),
    "instance-data.ec2.internal": ("169.254.169.254",),
    "instance-data-six.ec2.internal": ("fd00:ec2::254",),
    "metadata.azure.internal": ("168.63.129.16",),
    "metadata.tencentyun.com": ("169.254.0.23",),
    "metadata.gcp-six.internal": ("fd20:ce::254",),
    "127.0.0.1.nip.test": ("127.0.0.1",),
    "mixed-loopback.test": ("93.184.216.34", "127.0.0.1"),
    "mixed-private.test": ("93.184.216.34", "8.8.8.8", "192.168.1.1"),
    "mixed-six.test": ("93.184.216.34", "::1"),
    "mixed-mapped.test": ("2606:4700:4700::1111", "::ffff:169.254.169.254"),
    "mixed-zone.test": ("93.184.216.34", "fe80::1%lo"),
}
"""What the resolver of the table answers."""

REFUSED: Final[dict[str, tuple[str, ...]]] = {
    "IPv4 loopback": ("127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.254"),
    "IPv4 private": ("10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.0.1", "10.255.255.255"),
    "IPv4 link-local": ("169.254.0.1", "169.254.1.1", "169.254.169.253", "169.254.255.254"),
    "IPv4 behind carriers": ("100.64.0.1", "100.100.100.200", "100.127.255.254", "100.65.1.1"),
    "IPv4 multicast": ("224.0.0.1", "224.0.0.251", "239.255.255.250", "232.1.1.1"),
    "IPv4 reserved, broadcast": ("255.255.255.255", "240.0.0.1", "250.1.2.3", "254.255.255.255"),
    "IPv4 benchmarks": ("198.18.0.1", "198.18.255.255", "198.19.0.1", "198.19.255.254"),
    "IPv4 documentation": ("192.0.2.1", "198.51.100.1", "203.0.113.1", "203.0.113.254"),
    "IPv4 zero": ("0.0.0.0", "0.0.0.1", "0.1.2.3", "0.255.255.255"),
    "IPv4 protocols": ("192.0.0.1", "192.0.0.170", "192.0.0.192", "192.88.99.1"),
    "IPv4 as one number": ("2130706433", "3232235521", "2852039166", "167772161", "0"),
    "IPv4 in octal": ("017700000001", "0177.1", "0177.0.01", "012.1", "030052000001"),
    "IPv4 in hexadecimal": ("0x7f.0.0.1", "0x7f000001", "0x7F.0x0.0x0.0x1", "0xa9fea9fe", "0x0"),
    "IPv4 in short": ("127.1", "127.0.1", "10.1", "192.168.257", "169.254.43518"),
    "IPv4 in several bases": ("0x7f.1", "0177.0x1", "127.0x000001", "0xa9.254.0251.0xfe", "0x0a.1"),
    "IPv6 loopback": ("[::1]", "[0:0:0:0:0:0:0:1]", "[::0001]", "[::]", "[0000::1]"),
    "IPv6 local": ("[fc00::1]", "[fd00::1]", "[fd12:3456:789a::1]", "[fdff::1]"),
    "IPv6 link-local": ("[fe80::1]", "[fe80::a9fe:a9fe]", "[febf::1]", "[fe90::1]"),
    "IPv6 site-local": ("[fec0::1]", "[fed0::1]", "[feff::1]", "[fec0:0:0:ffff::1]"),
    "IPv6 multicast": ("[ff01::1]", "[ff02::1]", "[ff05::2]", "[ff0e::1]"),
    "IPv6 documentation": ("[2001:db8::1]", "[2001:db8:ffff::1]", "[3fff::1]", "[3fff:fff::1]"),
    "IPv6 protocols": ("[2001:2::1]", "[2001:10::1]", "[2001:20::1]", "[100::1]", "[5f00::1]"),
    "IPv4-mapped": (
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:10.0.0.1]",
        "[::ffff:192.168.0.1]",
        "[::FFFF:A9FE:A9FE]",
        "[::ffff:0:127.0.0.1]",
    ),
    "IPv4-compatible": ("[::127.0.0.1]", "[::7f00:1]", "[::10.0.0.1]", "[::169.254.169.254]"),
    "NAT64": (
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b::169.254.169.254]",
        "[64:ff9b:1::127.0.0.1]",
        "[64:ff9b:1::a00:1]",
        "[64:ff9b:1:ffff::8.8.8.8]",
    ),
    "6to4": ("[2002:7f00:1::]", "[2002:7f00:1::1]", "[2002:a00:1::1]", "[2002:a9fe:a9fe::1]"),
    "Teredo": (
        "[2001::1]",
        "[2001:0:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
        "[2001:0:4136:e378:8000:63bf:f5ff:fffe]",
    ),
    "ISATAP": (
        "[2606:4700::5efe:7f00:1]",
        "[2606:4700::5efe:10.0.0.1]",
        "[2606:4700::200:5efe:a00:1]",
        "[2606:4700::5efe:169.254.169.254]",
    ),
    "metadata by address": (
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "[fd00:ec2::254]",
        "[fd20:ce::254]",
    ),
    "metadata by name": (
        "metadata.google.internal",
        "METADATA.google.internal.",
        "metadata",
        "instance-data.ec2.internal",
        "instance-data-six.ec2.internal",
        "metadata.azure.internal",
        "metadata.tencentyun.com",
        "metadata.gcp-six.internal",
    ),
    "names of loopback": (
        "localhost",
        "LOCALHOST",
        "ip6-localhost",
        "loopback.test",
        "127.0.0.1.nip.test",
        "inner.test",
    ),
    "trailing dot": ("127.0.0.1.", "localhost.", "loopback.test.", "2130706433.", "0x7f.1."),
    "ideographic full stops": (
        "127。0。0。1",
        "127．0．0．1",
        "127｡0｡0｡1",
        "loopback。test",
    ),
    "names in other letters": (
        "bücher.inner",
        "BÜCHER.inner.",
        "bücher。inner",
        "xn--bcher-kva.inner",
        "XN--BCHER-KVA.Inner",
    ),
    "6to4 and NAT64 around inner addresses (PYSEC-2026-2995)": (
        "[2002:7f00:1::]",
        "[2002:a00:1::]",
        "[2002:a9fe:a9fe::]",
        "[2002:c0a8:101::c0a8:101]",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a00:1]",
        "[64:ff9b::192.168.1.1]",
    ),
    "other spellings of loopback (CVE-2026-47390)": (
        "localhost.",
        "127.1",
        "0x7f000001",
        "2130706433",
        "[::1]",
        "LocalHost.",
        "0x7f.0x0.0x0.0x1.",
    ),
    "both prefixes of NAT64 (CVE-2026-55473)": (
        "[64:ff9b::169.254.169.254]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:0:0:0:0:a9fe:a9fe]",
        "[64:ff9b:1::169.254.169.254]",
        "[64:ff9b:1::7f00:1]",
        "[64:ff9b:1:a9fe:a9:fe00::]",
        "[64:ff9b:1:ffff:ffff:ffff:a9fe:a9fe]",
    ),
    "mixed answers": (
        "mixed-loopback.test",
        "mixed-private.test",
        "mixed-six.test",
        "mixed-mapped.test",
        "mixed-zone.test",
    ),
}
"""Hosts; each is asked for as `http://HOST:{port}/`."""

MALFORMED: Final[dict[str, dict[ReadCode, tuple[str, ...]]]] = {
    "schemes": {
        "not_public": (
            "file:///etc/passwd",
            "ftp://127.0.0.1:{port}/",
            "gopher://127.0.0.1:{port}/_GET",
            "data:text/html,hello",
            "javascript:alert(1)",
            "dict://127.0.0.1:{port}/",
            "ldap://127.0.0.1:{port}/",
            "ws://127.0.0.1:{port}/",
            "unix:///run/docker.sock",
            "//127.0.0.1:{port}/",
        ),
    },
    "user names": {
        "not_public": (
            "http://public.test@127.0.0.1:{port}/",
            "http://user:word@public.test:{port}/",
            "http://public.test:80@127.0.0.1:{port}/",
            "http://:word@public.test:{port}/",
            "http://127.0.0.1:{port}@public.test:8080/",
        ),
    },
    "control characters": {
        "not_public": (" http://127.0.0.1:{port}/",),
        "unreachable": (
            "http://127.0.0.1:{port}/\r\nX: y",
            "http://127.0.0.1\t:{port}/",
            "http://public.test\r\n.127.0.0.1:{port}/",
            "http://127.0.0.1%00.public.test:{port}/",
            "http://public.test\x00@127.0.0.1:{port}/",
            "http://127.0.0.1 .public.test:{port}/",
            "http://\u200b127.0.0.1:{port}/",
        ),
    },
    "slashes and signs": {
        "not_public": ("http://public.test\\@127.0.0.1:{port}/",),
        "unreachable": (
            "http:127.0.0.1:{port}/",
            "http:/127.0.0.1:{port}/",
            "http:///127.0.0.1:{port}/",
            "http://127.0.0.1:{port}\\.public.test/",
            "http://127%2e0%2e0%2e1:{port}/",
            "http://[::1:{port}/",
        ),
    },
    "zone ids": {
        "not_public": ("http://[fe80::1%lo]:{port}/",),
        "unreachable": (
            "http://[fe80::1%25lo]:{port}/",
            "http://[::1%25lo]:{port}/",
            "http://[2606:4700::1111%25eth0]:{port}/",
        ),
    },
    "other spellings of loopback (CVE-2026-47390)": {
        "unreachable": ("http://0177.0.0.1:{port}/",),
    },
    "URL encoding": {
        "unreachable": (
            "http://127%2e0%2e0%2e1:{port}/",
            "http://%31%32%37.0.0.1:{port}/",
            "http://%6c%6f%63%61%6c%68%6f%73%74:{port}/",
            "http://%5b::1%5d:{port}/",
            "http://127.0.0.1%23.public.test:{port}/",
        ),
    },
    "octal in four parts": {
        "unreachable": (
            "http://0177.0.0.1:{port}/",
            "http://0177.0.0.01:{port}/",
            "http://00000177.0.0.1:{port}/",
            "http://012.0.0.1:{port}/",
        ),
    },
    "IDNA": {
        "unreachable": (
            "http://１２７.0.0.1:{port}/",
            "http://①②⑦.0.0.1:{port}/",
            "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
            "http://ｌｏｃａｌｈｏｓｔ:{port}/",
            "http://loop\xadback.test:{port}/",
        ),
    },
    "ports": {
        "not_public": (
            "http://public.test:22/",
            "http://public.test:25/",
            "http://public.test:6379/",
            "http://public.test:11211/",
            "https://public.test:6000/",
        ),
        "unreachable": (
            "http://public.test:0/",
            "http://public.test:65536/",
            "http://public.test:-1/",
        ),
    },
}
"""Whole addresses, by the code that they are refused with.

What is no address, or names no host that there is, is `unreachable`.
"""

ALLOWED: Final[tuple[str, ...]] = (
    "http://public.test/",
    "http://PUBLIC.test./a",
    "http://public.test:8080/",
    "http://public.test:8443/a?b=c",
    "http://six.test/",
    "http://both.test/",
    "http://many.test:3000/",
    "http://bücher.test/",
    "http://93.184.216.34/",
    "http://134744072/",
    "http://0x08.8.8.8:8000/",
    "http://[2606:4700:4700::1111]/",
    "http://[::ffff:8.8.8.8]:81/",
    "http://[64:ff9b::8.8.8.8]/",
    "http://public.test#@127.0.0.1:80/",
    "http://public.test/http://127.0.0.1/",
)
"""What the same fetcher reads."""
