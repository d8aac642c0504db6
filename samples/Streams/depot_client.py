"""Written by gaw. Do not edit it; write it again: gaw generate python 127.0.0.1:5555 -o depot_client.py

    client = Client("127.0.0.1", 5555)
    depot = Depot(client)
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
import os
import socket
import ssl
import threading
import uuid
from typing import Any

UNSET = object()
CLASSES: dict[str, type] = {}


class GawError(Exception):
    """The call reached the server and failed there."""

    def __init__(self, name: str, message: str, trace: str | None = None):
        super().__init__("%s: %s" % (name, message) if message else name)
        self.name, self.message, self.trace = name, message, trace


class Value:
    """An object that travels with the name of its class."""

    def __init__(self, **members: Any):
        vars(self).update(members)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __repr__(self) -> str:
        return "%s(%s)" % (type(self).__name__, ", ".join("%s=%r" % member for member in vars(self).items()))


class Client:
    """One connection to a server; calls from several threads take turns. With a secret it signs, with encrypt=True it encrypts as well,
    which needs the package cryptography or pycryptodome. Inside TLS it speaks with tls=ssl.create_default_context()."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 5555,
        secret: str | None = None,
        timeout: float = 100.0,
        encrypt: bool = False,
        tls: ssl.SSLContext | None = None,
    ):
        self._address, self._timeout, self._tls = (host, port), timeout, tls
        try:
            self._key = b"" if secret is None else base64.b64decode(secret.strip(), validate=True)
        except ValueError:
            self._key = b""
        if secret is not None and len(self._key) not in (16, 24, 32):
            raise ValueError("a secret is the base64 text of 16, 24 or 32 bytes; gaw secret new makes one")
        if tls is not None and not isinstance(tls, ssl.SSLContext):
            raise TypeError("tls takes an ssl.SSLContext: tls=ssl.create_default_context()")
        if encrypt and not self._key:
            raise ValueError("encrypt=True needs a secret")
        self._aes = aes_of(self._key) if encrypt else None
        self._turn = threading.Lock()
        self._socket: socket.socket | None = None
        self._stream: Any = None
        self._id = 0

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._socket:
            self._stream.close()
            self._socket.close()
            self._socket = None

    def call(self, path: str, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Calls service/method and returns its result. A failed call raises GawError, a lost connection OSError."""
        given = {name: to_wire(value) for name, value in (kwargs or {}).items() if value is not UNSET}
        payload = {"args": {"_v": [to_wire(value) for value in args], "_t": "tuple"}, "kwargs": given}
        with self._turn:
            self._id += 1
            request = {"_v": {"id": self._id, "path": path, "payload": payload}, "_t": "RequestDataType"}
            try:
                self._send(json.dumps(request).encode())
                answer = json.loads(self._receive())
            except UnicodeDecodeError:
                self.close()
                raise ConnectionError("the server does not answer in plain: it wants a secret, or TLS") from None
            except (OSError, ValueError):
                self.close()
                raise
        if not answer["succ"]:
            raise GawError(**answer["data"])
        response = answer["data"]["_v"]
        if not response["success"]:
            raise GawError(**response["payload"])
        return from_wire(response["payload"])

    def _send(self, document: bytes) -> None:
        if not self._socket:
            plain = socket.create_connection(self._address, self._timeout)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = self._tls.wrap_socket(plain, server_hostname=self._address[0]) if self._tls else plain
            self._stream = self._socket.makefile("rb")
        payload = self._seal(document) + document
        if self._aes:
            payload = self._aes(payload, None)
        self._socket.sendall(b"%d\n" % len(payload) + payload)

    def _receive(self) -> bytes:
        line = self._stream.readline(22)
        payload = self._stream.read(int(line)) if line.endswith(b"\n") else b""
        if not payload:
            raise ConnectionError("the connection was lost before the answer came")
        if not self._key:
            return payload
        if self._aes:
            # The server's own refusals are encrypted, too; anything else is from one that does not encrypt.
            payload = self._aes(payload[16:], payload[:16]) if len(payload) >= 64 and len(payload) % 16 == 0 else b""
        seal, document = payload[:32], payload[32:]
        if not hmac.compare_digest(seal, self._seal(document)):
            raise ConnectionError(
                "the answer is %s with another secret, or %s: check the secret, and encrypt=%s"
                % (("encrypted", "the server does not encrypt", "False") if self._aes else ("signed", "the server encrypts", "True"))
            )
        return document

    def _seal(self, document: bytes) -> bytes:
        return hmac.new(self._key, document, hashlib.sha256).digest() if self._key else b""


def aes_of(key: bytes) -> Any:
    """AES-CBC with PKCS#7: a function that encrypts a text under a new IV, which stands in front of it, or decrypts one under the IV given."""
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        def run(text: bytes, iv: bytes, decrypts: bool) -> bytes:
            cipher = Cipher(algorithms.AES(key), modes.CBC(iv))
            context = cipher.decryptor() if decrypts else cipher.encryptor()
            return context.update(text) + context.finalize()
    except ImportError:
        try:
            from Crypto.Cipher import AES

            def run(text: bytes, iv: bytes, decrypts: bool) -> bytes:
                cipher = AES.new(key, AES.MODE_CBC, iv)
                return cipher.decrypt(text) if decrypts else cipher.encrypt(text)
        except ImportError:
            raise ImportError("encrypt=True needs the package cryptography or pycryptodome: pip install cryptography") from None

    def aes(text: bytes, iv: bytes | None) -> bytes:
        if iv is None:
            count = 16 - len(text) % 16
            iv = os.urandom(16)
            return iv + run(text + bytes([count]) * count, iv, False)
        opened = run(text, iv, True)
        count = opened[-1] if opened else 0
        return opened[:-count] if 1 <= count <= 16 and opened.endswith(bytes([count]) * count) else b""

    return aes


def to_wire(value: Any) -> Any:
    if isinstance(value, Value):
        name = getattr(type(value), "wire_name", type(value).__name__)
        return {"_v": {key: to_wire(member) for key, member in vars(value).items()}, "_t": name}
    if isinstance(value, (tuple, set, frozenset)):
        return {"_v": [to_wire(item) for item in value], "_t": "tuple" if isinstance(value, tuple) else "set"}
    if isinstance(value, datetime.datetime):
        return {"_v": value.isoformat(" "), "_t": "datetime"}
    if isinstance(value, uuid.UUID):
        return {"_v": str(value), "_t": "uuid"}
    if isinstance(value, dict):
        return {key: to_wire(item) for key, item in value.items()}
    return [to_wire(item) for item in value] if isinstance(value, list) else value


def from_wire(value: Any) -> Any:
    if isinstance(value, list):
        return [from_wire(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() != {"_v", "_t"}:
        return {key: from_wire(item) for key, item in value.items()}
    content, name = from_wire(value["_v"]), value["_t"]
    if name in ("tuple", "set"):
        return tuple(content) if name == "tuple" else set(content)
    if name == "datetime":
        return datetime.datetime.fromisoformat(content)
    if name == "uuid":
        return uuid.UUID(content)
    made = CLASSES.get(name) or type(name, (Value,), {})
    result = made.__new__(made)
    vars(result).update(content)
    return result


class Change(Value):
    """So many pieces are left of an article."""

    def __init__(self, name: str, count: int):
        super().__init__(name=name, count=count)


CLASSES["Change"] = Change


class Item(Value):
    """An article."""

    def __init__(self, name: str, count: int):
        super().__init__(name=name, count=count)


CLASSES["Item"] = Item


class Depot:
    """A depot of articles."""

    def __init__(self, client: Client):
        self._client = client

    def watch(self, name: str) -> list[Change]:
        """Every change of an article, as it happens. Goes on until the caller leaves. (A stream for .NET callers; here a list of all items, in one answer.)"""
        return self._client.call("depot/watch", (name,))

    def export(self) -> list[Item]:
        """All that is in the depot. (A stream for .NET callers; here a list of all items, in one answer.)"""
        return self._client.call("depot/export", ())

    def import_(self, items: list[Item], count: int = 0) -> int:
        """Puts items into the depot as they come. Who says how many they are is told how far it is, from 0 to 1."""
        return self._client.call("depot/import", (items,), {"count": count})
