"""Stands in for STS behind a proxy: `aws_clock.py FOLDER`.

Answers CONNECT for any host whose name begins with `sts.`, and inside it one HTTPS request, under a certificate of its own
authority, which is `FOLDER/ca.pem`. `FOLDER/says` tells how: `clock SECONDS` answers as STS does, with a date that far off;
`html` as a network's sign-in page does; `deny` has the proxy want a password. The proxy's port goes to `FOLDER/port`.
"""

import datetime
import email.utils
import os
import socketserver
import ssl
import sys
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FOLDER = sys.argv[1]
HOSTS = ["sts.eu-west-1.amazonaws.com", "sts.us-east-1.amazonaws.com"]


def certificate(name, key, signer, signing_key, authority):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signing_key, hashes.SHA256())


def keep(name, *parts):
    with open(os.path.join(FOLDER, name + ".new"), "wb") as file:
        file.writelines(parts)
    os.rename(os.path.join(FOLDER, name + ".new"), os.path.join(FOLDER, name))


def pem(key):
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


authority_key, host_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
authority = certificate("authority", authority_key, "authority", authority_key, True)
host = certificate("host", host_key, "authority", authority_key, False)
keep("ca.pem", authority.public_bytes(serialization.Encoding.PEM))
keep("host.pem", host.public_bytes(serialization.Encoding.PEM), pem(host_key))
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(os.path.join(FOLDER, "host.pem"))


def request(stream):
    """The lines of a request without a body."""
    text = b""
    while b"\r\n\r\n" not in text:
        part = stream.recv(4096)
        if not part:
            return []
        text += part
    return text.decode().split("\r\n")


class Proxy(socketserver.BaseRequestHandler):
    def handle(self):
        with open(os.path.join(FOLDER, "says")) as file:
            says = file.read().split()
        lines = request(self.request)
        if not lines or not lines[0].startswith("CONNECT sts."):
            return
        if says[0] == "deny":
            self.request.sendall(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")
            return
        self.request.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        try:
            with tls.wrap_socket(self.request, server_side=True) as inside:
                request(inside)
                inside.sendall(self.answer(says).encode())
        except (ssl.SSLError, OSError):
            pass

    def answer(self, says):
        if says[0] == "html":
            return "HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\nContent-Length: 0\r\n\r\n"
        date = email.utils.formatdate(time.time() + int(says[1]), usegmt=True)
        return (
            "HTTP/1.1 403 Forbidden\r\nContent-Type: text/xml\r\nx-amzn-RequestId: 1\r\n"
            f"Date: {date}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )


socketserver.ThreadingTCPServer.daemon_threads = True
with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Proxy) as server:
    keep("port", str(server.server_address[1]).encode())
    server.serve_forever()
