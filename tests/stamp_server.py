"""A time stamp service of our own (RFC 3161), on this machine only: a root, a certificate under it,
and `openssl ts` behind an address.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone

SETTINGS = """
[tsa]
default_tsa = mine
[mine]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
"""


class Service:
    """What it answers with can be changed: `answer` is the reply itself, or None for a stamp."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.answer, self.asked, self.url = folder, None, 0, ""
        self.root = folder / "root.pem"
        folder.mkdir(exist_ok=True)
        (folder / "serial").write_text("01")
        (folder / "tsa.conf").write_text(SETTINGS.format(folder=folder))
        root_key, root = _certificate("Root of a test")
        key, signer = _certificate("Stamp service of a test", of=(root_key, root))
        for path, certificate in ((self.root, root), (folder / "signer.pem", signer)):
            path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (folder / "signer.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )

    def stamp(self, query: bytes) -> bytes:
        """Return the reply to a query."""
        (self.folder / "query.tsq").write_bytes(query)
        command = ["openssl", "ts", "-reply", "-config", "tsa.conf", "-queryfile", "query.tsq"]
        subprocess.run(
            [*command, "-out", "reply.tsr"], cwd=self.folder, capture_output=True, check=True
        )
        return (self.folder / "reply.tsr").read_bytes()


@contextmanager
def running(folder: Path) -> Iterator[Service]:
    """Run the service on a free port."""
    service = Service(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked += 1
            assert self.headers["Content-Type"] == "application/timestamp-query"
            reply = service.stamp(query) if service.answer is None else service.answer
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_said: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _certificate(name, *, of=None):
    """Return a key and its certificate: a root, or one for time stamps under it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(of[1].subject if of else own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=of is None, path_length=None), critical=True)
    )
    if of:
        purpose = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(purpose, critical=True)
    return key, made.sign(of[0] if of else key, hashes.SHA256())
