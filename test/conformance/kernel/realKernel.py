"""Runs sequences of system calls on the kernel of this machine, each in namespaces of its own. Needs root.

Input: a line of JSON per sequence, a list of {by, call, ...}. Output: a line of JSON per sequence, a result per call:
{"ok": true, "value": ...} or {"ok": false, "errno": "EPERM"}. A process is named by the sequence; it is a worker that
takes its calls from a pipe.
"""

import ctypes
import errno
import json
import os
import select
import signal
import stat
import struct
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
SYS_clone, SYS_pivot_root, SYS_setns, SYS_capset, SYS_capget = 56, 155, 308, 126, 125
CLONE = {
    "CLONE_NEWTIME": 0x80, "CLONE_NEWNS": 0x20000, "CLONE_NEWCGROUP": 0x2000000, "CLONE_NEWUTS": 0x4000000,
    "CLONE_NEWIPC": 0x8000000, "CLONE_NEWUSER": 0x10000000, "CLONE_NEWPID": 0x20000000, "CLONE_NEWNET": 0x40000000,
}
NS = {"mnt": 0x20000, "pid": 0x20000000, "net": 0x40000000, "uts": 0x4000000, "ipc": 0x8000000, "user": 0x10000000,
      "cgroup": 0x2000000, "time": 0x80}
MS = {
    "MS_RDONLY": 1, "MS_NOSUID": 2, "MS_NODEV": 4, "MS_NOEXEC": 8, "MS_REMOUNT": 32, "MS_BIND": 4096, "MS_MOVE": 8192,
    "MS_REC": 16384, "MS_UNBINDABLE": 1 << 17, "MS_PRIVATE": 1 << 18, "MS_SLAVE": 1 << 19, "MS_SHARED": 1 << 20,
}
CAPS = """CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT
SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG
WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE""".split()


def flags(names, table):
    bits = 0
    for name in names:
        bits |= table[name]
    return bits


def check(result):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def raw(number, *args):
    ctypes.set_errno(0)
    return check(libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args]))


def text(value):
    return ctypes.c_char_p(value.encode())


def status_lines():
    wanted = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Uid", "Gid")
    with open("/proc/self/status") as file:
        return [line.split(":")[0] + ":" + " ".join(line.split(":")[1].split()) for line in file
                if line.split(":")[0] in wanted]


class Worker:
    def __init__(self, pipes):
        self.pipes = pipes
        self.files = {}

    def serve(self, name):
        while True:
            line = self.pipes[name][0].readline()
            op = json.loads(line)
            try:
                answer = {"ok": True, "value": self.run(op)}
            except OSError as error:
                answer = {"ok": False, "errno": errno.errorcode[error.errno]}
            out = json.dumps(answer).encode() + b"\n"
            if op["call"] == "exit":
                os.write(self.pipes[name][1], out)
                os._exit(op["status"])
            os.write(self.pipes[name][1], out)

    def run(self, op):
        return getattr(self, "do_" + op["call"])(op)

    def do_clone(self, op):
        pid = raw(SYS_clone, flags(op["flags"], CLONE) | signal.SIGCHLD, 0, 0, 0, 0)
        if pid == 0:
            Worker.serve(self, op["as"])
        return pid

    def do_unshare(self, op):
        ctypes.set_errno(0)
        check(libc.unshare(ctypes.c_int(flags(op["flags"], CLONE))))

    def do_setns(self, op):
        raw(SYS_setns, self.files.get(op["fd"], 9999), NS[op["kind"]] if op.get("kind") else 0)

    def do_exit(self, op):
        return None

    def do_getpid(self, op):
        return os.getpid()

    def do_getppid(self, op):
        return os.getppid()

    def do_geteuid(self, op):
        return os.geteuid()

    def do_getgid(self, op):
        return os.getgid()

    def do_wait(self, op):
        for _ in range(40):
            pid, status = os.waitpid(op["pid"], os.WNOHANG)
            if pid != 0:
                if os.WIFSIGNALED(status):
                    return [pid, "killed", os.WTERMSIG(status)]
                return [pid, "exited", os.WEXITSTATUS(status)]
            time.sleep(0.002)
        return None

    def do_kill(self, op):
        os.kill(op["pid"], op["signal"])
        time.sleep(0.005)

    def do_sigaction(self, op):
        handler = {"default": signal.SIG_DFL, "ignore": signal.SIG_IGN, "handle": lambda *_: None}[op["to"]]
        signal.signal(op["signal"], handler)

    def do_setuid(self, op):
        raw(105, op["id"])

    def do_setgid(self, op):
        raw(106, op["id"])

    def do_setgroups(self, op):
        groups = (ctypes.c_uint32 * max(1, len(op["groups"])))(*op["groups"])
        raw(116, len(op["groups"]), ctypes.byref(groups))

    def do_prctl(self, op):
        option = op["option"]
        libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
        number = CAPS.index(op["capability"][4:]) if "capability" in op else 0
        on = 1 if op.get("on") else 0
        arguments = {
            "PR_SET_NO_NEW_PRIVS": (38, 1, 0, 0, 0), "PR_CAPBSET_DROP": (24, number, 0, 0, 0),
            "PR_CAP_AMBIENT_RAISE": (47, 2, number, 0, 0), "PR_CAP_AMBIENT_CLEAR_ALL": (47, 4, 0, 0, 0),
            "PR_SET_KEEPCAPS": (8, on, 0, 0, 0), "PR_SET_CHILD_SUBREAPER": (36, on, 0, 0, 0),
            "PR_SET_DUMPABLE": (4, on, 0, 0, 0),
        }[option]
        ctypes.set_errno(0)
        check(libc.prctl(*arguments))

    def do_seccomp(self, op):
        """A filter that lets one call fail, where the bits of a mask are set in argument 0 if there is one."""
        number = {"sethostname": 170, "setuid": 105, "unshare": 272, "chroot": 161, "execve": 59, "prctl": 157,
                  "seccomp": 317, "capset": 126, "clone": 56}[op["deny"]]
        deny, mask = 0x00050000 + op["errno"], op.get("mask")
        load, equal, ands, ret = 0x20, 0x15, 0x54, 0x06
        program = [(load, 0, 0, 0), (equal, 0, 3 if mask else 1, number)]
        if mask:
            program += [(load, 0, 0, 16), (ands, 0, 0, mask), (equal, 0, 1, mask)]
            program[1] = (equal, 0, 4, number)
        program += [(ret, 0, 0, deny), (ret, 0, 0, 0x7FFF0000)]
        code = b"".join(struct.pack("=HBBI", *line) for line in program)
        buffer = ctypes.create_string_buffer(code)
        header = ctypes.create_string_buffer(struct.pack("=HxxxxxxQ", len(program), ctypes.addressof(buffer)))
        raw(317, 1, 0, ctypes.byref(header))

    def do_capset(self, op):
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        def words(key):
            value = 0
            for name in op[key]:
                value |= 1 << CAPS.index(name[4:])
            return value
        e, p, i = words("effective"), words("permitted"), words("inheritable")
        low = 0xFFFFFFFF
        data = (ctypes.c_uint32 * 6)(e & low, p & low, i & low, e >> 32, p >> 32, i >> 32)
        raw(SYS_capset, ctypes.byref(header), ctypes.byref(data))

    def do_sethostname(self, op):
        raw(170, text(op["name"]), len(op["name"]))

    def do_gethostname(self, op):
        return os.uname().nodename

    def do_mount(self, op):
        ctypes.set_errno(0)
        check(libc.mount(text(op["source"]), text(op["target"]), text(op["type"]),
                         ctypes.c_ulong(flags(op["flags"], MS)), text(op["data"])))

    def do_umount(self, op):
        ctypes.set_errno(0)
        check(libc.umount2(text(op["target"]), ctypes.c_int(2 if op["detach"] else 0)))

    def do_pivotRoot(self, op):
        raw(SYS_pivot_root, text(op["newRoot"]), text(op["putOld"]))

    def do_chroot(self, op):
        os.chroot(op["path"])

    def do_open(self, op):
        bits = 0
        for flag in op["flags"]:
            bits |= getattr(os, flag)
        path = op["path"]
        self.files[op["as"]] = os.open(path, bits, op["mode"])

    def do_read(self, op):
        return os.read(self.files.get(op["fd"], 9999), 65536).decode()

    def do_write(self, op):
        return os.write(self.files.get(op["fd"], 9999), op["text"].encode())

    def do_close(self, op):
        os.close(self.files.pop(op["fd"], 9999))

    def do_list(self, op):
        names = sorted(os.listdir(op["path"]))
        # Of /proc only the processes: kernels differ in the rest.
        return [name for name in names if name.isdigit()] if "thread-self" in names else names

    def do_stat(self, op):
        status = os.stat(op["path"]) if op["followLast"] else os.lstat(op["path"])
        kind = {stat.S_IFDIR: "directory", stat.S_IFREG: "file", stat.S_IFLNK: "symlink", stat.S_IFCHR: "char",
                stat.S_IFBLK: "block", stat.S_IFIFO: "fifo", stat.S_IFSOCK: "socket"}[stat.S_IFMT(status.st_mode)]
        return [kind, stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid]

    def do_readlink(self, op):
        return os.readlink(op["path"])

    def do_mkdir(self, op):
        os.mkdir(op["path"], op["mode"])

    def do_mknod(self, op):
        device = op.get("device")
        if device is None:
            os.mknod(op["path"], op["mode"] | stat.S_IFIFO)
        else:
            kind = stat.S_IFCHR if device["type"] == "char" else stat.S_IFBLK
            os.mknod(op["path"], op["mode"] | kind, os.makedev(device["major"], device["minor"]))

    def do_symlink(self, op):
        os.symlink(op["target"], op["path"])

    def do_rmdir(self, op):
        os.rmdir(op["path"])

    def do_unlink(self, op):
        os.unlink(op["path"])

    def do_rename(self, op):
        os.rename(op["from"], op["to"])

    def do_chmod(self, op):
        os.chmod(op["path"], op["mode"])

    def do_chown(self, op):
        os.chown(op["path"], op["uid"] if op.get("uid") is not None else -1, op["gid"] if op.get("gid") is not None else -1)

    def do_chdir(self, op):
        os.chdir(op["path"])

    def do_fchdir(self, op):
        os.fchdir(self.files.get(op["fd"], 9999))

    def do_getcwd(self, op):
        buffer = ctypes.create_string_buffer(4096)
        raw(79, ctypes.byref(buffer), 4096)
        return buffer.value.decode()

    def do_umask(self, op):
        return os.umask(op["mask"])

    def do_status(self, op):
        return status_lines()

    def do_mounts(self, op):
        """What is mounted where, with flags and propagation, in an order that does not depend on ids."""
        found = []
        with open("/proc/self/mountinfo") as file:
            for line in file:
                before, after = line.split(" - ")
                parts = before.split()
                options = [o for o in parts[5].split(",") if o in ("ro", "rw", "nosuid", "nodev", "noexec")]
                kinds = sorted(field.split(":")[0] for field in parts[6:])
                found.append(" ".join([parts[3], parts[4], ",".join(options), "+".join(kinds), after.split()[0]]))
        return sorted(found)

    def do_execStatus(self, op):
        """Executes a program that prints its credentials, in a child, and returns what it printed."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.dup2(writing, 1)
            try:
                os.execv(op["path"], [op["path"]])
            except OSError as error:
                os.write(writing, ("errno " + errno.errorcode[error.errno]).encode())
            os._exit(0)
        os.close(writing)
        output = b""
        while True:
            part = os.read(reading, 65536)
            if not part:
                break
            output += part
        os.close(reading)
        os.waitpid(pid, 0)
        printed = output.decode()
        if printed.startswith("errno "):
            raise OSError(getattr(errno, printed[6:]), "")
        return printed.strip().split("\n")


def world(program):
    """A root of its own: the same few files that the engine's world has."""
    check(libc.mount(b"none", b"/", None, ctypes.c_ulong(16384 | (1 << 18)), None))
    check(libc.mount(b"world", b"/mnt", b"tmpfs", ctypes.c_ulong(0), b"mode=755"))
    os.chdir("/mnt")
    os.umask(0o022)
    for name in ("a", "b", "c", "a/sub", "b/sub", "old", "proc", "bin"):
        os.mkdir(name, 0o755)
    for name, content in (("a/file", "in a"), ("b/file", "in b"), ("f", "at the root")):
        with open(name, "w") as file:
            file.write(content)
    if program:
        with open(program, "rb") as source, open("bin/prog", "wb") as target:
            target.write(source.read())
        os.chmod("bin/prog", 0o755)
    raw(SYS_pivot_root, text("."), text("old"))
    os.chdir("/")
    check(libc.umount2(b"/old", 2))
    check(libc.mount(b"proc", b"/proc", b"proc", ctypes.c_ulong(0), None))


def living(starter):
    """Descendants of a process that run, by their numbers out here. Zombies do not."""
    found, waiting = set(), [starter]
    while waiting:
        pid = waiting.pop()
        try:
            with open(f"/proc/{pid}/task/{pid}/children") as file:
                children = [int(child) for child in file.read().split()]
        except OSError:
            continue
        for child in children:
            waiting.append(child)
            try:
                with open(f"/proc/{child}/stat") as file:
                    if file.read().rsplit(")", 1)[1].split()[0] not in "ZX":
                        found.add(child)
            except OSError:
                pass
    return found


def run_sequence(sequence, program):
    names = ["p1"] + [op["as"] for op in sequence if op["call"] == "clone"]
    to, back = {}, {}
    for name in names:
        if name not in to:
            to[name], back[name] = os.pipe(), os.pipe()
    pipes = {n: (os.fdopen(to[n][0], "rb", buffering=0), back[n][1]) for n in to}
    ready = os.pipe()
    starter = os.fork()
    if starter == 0:
        try:
            os.setsid()
            check(libc.unshare(ctypes.c_int(flags(["CLONE_NEWNS", "CLONE_NEWPID", "CLONE_NEWUTS", "CLONE_NEWIPC",
                                                   "CLONE_NEWNET"], CLONE))))
            pid = os.fork()
            if pid != 0:
                os.waitpid(pid, 0)
                os._exit(0)
            world(program)
            raw(170, text("world"), 5)
            os.write(ready[1], b"y")
            Worker(pipes).serve("p1")
        except BaseException as error:  # noqa: BLE001 - the controller is told, whatever it was
            os.write(ready[1], repr(error).encode()[:500])
            os._exit(1)
    try:
        said = os.read(ready[0], 500)
        if said != b"y":
            return {"unable": said.decode()}
        answers = []
        made, dead = {"p1"}, set()
        for op in sequence:
            if op["by"] not in made or op["by"] in dead:
                answers.append({"ok": False, "errno": "DEAD"})
                continue
            before = living(starter) if op["call"] == "exit" else set()
            os.write(to[op["by"]][1], json.dumps(op).encode() + b"\n")
            alive, _, _ = select.select([back[op["by"]][0]], [], [], 2)
            if not alive:
                dead.add(op["by"])
                answers.append({"ok": False, "errno": "DEAD"})
                continue
            line = b""
            while not line.endswith(b"\n"):
                line += os.read(back[op["by"]][0], 65536)
            answer = json.loads(line)
            answers.append(answer)
            if op["call"] == "clone" and answer["ok"]:
                made.add(op["as"])
            if op["call"] == "exit":
                dead.add(op["by"])
                # The answer comes before the end. On a busy machine another process could be asked in between.
                gone = len(before) if op["by"] == "p1" else 1
                until = time.monotonic() + 5
                while len(before - living(starter)) < gone and time.monotonic() < until:
                    time.sleep(0.001)
        return answers
    finally:
        # The end of the namespace's process 1 ends all others in it.
        try:
            with open(f"/proc/{starter}/task/{starter}/children") as file:
                for child in file.read().split():
                    os.kill(int(child), 9)
            os.kill(starter, 9)
        except OSError:
            pass
        os.waitpid(starter, 0)
        for pair in list(to.values()) + list(back.values()) + [ready]:
            for end in pair:
                try:
                    os.close(end)
                except OSError:
                    pass


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else ""
    for line in sys.stdin:
        result = run_sequence(json.loads(line), program)
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


main()
