"""libwinnow from Python, with nothing but ctypes: profiles to filters in this process.

    import libwinnow
    with libwinnow.profile(open("web.json", "rb").read(), arch="x86_64") as web:
        blob = web.compile()[0]
        print(blob.abis, blob.insns, blob.hash.hex())
        print(web.explain("socket", [38]).text)

The library is looked for as the linker does; LIBWINNOW names another one.
"""

import ctypes
import os
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_uint32, c_uint64, c_void_p

DONE, FINDING, USAGE, INPUT, NOT_COMPILED, UNDECIDED, NO_MEMORY, MISTAKE = 0, 1, 2, 3, 4, 5, 6, 70


class Struct(ctypes.Structure):
    """One that begins with its size."""

    def __init__(self, **fields):
        super().__init__(**fields)
        self.size = ctypes.sizeof(self)


class Memory(ctypes.Structure):
    _fields_ = [("allocate", c_void_p), ("release", c_void_p), ("context", c_void_p)]


class Options(Struct):
    _fields_ = [("size", c_size_t), ("arch", c_char_p), ("apart", c_int), ("caps", c_char_p), ("kernel", c_char_p),
                ("runtime", c_char_p), ("libseccomp", c_char_p), ("enosys", c_char_p), ("input_format", c_char_p),
                ("entry", c_char_p), ("narrow_int_args", c_int), ("complain", c_int), ("strict", c_int),
                ("no_trailer", c_int), ("max_insns", c_uint32), ("max_path", c_uint32), ("memory_max", c_size_t),
                ("memory", Memory)]


class _Blob(Struct):
    _fields_ = [("size", c_size_t), ("bytes", c_void_p), ("length", c_size_t), ("arch", c_char_p), ("abis", c_char_p),
                ("insns", c_uint32), ("trailer", c_uint32), ("longest_path", c_uint32), ("big_endian", c_int),
                ("hashed", c_int), ("hash", ctypes.c_ubyte * 32)]


class _Diagnostic(Struct):
    _fields_ = [("size", c_size_t), ("severity", c_int), ("code", c_char_p), ("slug", c_char_p), ("text", c_char_p),
                ("runtimes", c_char_p), ("about", c_char_p), ("of", c_size_t), ("has_place", c_int), ("line", c_uint32),
                ("column", c_uint32), ("offset", c_size_t), ("length", c_size_t)]


class Call(ctypes.Structure):
    _fields_ = [("nr", c_uint32), ("arch", c_uint32), ("ip", c_uint64), ("args", c_uint64 * 6)]


class _Line(Struct):
    _fields_ = [("size", c_size_t), ("status", c_int), ("line", c_uint32), ("column", c_uint32), ("text", c_char_p),
                ("why", c_char_p), ("has_call", c_int), ("call", Call), ("verdict", c_uint32 * 2)]


def _open():
    lib = ctypes.CDLL(os.environ.get("LIBWINNOW", "libwinnow.so.0"))
    side, report = c_void_p, POINTER(c_void_p)
    for name, result, *arguments in (
            ("profile", c_int, POINTER(Options), c_char_p, c_char_p, c_size_t, POINTER(side)),
            ("filter", c_int, POINTER(Options), c_char_p, c_char_p, c_size_t, POINTER(side)),
            ("compile", c_int, side), ("free", None, side), ("error", c_char_p, side),
            ("blobs", c_size_t, side), ("blob", c_int, side, c_size_t, POINTER(_Blob)),
            ("diagnostics", c_size_t, side), ("diagnostic", c_int, side, c_size_t, POINTER(_Diagnostic)),
            ("verify", c_int, side, side, report), ("subset", c_int, side, side, report),
            ("diff", c_int, side, side, report),
            ("assert", c_int, side, c_char_p, c_char_p, c_size_t, report),
            ("explain", c_int, side, c_char_p, c_char_p, POINTER(c_uint64), report),
            ("lines", c_size_t, c_void_p), ("line", c_int, c_void_p, c_size_t, POINTER(_Line)),
            ("report_text", c_char_p, c_void_p), ("report_json", c_char_p, c_void_p),
            ("report_error", c_char_p, c_void_p), ("report_free", None, c_void_p),
            ("version", c_char_p), ("tables", c_char_p)):
        function = getattr(lib, "winnow_" + name)
        function.restype, function.argtypes = result, arguments
    return lib


_lib = _open()


def _call(name, *arguments):
    return getattr(_lib, "winnow_" + name)(*arguments)


def _text(value):
    return None if value is None else value.decode(errors="replace")


class Error(Exception):
    """`status` is one of the numbers above; the message is winnow's."""

    def __init__(self, status, message):
        super().__init__(message or f"winnow: status {status}")
        self.status = status


class Values:
    """What a struct of the library holds, as values of Python."""

    def __init__(self, struct):
        for name, kind in struct._fields_:
            value = getattr(struct, name)
            setattr(self, name, _text(value) if kind is c_char_p else value)


class Report:
    """status, text, json, lines."""

    def __init__(self, status, handle):
        self.status = status
        self.text, self.json = _text(_call("report_text", handle)), _text(_call("report_json", handle))
        self.error = _text(_call("report_error", handle))
        self.lines = []
        for index in range(_call("lines", handle)):
            line = _Line()
            _call("line", handle, index, byref(line))
            self.lines.append(Values(line))
        _call("report_free", handle)
        if status not in (DONE, FINDING, UNDECIDED, INPUT):
            raise Error(status, self.error)


class Side:
    """A profile, or a filter; frees itself at the end of `with`, or by close()."""

    def __init__(self, make, text, name, options):
        known = Options(**{key: value.encode() if isinstance(value, str) else value
                           for key, value in options.items()})
        self.handle = c_void_p()
        status = _call(make, byref(known), name.encode(), text, len(text), byref(self.handle))
        if status != DONE:
            error, self.diagnosed = _text(_call("error", self.handle)), self.diagnostics
            self.close()
            raise Error(status, error)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        _call("free", self.handle)
        self.handle = c_void_p()

    def compile(self):
        status = _call("compile", self.handle)
        if status != DONE:
            raise Error(status, _text(_call("error", self.handle)))
        return self.blobs

    @property
    def blobs(self):
        found = []
        for index in range(_call("blobs", self.handle)):
            blob = _Blob()
            _call("blob", self.handle, index, byref(blob))
            values = Values(blob)
            values.bytes = ctypes.string_at(blob.bytes, blob.length)
            values.hash = bytes(blob.hash) if blob.hashed else None
            found.append(values)
        return found

    @property
    def diagnostics(self):
        found = []
        for index in range(_call("diagnostics", self.handle)):
            diagnostic = _Diagnostic()
            _call("diagnostic", self.handle, index, byref(diagnostic))
            found.append(Values(diagnostic))
        return found

    def _ask(self, name, *arguments):
        report = c_void_p()
        status = _call(name, self.handle, *arguments, byref(report))
        if not report:
            raise Error(status, "")
        return Report(status, report)

    def verify(self, other):
        return self._ask("verify", other.handle)

    def subset(self, other):
        return self._ask("subset", other.handle)

    def diff(self, other):
        return self._ask("diff", other.handle)

    def asserts(self, text, name="assertions"):
        return self._ask("assert", name.encode(), text, len(text))

    def explain(self, syscall, args=(), abi=None):
        args = (c_uint64 * 6)(*args)
        return self._ask("explain", abi.encode() if abi else None, str(syscall).encode(), args)


def profile(text, name="profile", **options):
    return Side("profile", text, name, options)


def filter(blob, name="filter", **options):  # pylint: disable=redefined-builtin
    return Side("filter", blob, name, options)


def version():
    return _text(_call("version")), _text(_call("tables"))
