"""Compiles rules with libseccomp, loads them in a child process, makes calls of prctl(2), and tells their errno values.

Reads [{"default": n, "rules": [[action, [[arg, op, a, b], ...]], ...], "calls": [[six numbers], ...]}, ...] as JSON with numbers as texts;
writes [{"added": [return codes], "errno": [values]}, ...]. Exits with 3 where libseccomp or seccomp(2) is missing.
"""
import ctypes
import json
import os
import sys

try:
    library = ctypes.CDLL("libseccomp.so.2")
    libc = ctypes.CDLL(None, use_errno=True)
except OSError as error:
    print(error, file=sys.stderr)
    sys.exit(3)


class Comparison(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


library.seccomp_init.restype = ctypes.c_void_p
library.seccomp_init.argtypes = [ctypes.c_uint32]
library.seccomp_rule_add_array.argtypes = [
    ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p,
]
library.seccomp_load.argtypes = [ctypes.c_void_p]
PRCTL = 157


def child(case):
    context = library.seccomp_init(int(case["default"]))
    added = []
    for action, comparisons in case["rules"]:
        array = (Comparison * max(1, len(comparisons)))(*[Comparison(*map(int, each)) for each in comparisons])
        added.append(library.seccomp_rule_add_array(context, int(action), PRCTL, len(comparisons), array))
    loaded = library.seccomp_load(context)
    if loaded != 0:
        return {"loaded": loaded}
    errno = []
    for call in case["calls"]:
        ctypes.set_errno(0)
        libc.syscall(PRCTL, *[ctypes.c_uint64(int(value)) for value in call])
        errno.append(ctypes.get_errno())
    return {"added": added, "errno": errno}


def run(case):
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            os.write(writing, json.dumps(child(case)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.wait()
    return json.loads(text)


answers = [run(case) for case in json.load(sys.stdin)]
if any("loaded" in answer for answer in answers):
    print("seccomp_load failed: %s" % answers[0], file=sys.stderr)
    sys.exit(3)
json.dump(answers, sys.stdout)
