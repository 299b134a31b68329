"""Where other houses may be called: nothing goes out in clear, nobody's sign-in stands in an address."""

import pytest

from huoke.kernel.outward import is_address


@pytest.mark.parametrize(
    "address",
    [
        "https://partner.test", "https://partner.test/api/v2", "https://partner.test:8443/", "https://[2001:db8::1]/x",
        "http://127.0.0.1:9", "http://localhost/x", "http://[::1]:80", "https://p.test/" + "x" * 285,
    ],
)  # fmt: skip
def test_an_address_is_https_or_on_this_machine(address):
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "partner.test", "//partner.test", "https://", "http://partner.test", "http://127.0.0.1.partner.test",
        "ftp://partner.test", "https://p.test?x=1", "https://p.test/#x", "https://me@p.test", "https://me:pw@p.test",
        "https://:pw@p.test", "https://@p.test", "https://p.test:port", "https://p.test:99999", "https://[::1",
        "https://p.test/" + "x" * 286, "file:///etc/passwd",
    ],
)  # fmt: skip
def test_anything_else_is_none(address):
    assert not is_address(address)
