"""Passkeys as browsers speak of them (WebAuthn): what is asked, and whether the answer is right.

fido2 (Yubico) reads and checks; here stands what this site asks for.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.http.request import split_domain_port
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from config.accounts.models import User
from config.accounts.second_factor.models import Passkey
from config.storage.encryption import digest

STATE = "passkey"  # in the session: the challenge, used once
# the password has been asked for, so a device that cannot ask for a finger or PIN will do
CARE = UserVerificationRequirement.PREFERRED


class Refused(Exception):
    """What the browser sent is not what was asked for."""


def ask_for_new(request: HttpRequest, person: User) -> str:
    """Return as JSON what a browser needs to make a passkey, and keep the challenge in the
    session.
    """
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(
            # no name and no number of a table: a key is kept by devices that others may read
            id=bytes.fromhex(digest(str(person.pk), "passkey")),
            name=person.get_username(),
            display_name=person.first_name or person.get_username(),
        ),
        credentials=_credentials(list(Passkey.objects.filter(user=person))),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=CARE,
    )
    request.session[STATE] = state
    return json.dumps(dict(options.public_key), default=dict)


def made(request: HttpRequest, answer: str) -> dict[str, Any]:
    """Return what is kept of the passkey that a browser made. Raises Refused."""
    state = request.session.pop(STATE, None)
    try:
        data = _server(request).register_complete(state, json.loads(answer))
    # whatever is wrong in bytes that a stranger may have written: CBOR, lengths, keys, signatures
    except Exception as error:
        raise Refused from error
    if data.credential_data is None:
        raise Refused
    return {
        "host": host(request),
        "credential_id": websafe_encode(data.credential_data.credential_id),
        "credential": bytes(data.credential_data),
        "counter": data.counter,
    }


def ask(request: HttpRequest, passkeys: list[Passkey]) -> str:
    """Return as JSON what a browser needs to use one of these, and keep the challenge in the
    session.
    """
    options, state = _server(request).authenticate_begin(
        _credentials(passkeys), user_verification=CARE
    )
    request.session[STATE] = state
    return json.dumps(dict(options.public_key), default=dict)


def used(request: HttpRequest, passkeys: list[Passkey], answer: str) -> tuple[Passkey, int]:
    """Return which of these was used, and its counter. Raises Refused."""
    state = request.session.pop(STATE, None)
    try:
        given = AuthenticationResponse.from_dict(json.loads(answer))
        found = _server(request).authenticate_complete(state, _credentials(passkeys), given)
    except Exception as error:  # as above
        raise Refused from error
    key = websafe_encode(found.credential_id)
    passkey = next(passkey for passkey in passkeys if passkey.credential_id == key)
    return passkey, given.response.authenticator_data.counter


def of_this_site(request: HttpRequest, person: User) -> list[Passkey]:
    """Return the passkeys of a person that were made under the name by which the site is asked."""
    return list(Passkey.objects.filter(user=person, host=host(request)))


def host(request: HttpRequest) -> str:
    """Return the name of the site, without the port."""
    return split_domain_port(request.get_host())[0]


def _server(request: HttpRequest) -> Fido2Server:
    # browsers say where they are; https anywhere, or this very machine
    address = request.get_host()
    origins = {f"https://{address}"}
    if host(request) == "localhost":
        origins.add(f"http://{address}")
    site = PublicKeyCredentialRpEntity(name="明察 Mingcha", id=host(request))
    return Fido2Server(site, verify_origin=lambda origin: origin in origins)


def _credentials(passkeys: list[Passkey]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(passkey.credential)) for passkey in passkeys]
