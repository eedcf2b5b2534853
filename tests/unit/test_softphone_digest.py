"""Digest answers, against the RFCs' own examples."""

from __future__ import annotations

import pytest

from carillon.softphone import digest
from carillon.softphone.digest import Credentials, NoUsableChallenge, authorization
from carillon.softphone.sip import Response

MUFASA = Credentials("Mufasa", "Circle of Life")
REALM = 'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
NONCES = 'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'


def challenge(*values, code=401, header="WWW-Authenticate"):
    return Response(tuple((header, value) for value in values), code=code)


@pytest.fixture
def rfc_cnonce(monkeypatch):
    monkeypatch.setattr(digest.secrets, "token_hex", lambda _size: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
@pytest.mark.usefixtures("rfc_cnonce")
def test_the_examples_of_rfc_7616(algorithm, response):
    _name, value = authorization(challenge(REALM.format(algorithm) + NONCES), MUFASA, "GET", "/dir/index.html")
    assert f'response="{response}"' in value
    assert f"algorithm={algorithm}" in value


def test_sha_256_is_taken_before_md5():
    both = challenge(REALM.format("MD5") + NONCES, REALM.format("SHA-256") + NONCES)
    assert "algorithm=SHA-256" in authorization(both, MUFASA, "REGISTER", "sip:x")[1]


def test_a_proxy_gets_its_own_header():
    asked = challenge(REALM.format("MD5") + NONCES, code=407, header="Proxy-Authenticate")
    assert authorization(asked, MUFASA, "INVITE", "sip:x")[0] == "Proxy-Authorization"


def test_an_algorithm_that_we_do_not_speak_is_said():
    with pytest.raises(NoUsableChallenge):
        authorization(challenge(REALM.format("SHA-512-256") + NONCES), MUFASA, "REGISTER", "sip:x")


def test_a_secret_is_not_in_repr():
    assert "Circle" not in repr(MUFASA)
