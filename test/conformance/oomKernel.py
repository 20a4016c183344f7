"""Fills a memory cgroup with processes and tells which of them the kernel's OOM killer ends first, and what /proc says of each before.

Reads [{"limitMiB": n, "tasks": [{"mib": n, "adjust": n}, ...]}, ...] as JSON: all tasks but the last allocate their memory, then the last one
allocates until somebody is killed. Writes [{"victim": index, "tasks": [{"residentKiB", "swapKiB", "tableKiB", "score"}, ...]}, ...] and the
machine's memory. Exits with 3 where there is no memory cgroup to use: it takes root and version 1 or 2 of the controller.
"""
import json
import mmap
import os
import signal
import sys

MIB = 2 ** 20


def controller():
    """Where cgroups with a memory controller can be made, and the name of the limit's file."""
    if os.path.exists("/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        return "/sys/fs/cgroup/memory", "memory.limit_in_bytes"
    try:
        with open("/sys/fs/cgroup/cgroup.subtree_control") as file:
            if "memory" in file.read().split():
                return "/sys/fs/cgroup", "memory.max"
    except OSError:
        pass
    print("no memory controller of cgroups is mounted here", file=sys.stderr)
    sys.exit(3)


def write(path, text):
    with open(path, "w") as file:
        file.write(str(text))


def hold(mib):
    memory = mmap.mmap(-1, max(1, mib) * MIB, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for at in range(0, mib * MIB, 4096):
        memory[at] = 1
    return memory


def start(group, task, reading, writing):
    """A task that is in the group, holds its memory, says so, and grows when it is told to."""
    go, told = os.pipe()
    pid = os.fork()
    if pid != 0:
        os.close(go)
        return pid, told
    try:
        os.close(reading)
        os.close(told)
        write(group + "/cgroup.procs", os.getpid())
        write("/proc/self/oom_score_adj", task["adjust"])
        kept = [hold(task["mib"])]
        os.write(writing, b".")
        while os.read(go, 1):
            while True:
                kept.append(hold(1))
    finally:
        os._exit(1)


def number(text, name):
    for line in text.splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0


def look(pid):
    with open("/proc/%d/status" % pid) as file:
        status = file.read()
    with open("/proc/%d/oom_score" % pid) as file:
        score = int(file.read())
    return {
        "residentKiB": number(status, "VmRSS"),
        "swapKiB": number(status, "VmSwap"),
        "tableKiB": number(status, "VmPTE"),
        "score": score,
    }


def run(parent, limit, case):
    group = "%s/trapframe-oom-%d" % (parent, os.getpid())
    os.mkdir(group)
    started = []
    try:
        write(group + "/" + limit, case["limitMiB"] * MIB)
        for task in case["tasks"]:
            reading, writing = os.pipe()
            started.append(start(group, task, reading, writing))
            os.close(writing)
            # Nothing to read: it was killed before it had its memory.
            ready = os.read(reading, 1)
            os.close(reading)
            if ready == b"":
                return {"victim": None, "tasks": []}
        tasks = [look(pid) for pid, _ in started]
        os.write(started[-1][1], b"g")
        victim, _ = os.wait()
        pids = [pid for pid, _ in started]
        return {"victim": pids.index(victim), "tasks": tasks}
    finally:
        for pid, told in started:
            os.close(told)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while True:
                os.wait()
        except ChildProcessError:
            pass
        os.rmdir(group)


parent, limit = controller()
try:
    answers = [run(parent, limit, case) for case in json.load(sys.stdin)]
except PermissionError as error:
    print(error, file=sys.stderr)
    sys.exit(3)
with open("/proc/meminfo") as file:
    memory = file.read()
json.dump({"answers": answers, "totalKiB": number(memory, "MemTotal") + number(memory, "SwapTotal")}, sys.stdout)
