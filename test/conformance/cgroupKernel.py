"""Makes the calls of published/linux-cgroup-hierarchy.json in a fresh cgroup of this machine, and tells what they gave.

Reads the cases as JSON; writes {"<id>": [answers]}, without those that need a mount option
that this one lacks. Exits with 3, saying why, where there is no cgroup v2 with a controller to spare.
"""
import ctypes
import errno
import json
import os
import signal
import sys
import time

USER = 64321


def refuse(why):
    print(why, file=sys.stderr)
    sys.exit(3)


def hierarchy():
    with open("/proc/mounts") as mounts:
        places = [line.split()[1:4:2] for line in mounts if line.split()[2] == "cgroup2"]
    for place, options in places:
        with open(place + "/cgroup.controllers") as file:
            controllers = file.read().split()
        for controller, limit in (("pids", "pids.max"), ("hugetlb", "hugetlb.2MB.max")):
            if controller in controllers:
                return place, controller, limit, options.split(",")
    refuse("no cgroup v2 with pids or hugetlb is mounted")


def write(path, text):
    file = os.open(path, os.O_WRONLY)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def read(path):
    with open(path) as file:
        return file.read().strip()


def await_text(path, text):
    """What a file says once the kernel, which freezes and kills in its own time, is done."""
    until = time.monotonic() + 2
    while read(path) != text and time.monotonic() < until:
        time.sleep(0.001)
    return read(path)


def make_call(step, path, text):
    if step["do"] == "await":
        return await_text(path, step["gives"])
    if step["do"] == "read":
        return read(path)
    {
        "mkdir": lambda: os.mkdir(path),
        "rmdir": lambda: os.rmdir(path),
        "chown": lambda: os.chown(path, USER, USER),
        "write": lambda: write(path, text),
    }[step["do"]]()
    return "ok"


def answer(step, top, path, text):
    """The call in a child, as the user that the step names."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if step["by"] == "inside":
                write(os.path.join(top, "C0", "cgroup.procs"), "0")
                ctypes.CDLL(None).unshare(0x02000000)
            if step["by"] == "user":
                os.setgroups([])
                os.setresgid(USER, USER, USER)
                os.setresuid(USER, USER, USER)
            said = make_call(step, path, text)
        except OSError as error:
            said = errno.errorcode[error.errno]
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


def end(worker):
    """Leaves a zombie."""
    os.kill(worker, signal.SIGKILL)
    while read("/proc/%d/stat" % worker).rsplit(")", 1)[1].split()[0] != "Z":
        time.sleep(0.001)


def remove(top):
    for folder, _, _ in os.walk(top, topdown=False):
        os.rmdir(folder)


def run(case, top, names):
    worker = os.fork()
    if worker == 0:
        while True:
            signal.pause()
    os.mkdir(top)
    said = []
    try:
        write(top + "/cgroup.subtree_control", "+" + names["controller"])
        places = dict(names, worker=str(worker))
        for step in case["steps"]:
            path = top + "/" + step["path"].format(**places)
            if step["do"] == "end":
                end(worker)
                said.append("ok")
            else:
                got = answer(step, top, path, step.get("text", "").format(**places))
                for name in ("worker", "controller"):
                    got = "{%s}" % name if got == places[name] else got
                said.append(got)
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        remove(top)
    return said


root, controller, limit, options = hierarchy()
enabled = controller in read(root + "/cgroup.subtree_control").split()
try:
    if not enabled:
        write(root + "/cgroup.subtree_control", "+" + controller)
    parent = "%s/trapframe-test-%d" % (root, os.getpid())
    os.mkdir(parent)
except OSError as problem:
    refuse("no cgroup can be made: %s" % problem)
try:
    write(parent + "/cgroup.subtree_control", "+" + controller)
    names = {"controller": controller, "limit": limit}
    cases = [case for case in json.load(sys.stdin) if case.get("needs", "rw") in options]
    result = {case["id"]: run(case, parent + "/" + case["id"], names) for case in cases}
finally:
    remove(parent)
    if not enabled:
        write(root + "/cgroup.subtree_control", "-" + controller)
json.dump(result, sys.stdout)
