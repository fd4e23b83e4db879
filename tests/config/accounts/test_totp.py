"""Codes of an authenticator app are those of RFC 6238."""

from __future__ import annotations

import base64

import pytest

from config.accounts.second_factor import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()  # RFC 6238, appendix B
NOW = 1_111_111_111


@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ],
)
def test_the_codes_of_the_standard(seconds, eight_digits):
    assert totp.code_at(SECRET, totp.step_at(seconds)) == eight_digits[-6:]


@pytest.mark.parametrize(
    ("off", "is_right"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)]
)
def test_a_phones_clock_may_be_half_a_minute_off(off, is_right):
    code = totp.code_at(SECRET, totp.step_at(NOW + off))

    step = totp.matching_step(SECRET, code, seconds=NOW, after=0)

    assert (step == totp.step_at(NOW + off)) == is_right
    assert (step is None) == (not is_right)


def test_a_code_and_those_before_it_are_used_up():
    now = totp.step_at(NOW)
    earlier, this, later = (totp.code_at(SECRET, now + n) for n in (-1, 0, 1))

    def given(code):
        return totp.matching_step(SECRET, code, seconds=NOW, after=now)

    assert [given(earlier), given(this), given(later)] == [None, None, now + 1]


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "\0" * 6])
def test_what_is_no_code_matches_nothing(code):
    assert totp.matching_step(SECRET, code, seconds=NOW, after=0) is None


def test_secrets_are_160_bits_and_differ():
    secrets = {totp.new_secret() for _ in range(20)}

    assert len(secrets) == 20
    assert {len(base64.b32decode(secret)) for secret in secrets} == {20}


def test_the_address_names_site_and_person():
    found = totp.address("ABC", issuer="Mingcha", account="王 a:b")

    assert found == "otpauth://totp/Mingcha:%E7%8E%8B%20a%3Ab?secret=ABC&issuer=Mingcha"
