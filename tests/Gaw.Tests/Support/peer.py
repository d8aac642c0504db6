#!/usr/bin/env python3
"""A gaw 0.7.6 peer written from the socket up, for the tests of the .NET library.

It behaves as the original does, its strictness included, save for two things a test cannot use: it never loops
without pause over a stream that ended within a frame, and it never waits without end. Standard library only.

    peer.py serve    [--host H] [--port P] [--secret B64] [--encrypt] [--two-writes]
    peer.py client HOST PORT       [--secret B64] [--encrypt] [--two-writes] [--retries N] [--timeout S]
    peer.py selftest VECTORS_JSON

serve prints `listening PORT` and ends when its stdin does. client reads one JSON command a line and writes one JSON
answer a line:

    {"path": P, "args": [...], "kwargs": {...}}   a call; arguments in wire form, sent as they are
      also "args_text"/"kwargs_text": the JSON text of them (for NaN), "id": the id to use, "meta": what .NET peers send beside
      -> {"ok": true, "result": WIRE, "text": "its JSON text", "type": "its Python type"}
         ("result" is null where the value holds NaN or an infinity: read "text")
      -> {"ok": false, "error": CLASS, "name": N, "message": M, "trace": T}
    {"batch": [CALL, ...]}                        all requests in one write -> {"ok": true, "results": [...]}
    {"document": TEXT}                            one frame holding this text -> {"ok": true, "document": TEXT}
    {"raw_hex": HEX, "half_close": BOOL, "idle": S}   bytes on a connection of their own, read until idle or closed
      -> {"ok": true, "frames": [TEXT or null if undecodable, ...], "closed": BOOL, "reset": BOOL, "rest_hex": HEX}
    {"threads": N, "calls": M, "path": P}         N connections x M calls of plus at once
      -> {"ok": BOOL, "calls": DONE, "failures": [TEXT, ...]}
    {"close": true}                               drops the connection -> {"ok": true}

Error classes are the original's, and two more: EndWithinFrame, where the original never returns, and TimedOut.
"""

import argparse
import base64
import datetime
import hashlib
import hmac
import json
import os
import re
import select
import socket
import sys
import threading
import time
import traceback
import uuid

# ---------------------------------------------------------------- AES-CBC (FIPS 197), by 32-bit tables


def _tables():
    exp, log = [0] * 512, [0] * 256
    x = 1
    for i in range(255):
        exp[i] = exp[i + 255] = x
        log[x] = i
        x ^= (x << 1) ^ (0x11B if x & 0x80 else 0)
        x &= 0xFF

    def mul(a, b):
        return exp[log[a] + log[b]] if a and b else 0

    sbox, inverse = [0] * 256, [0] * 256
    for i in range(256):
        b = exp[255 - log[i]] if i else 0
        s = b
        for _ in range(4):
            b = (b << 1 | b >> 7) & 0xFF
            s ^= b
        sbox[i] = s ^ 0x63
        inverse[sbox[i]] = i
    enc, dec, mix = [], [], []
    for i in range(256):
        s = sbox[i]
        enc.append(mul(s, 2) << 24 | s << 16 | s << 8 | mul(s, 3))
        s = inverse[i]
        dec.append(mul(s, 14) << 24 | mul(s, 9) << 16 | mul(s, 13) << 8 | mul(s, 11))
        mix.append(mul(i, 14) << 24 | mul(i, 9) << 16 | mul(i, 13) << 8 | mul(i, 11))

    def turned(table):
        return [[(w >> 8 * n | w << 32 - 8 * n) & 0xFFFFFFFF for w in table] for n in range(4)]

    return sbox, inverse, turned(enc), turned(dec), turned(mix)


SBOX, INVERSE, ENC, DEC, MIX = _tables()


class Aes:
    def __init__(self, key):
        if len(key) not in (16, 24, 32):
            raise ValueError("Incorrect AES key length (%d bytes)" % len(key))
        n = len(key) // 4
        words = [int.from_bytes(key[i:i + 4], "big") for i in range(0, len(key), 4)]
        rcon = 1
        for i in range(n, 4 * (n + 7)):
            w = words[i - 1]
            if i % n == 0:
                w = self._sub((w << 8 | w >> 24) & 0xFFFFFFFF) ^ rcon << 24
                rcon = (rcon << 1) ^ (0x11B if rcon & 0x80 else 0)
            elif n == 8 and i % n == 4:
                w = self._sub(w)
            words.append(words[i - n] ^ w)
        self._enc = [words[i:i + 4] for i in range(0, len(words), 4)]
        m0, m1, m2, m3 = MIX
        middle = [[m0[w >> 24] ^ m1[w >> 16 & 255] ^ m2[w >> 8 & 255] ^ m3[w & 255] for w in r] for r in self._enc[1:-1]]
        self._dec = [self._enc[-1]] + middle[::-1] + [self._enc[0]]

    @staticmethod
    def _sub(w):
        return SBOX[w >> 24] << 24 | SBOX[w >> 16 & 255] << 16 | SBOX[w >> 8 & 255] << 8 | SBOX[w & 255]

    @staticmethod
    def _run(block, keys, tables, last, step):
        t0, t1, t2, t3 = tables
        k = keys[0]
        s = [int.from_bytes(block[4 * i:4 * i + 4], "big") ^ k[i] for i in range(4)]
        for k in keys[1:-1]:
            s = [t0[s[i] >> 24] ^ t1[s[(i + step) & 3] >> 16 & 255] ^ t2[s[(i + 2) & 3] >> 8 & 255]
                 ^ t3[s[(i - step) & 3] & 255] ^ k[i] for i in range(4)]
        k = keys[-1]
        out = bytearray()
        for i in range(4):
            w = (last[s[i] >> 24] << 24 | last[s[(i + step) & 3] >> 16 & 255] << 16
                 | last[s[(i + 2) & 3] >> 8 & 255] << 8 | last[s[(i - step) & 3] & 255])
            out += (w ^ k[i]).to_bytes(4, "big")
        return bytes(out)

    def encrypt_cbc(self, iv, text):
        out = []
        for i in range(0, len(text), 16):
            iv = self._run(bytes(a ^ b for a, b in zip(iv, text[i:i + 16])), self._enc, ENC, SBOX, 1)
            out.append(iv)
        return b"".join(out)

    def decrypt_cbc(self, iv, text):
        out = bytearray()
        for i in range(0, len(text), 16):
            block = text[i:i + 16]
            out += bytes(a ^ b for a, b in zip(iv, self._run(block, self._dec, DEC, INVERSE, -1)))
            iv = block
        return bytes(out)


# ---------------------------------------------------------------- the errors of the original


class PostofficeException(Exception):
    def __init__(self, name, message, trace):
        Exception.__init__(self, name, message, trace)
        self.name, self.message, self.trace = name, message, trace


class JsonSocketException(PostofficeException):
    pass


class DecodeError(Exception):
    pass


class SerializeError(Exception):
    def __init__(self, val):
        Exception.__init__(self, val)
        self.val = val


class ConnectionTerminated(Exception):
    pass


class EndWithinFrame(Exception):
    """The stream ended inside a frame: the original loops for ever there."""


class TimedOut(Exception):
    """Nothing came in time: the original waits for ever there."""


# ---------------------------------------------------------------- protection of one payload


class Protection:
    NOT_JSON = "Data received was not in JSON or not decryptable format."

    def __init__(self, secret=None, encrypt=False):
        self.key = base64.b64decode(secret) if secret else b""
        self.aes = Aes(self.key) if self.key and encrypt else None

    def protect(self, document, iv=None):
        if not self.key:
            return document
        signed = hmac.new(self.key, document, hashlib.sha256).digest() + document
        if not self.aes:
            return signed
        iv = iv or os.urandom(16)
        fill = 16 - len(signed) % 16
        return iv + self.aes.encrypt_cbc(iv, signed + bytes([fill]) * fill)

    def unprotect(self, payload):
        """The document's bytes. The padding is looked at as carelessly as the original does: its last byte alone."""
        if self.aes:
            if len(payload) < 16 or len(payload) % 16:
                raise ValueError(self.NOT_JSON)
            text = self.aes.decrypt_cbc(payload[:16], payload[16:])
            if not text:
                raise IndexError("index out of range")
            payload = text[:-text[-1]]
        if self.key:
            mac, payload = payload[:32], payload[32:]
            if not hmac.compare_digest(mac, hmac.new(self.key, payload, hashlib.sha256).digest()):
                raise DecodeError("signature verification failed")
        return payload

    def open(self, payload):
        """The document's text and its value."""
        document = self.unprotect(payload)
        try:
            text = document.decode("utf-8")
            return text, json.loads(text)
        except ValueError:
            raise ValueError(self.NOT_JSON) from None

    def frame(self, text, iv=None):
        payload = self.protect(text.encode("utf-8", "surrogatepass"), iv)
        return b"%d\n" % len(payload), payload


# ---------------------------------------------------------------- frames on a socket


class Wire:
    def __init__(self, sock, protection, two_writes=False):
        self.sock, self.protection, self.two_writes = sock, protection, two_writes
        self.buffer = b""
        if not two_writes:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _receive(self):
        try:
            piece = self.sock.recv(65536)
        except (socket.timeout, TimeoutError):
            raise TimedOut("nothing came in %s s" % self.sock.gettimeout()) from None
        self.buffer += piece
        return bool(piece)

    def read_payload(self):
        """One payload; None when the peer closed between two frames."""
        while b"\n" not in self.buffer:
            if not self._receive():
                if not self.buffer:
                    return None
                raise EndWithinFrame("in the length line, after %r" % self.buffer[:40])
        line, self.buffer = self.buffer.split(b"\n", 1)
        size = frame_length(line)
        pieces, held = [self.buffer], len(self.buffer)
        while held < size:
            self.buffer = b""
            if not self._receive():
                raise EndWithinFrame("after %d of %d bytes" % (held, size))
            pieces.append(self.buffer)
            held += len(self.buffer)
        data = b"".join(pieces)
        self.buffer = data[size:]
        return data[:size]

    def write(self, text):
        line, payload = self.protection.frame(text)
        if self.two_writes:
            self.sock.sendall(line)
            self.sock.sendall(payload)
        else:
            self.sock.sendall(line + payload)


def frame_length(line):
    """As Python reads it, and as it refuses to make a buffer of that size."""
    size = int(line.decode("ascii"))
    if size < 0:
        raise ValueError("negative count")
    if size > sys.maxsize:
        raise OverflowError("cannot fit 'int' into an index-sized integer")
    if size > 1 << 40:
        raise MemoryError()
    return size


# ---------------------------------------------------------------- typed values


class Serializable:
    pass


class RequestDataType(Serializable):
    def __init__(self, id, path, payload):
        self.id, self.path, self.payload = id, path, payload


class ResponseDataType(Serializable):
    def __init__(self, resp_to, success, payload):
        self.resp_to, self.success, self.payload = resp_to, success, payload


class Point(Serializable):
    def __init__(self, x, y):
        self.x, self.y = x, y


class Line(Serializable):
    def __init__(self, start, end, label=None):
        self.start, self.end, self.label = start, end, label


class Nothing(Serializable):
    pass


class MathResult(Serializable):
    def __init__(self, header, result):
        self.header, self.result = header, result


CLASSES = {c.__name__: c for c in (RequestDataType, ResponseDataType, Point, Line, Nothing, MathResult)}

MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
                    r"(?: ?(Z|z|UTC|GMT)| ?([+-])(\d\d)(?::?(\d\d))?)?)?", re.ASCII)


def read_moment(text):
    """The unambiguous part of what the original's free-form reader takes."""
    found = MOMENT.fullmatch(text)
    if not found:
        raise ValueError("Unknown string format: %s" % text)
    year, month, day, hour, minute, second, fraction, utc, sign, hours, minutes = found.groups()
    zone = None
    if utc:
        zone = datetime.timezone.utc
    elif sign:
        offset = datetime.timedelta(hours=int(hours), minutes=int(minutes or 0))
        zone = datetime.timezone(-offset if sign == "-" else offset)
    return datetime.datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
                             int((fraction or "0")[:6].ljust(6, "0")), zone)


def read_value(value):
    if isinstance(value, list):
        return [read_value(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner, kind = value.get("_v"), value.get("_t")
    if inner is None and kind is None:
        return {key: read_value(item) for key, item in value.items()}
    if inner is None or kind is None:
        raise SerializeError(value)
    if kind == "tuple":
        return tuple(read_value(inner))
    if kind == "set":
        return set(read_value(inner))
    if kind == "datetime":
        return read_moment(inner)
    if kind == "uuid":
        return uuid.UUID(inner)
    if kind not in CLASSES:  # a list or a dict is no key: TypeError
        raise SerializeError(value)
    return CLASSES[kind](**{key: read_value(item) for key, item in inner.items()})


def write_value(value):
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if isinstance(value, list):
        return [write_value(item) for item in value]
    if isinstance(value, dict):
        return {key: write_value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return {"_v": [write_value(item) for item in value], "_t": "tuple"}
    if kind is set:
        return {"_v": [write_value(item) for item in value], "_t": "set"}
    if kind is datetime.datetime:
        return {"_v": str(value), "_t": "datetime"}
    if kind is uuid.UUID:
        return {"_v": str(value), "_t": "uuid"}
    if isinstance(value, Serializable):
        return {"_v": {key: write_value(item) for key, item in vars(value).items()}, "_t": kind.__name__}
    raise SerializeError("cannot serialize an unknown type of %s" % kind)


def describe(value):
    """The structure of a value: `tuple[int,float,str]`, `dict[a:int]`, `datetime(+07:00)`, `Point(x:int,y:int)`."""
    if value is None:
        return "None"
    if isinstance(value, (list, tuple)):
        return "%s[%s]" % (type(value).__name__, ",".join(map(describe, value)))
    if isinstance(value, set):
        return "set[%s]" % ",".join(sorted(map(describe, value)))
    if isinstance(value, dict):
        return "dict[%s]" % ",".join("%s:%s" % (key, describe(item)) for key, item in value.items())
    if isinstance(value, datetime.datetime):
        return "datetime(%s)" % (value.strftime("%z")[:3] + ":" + value.strftime("%z")[3:] if value.tzinfo else "naive")
    if isinstance(value, Serializable):
        return "%s(%s)" % (type(value).__name__, ",".join("%s:%s" % (k, describe(v)) for k, v in vars(value).items()))
    return type(value).__name__


# ---------------------------------------------------------------- the server


class ShopError(Exception):
    pass


class Maths:
    def plus(self, a, b):
        return "hello!: %s" % (a + b)

    def multiply(self, a, b):
        return "hello!: %s" % (a * b)


class MathResultService:
    def compute(self, a, b):
        return MathResult("hello!", a + b)


class V:
    def __init__(self, calls_before, meta=None):
        self._calls_before = calls_before
        self._meta = meta

    def echo(self, value):
        return value

    def describe(self, value):
        return describe(value)

    def nothing(self):
        pass

    def opt(self, a, b=2, c="see"):
        return [a, b, c]

    def text(self, n):
        return ("0123456789abcdef" * (n // 16 + 1))[:n]

    def size(self, text):
        return len(text)

    def sleep(self, seconds):
        time.sleep(seconds)
        return seconds

    def count(self):
        """The methods this server ran before, on all connections, these questions left out."""
        return self._calls_before

    def fail_value(self):
        raise ValueError("no good")

    def fail_empty(self):
        raise RuntimeError()

    def fail_key(self):
        raise KeyError("colour")

    def fail_custom(self):
        raise ShopError("sold out: \u0e1f\u0e19\u0e33 \U0001f600")

    def fail_exit(self):
        raise SystemExit(3)

    def bad(self):
        return object()

    def inf_key(self):
        return {(1, 2): 3}

    def relay(self, port, path):
        """Calls on, with the metadata that it was called with, as a program does that takes part in a trace. The original has no such thing."""
        onward = Client(argparse.Namespace(host="127.0.0.1", port=port, secret=None, encrypt=False, two_writes=False, retries=0, timeout=10))
        try:
            return onward.call({"path": path, "meta": self._meta})
        finally:
            onward.close()


class Dispatcher:
    def __init__(self):
        self._calls = 0
        self._lock = threading.Lock()
        self._routes = {"math_service/plus": "plus", "math_service/multiply": "multiply", "math_result/compute": "compute",
                        "\u0e1f\u0e19\u0e33/\u0e1b": "echo"}
        self._routes.update(("v/" + name, name) for name in vars(V) if not name.startswith("_"))

    def answer(self, value):
        """The answer's document. Whatever escapes closes the connection, as at the original."""
        request = read_value(value)
        if type(request) is not RequestDataType:
            raise AssertionError("not a request: %s" % describe(request))
        hash(request.path)  # a list or a dict as path ends the connection
        try:
            result, success = self._run(request.path, request.payload), True
        except Exception as error:
            result, success = self._error(error), False
        response = ResponseDataType(request.id, success, result)
        return json.dumps({"succ": True, "data": write_value(response)})

    def _run(self, path, payload):
        name = self._find(path)
        if not isinstance(payload, dict):
            raise AssertionError("request payload must be a dict of the function arguments")
        for taken in ("self", "path"):
            if taken in payload:
                raise TypeError("router() got multiple values for argument %r" % taken)
        args, kwargs = payload["args"], payload["kwargs"]
        service = {"math_service": Maths, "math_result": MathResultService}.get(path.split("/")[0])
        with self._lock:
            before = self._calls
            self._calls += path != "v/count"
        return getattr(service() if service else V(before, payload.get("meta")), name)(*args, **kwargs)

    def _find(self, path):
        try:
            return self._routes[path]
        except KeyError:
            raise Unroutable("path: %s not found" % path) from None

    @staticmethod
    def _error(error):
        name, message = type(error).__name__, str(error)
        if isinstance(error, Unroutable):
            name = "KeyError"
        trace = traceback.format_exc()
        (message + trace).encode("utf-8")  # the original prints both, and a lone surrogate ends it there
        return {"name": name, "message": message, "trace": trace}


class Unroutable(Exception):
    """Crosses as KeyError; a real one would put its text in quotes."""


def failure_document(error):
    trace = None
    if not isinstance(error, DecodeError) and str(error) != Protection.NOT_JSON:
        trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return json.dumps({"succ": False, "data": {"name": type(error).__name__, "message": str(error), "trace": trace}})


def serve_connection(sock, protection, dispatcher, two_writes):
    wire = Wire(sock, protection, two_writes)
    try:
        while True:
            try:
                payload = wire.read_payload()
                if payload is None:
                    return
                _, value = protection.open(payload)
            except (OSError, EndWithinFrame):
                raise
            except Exception as error:
                wire.write(failure_document(error))
                continue
            wire.write(dispatcher.answer(value))
    except BaseException as error:
        print("closed: %s: %s" % (type(error).__name__, ascii(str(error))), file=sys.stderr, flush=True)
    finally:
        try:  # the end of stream goes out before unread bytes can make it a reset
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        sock.close()


def serve(options):
    protection = Protection(options.secret, options.encrypt)
    dispatcher = Dispatcher()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((options.host, options.port))
    listener.listen(512)
    print("listening %d" % listener.getsockname()[1], flush=True)

    def accept():
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve_connection, args=(sock, protection, dispatcher, options.two_writes),
                             daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    while sys.stdin.buffer.read(4096):
        pass
    sys.stdout.flush()
    os._exit(0)


# ---------------------------------------------------------------- the client


class Client:
    def __init__(self, options):
        self.options = options
        self.protection = Protection(options.secret, options.encrypt)
        self.wire = None

    def connect(self):
        tries = self.options.retries
        while True:
            try:
                sock = socket.create_connection((self.options.host, self.options.port), self.options.timeout)
                return Wire(sock, self.protection, self.options.two_writes)
            except OSError:
                if tries <= 0:
                    raise
                tries -= 1
                time.sleep(5)

    def close(self):
        if self.wire:
            self.wire.sock.close()
            self.wire = None

    @staticmethod
    def request(command, id):
        args = command.get("args_text") or json.dumps(command.get("args", []))
        kwargs = command.get("kwargs_text") or json.dumps(command.get("kwargs", {}))
        meta = ', "meta": %s' % json.dumps(command["meta"]) if command.get("meta") else ""
        return ('{"_v": {"id": %d, "path": %s, "payload": {"args": {"_v": %s, "_t": "tuple"}, "kwargs": %s%s}}, '
                '"_t": "RequestDataType"}' % (id, json.dumps(command["path"]), args, kwargs, meta))

    def call(self, command):
        tries = self.options.retries
        while True:
            id = command.get("id") or uuid.uuid1().int
            try:
                if self.wire is None:
                    self.wire = self.connect()
                self.wire.write(self.request(command, id))
                return self.take_answer(id)
            except (ConnectionTerminated, BrokenPipeError, ConnectionResetError):
                self.close()
                if tries <= 0:
                    raise
                tries -= 1
                time.sleep(1)
            except (EndWithinFrame, TimedOut):
                self.close()
                raise

    def take_document(self):
        payload = self.wire.read_payload()
        if payload is None:
            raise ConnectionTerminated("the connection was terminated")
        try:
            return self.protection.open(payload)
        except Exception as error:
            raise PostofficeException(type(error).__name__, str(error), None) from error

    def take_answer(self, id):
        _, answer = self.take_document()
        if not answer["succ"]:
            raise PostofficeException(answer["name"], answer["message"], answer["trace"])
        response = read_value(answer["data"])
        if type(response.resp_to) is not int or response.resp_to != id:
            raise ValueError("request error: wrong response id")
        if not response.success:
            error = response.payload
            raise JsonSocketException(error["name"], error["message"], error["trace"])
        return response.payload

    def batch(self, commands):
        ids = [command.get("id") or uuid.uuid1().int for command in commands]
        if self.wire is None:
            self.wire = self.connect()
        self.wire.sock.sendall(b"".join(
            b"".join(self.protection.frame(self.request(command, id))) for command, id in zip(commands, ids)))
        results = [outcome(lambda id=id: good(self.take_answer(id))) for id in ids]
        if any(r.get("error") in ("ConnectionTerminated", "EndWithinFrame", "TimedOut") for r in results):
            self.close()
        return {"ok": True, "results": results}

    def document(self, text):
        if self.wire is None:
            self.wire = self.connect()
        try:
            self.wire.write(text)
            return {"ok": True, "document": self.take_document()[0]}
        except (OSError, ConnectionTerminated, EndWithinFrame, TimedOut):
            self.close()
            raise

    def raw(self, command):
        wire = self.connect()
        sock, data, closed, reset = wire.sock, b"", False, False
        deadline = time.monotonic() + self.options.timeout
        with sock:
            try:
                sock.sendall(bytes.fromhex(command["raw_hex"]))
                if command.get("half_close"):
                    sock.shutdown(socket.SHUT_WR)
                while time.monotonic() < deadline and select.select([sock], [], [], command.get("idle", 0.5))[0]:
                    piece = sock.recv(65536)
                    if not piece:
                        closed = True
                        break
                    data += piece
            except (BrokenPipeError, ConnectionResetError):
                closed = reset = True
        frames = []
        while b"\n" in data:
            line, rest = data.split(b"\n", 1)
            if not line.isdigit() or len(rest) < int(line):
                break
            payload, data = rest[:int(line)], rest[int(line):]
            try:
                frames.append(self.protection.open(payload)[0])
            except Exception:
                frames.append(None)
        return {"ok": True, "frames": frames, "closed": closed, "reset": reset, "rest_hex": data.hex()}

    def crowd(self, command):
        done, failures, lock = [0], [], threading.Lock()
        start = threading.Barrier(command["threads"])

        def work(number):
            client = Client(self.options)
            try:
                start.wait(self.options.timeout)
                for i in range(command["calls"]):
                    a, b = number * 100003 + i, i * 7 + 1
                    result = client.call({"path": command["path"], "args": [a, b]})
                    if result not in (a + b, "hello!: %d" % (a + b)):
                        raise AssertionError("%d + %d gave %r" % (a, b, result))
                    with lock:
                        done[0] += 1
            except Exception as error:
                with lock:
                    failures.append("%d: %s: %s" % (number, type(error).__name__, error))
            finally:
                client.close()

        threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(command["threads"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wanted = command["threads"] * command["calls"]
        return {"ok": not failures and done[0] == wanted, "calls": done[0], "failures": failures}

    def run(self, command):
        if "batch" in command:
            return self.batch(command["batch"])
        if "document" in command:
            return self.document(command["document"])
        if "raw_hex" in command:
            return self.raw(command)
        if "threads" in command:
            return self.crowd(command)
        if "close" in command:
            self.close()
            return {"ok": True}
        return good(self.call(command))


def good(value):
    wire = write_value(value)
    text = json.dumps(wire)
    try:
        json.dumps(wire, allow_nan=False)
    except ValueError:
        wire = None
    return {"ok": True, "result": wire, "text": text, "type": describe(value)}


def outcome(run):
    try:
        return run()
    except Exception as error:
        if isinstance(error, PostofficeException):
            return {"ok": False, "error": type(error).__name__, "name": error.name, "message": error.message,
                    "trace": error.trace}
        return {"ok": False, "error": type(error).__name__, "name": None, "message": str(error), "trace": None}


def client(options):
    worker = Client(options)
    for line in sys.stdin:
        print(json.dumps(outcome(lambda: worker.run(json.loads(line)))), flush=True)


# ---------------------------------------------------------------- the selftest


def selftest(options):
    with open(options.vectors, encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    counts = dict.fromkeys(("decoded", "refused", "encoded", "rewritten", "answered"), 0)
    problems = check_aes()
    by_name = {vector["name"]: vector for vector in vectors}
    for vector in vectors:
        try:
            check_vector(vector, by_name.get(vector["name"].replace("/request", "/response")), counts)
        except Exception as error:
            problems.append("%s: %s: %s" % (vector["name"], type(error).__name__, error))
    for problem in problems:
        print(ascii(problem))
    print("%s: %d vectors, %s" % ("failed" if problems else "ok", len(vectors),
                                  ", ".join("%d %s" % (n, what) for what, n in counts.items())))
    return 1 if problems else 0


def check_aes():
    """FIPS 197, appendix C: one block each of AES-128, -192 and -256."""
    text, problems = bytes.fromhex("00112233445566778899aabbccddeeff"), []
    for size, wanted in ((16, "69c4e0d86a7b0430d8cdb78070b4c55a"), (24, "dda97ca4864cdfe06eaf70a0ec0d7191"),
                         (32, "8ea2b7ca516745bfeafc49904b496089")):
        aes = Aes(bytes(range(size)))
        if aes.encrypt_cbc(bytes(16), text).hex() != wanted or aes.decrypt_cbc(bytes(16), bytes.fromhex(wanted)) != text:
            problems.append("AES-%d is wrong" % (8 * size))
    return problems


def must(holds, what):
    if not holds:
        raise AssertionError(what)


def check_vector(vector, sibling, counts):
    protection = Protection(vector["secret"], vector["mode"] == "encrypted")
    frame, expect = bytes.fromhex(vector["frame_hex"]), vector.get("expect", {})
    line, rest = frame.split(b"\n", 1)
    if vector["json"] is None:
        try:
            protection.open(rest[:frame_length(line)])
        except Exception as error:
            told = expect.get("server_reply") or expect["client_error"]
            must((type(error).__name__, str(error)) == (told["name"], told["message"]), "refused with %r" % error)
            counts["refused"] += 1
            return
        raise AssertionError("it was not refused")
    must(frame_length(line) == len(rest), "the length line is wrong")
    text, value = protection.open(rest)
    must(text == vector["json"], "it decodes to another document")
    counts["decoded"] += 1
    if not expect.get("outcome", "").startswith("accepted"):
        must(b"".join(protection.frame(text, rest[:16] if protection.aes else None)) == frame, "it encodes otherwise")
        counts["encoded"] += 1
    if vector["direction"] == "response" and value["succ"]:
        must(ordered(write_value(read_value(value["data"]))) == ordered(value["data"]), "it is written otherwise")
        counts["rewritten"] += 1
    if vector["direction"] == "request":
        check_answer(value, expect, sibling, counts)


def check_answer(value, expect, sibling, counts):
    """The recorded request gets the recorded answer: the same document but for the traces."""
    try:
        answer = json.loads(Dispatcher().answer(value))
    except Exception:
        must(expect.get("outcome") == "closed", "it closes the connection")
    else:
        must(expect.get("outcome") != "closed", "it should close the connection")
        if sibling:
            wanted = json.loads(sibling["json"])
            for document in (answer, wanted):
                if not document["data"]["_v"]["success"]:
                    document["data"]["_v"]["payload"]["trace"] = ""
            must(json.dumps(ordered(answer)) == json.dumps(ordered(wanted)), "it is answered otherwise")
    counts["answered"] += 1


def ordered(value):
    """The same value with the items of each set in one order."""
    if isinstance(value, list):
        return [ordered(item) for item in value]
    if isinstance(value, dict):
        value = {key: ordered(item) for key, item in value.items()}
        if value.get("_t") == "set" and isinstance(value.get("_v"), list):
            value["_v"].sort(key=json.dumps)
    return value


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    modes = parser.add_subparsers(dest="mode", required=True)

    def mode(name, run):
        added = modes.add_parser(name)
        added.set_defaults(run=run)
        return added

    def endpoint(added):
        added.add_argument("--secret")
        added.add_argument("--encrypt", action="store_true")
        added.add_argument("--two-writes", action="store_true", help="length line and payload apart, Nagle's rule on")

    serving = mode("serve", serve)
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=0)
    endpoint(serving)
    calling = mode("client", client)
    calling.add_argument("host")
    calling.add_argument("port", type=int)
    calling.add_argument("--retries", type=int, default=0)
    calling.add_argument("--timeout", type=float, default=30.0)
    endpoint(calling)
    mode("selftest", selftest).add_argument("vectors")
    options = parser.parse_args()
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
