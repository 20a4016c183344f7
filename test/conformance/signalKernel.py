"""Makes calls about signals in processes of the kernel of this machine, and tells what came of each for all of them.

Reads [[{"process": 0, "call": "kill", ...}, ...], ...] as JSON: a list of cases, each a list of calls. Writes for each case the list of what happened:
{"result": of the call, "finished": {process: result of the call in which it waited}, "handled": {process: [signals whose handlers ran]}, "ended": [processes]}.
Process 0 is there from the start, and adopts orphans; "clone" makes the process "child". Calls that block do so: the kernel says in /proc that they do.
Between its calls a process blocks all signals, and is asked after each call of another to let in what waits: then nothing depends on who is quick.
"""
import ctypes
import errno
import json
import os
import select
import sys
import time

MOST = 5
NAMES = {1: "SIGHUP", 2: "SIGINT", 9: "SIGKILL", 10: "SIGUSR1", 12: "SIGUSR2", 13: "SIGPIPE", 15: "SIGTERM", 17: "SIGCHLD"}
NUMBERS = {name: number for number, name in NAMES.items()}
SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK = range(3)
SA_RESTART = 0x10000000
HANDLER = 0x4000
NOBODY = 2**30
PR_SET_CHILD_SUBREAPER = 36
SYS_READ, SYS_WAIT4, SYS_TGKILL = 0, 61, 234

libc = ctypes.CDLL(None, use_errno=True)
Mask = ctypes.c_uint64 * 16


class Action(ctypes.Structure):
    """struct sigaction of x86-64, as the C library has it."""

    _fields_ = [("handler", ctypes.c_void_p), ("mask", Mask), ("flags", ctypes.c_int), ("restorer", ctypes.c_void_p)]


ALL = Mask(*([2**64 - 1] * 16))
handled = set()


@ctypes.CFUNCTYPE(None, ctypes.c_int)
def handler(number):
    handled.add(NAMES[number])


HANDLER_AT = ctypes.cast(handler, ctypes.c_void_p).value


def mask_of(call):
    numbers = [NUMBERS[flag] for flag in call["flags"] if flag in NUMBERS]
    return Mask(sum(1 << (number - 1) for number in numbers))


def names_in(mask):
    return "\n".join(name for number, name in NAMES.items() if mask[0] >> (number - 1) & 1)


class Failed(Exception):
    pass


def checked(result):
    if result < 0:
        raise Failed(errno.errorcode[ctypes.get_errno()])
    return result


class Process:
    """One process of a case: its calls, under its own mask."""

    def __init__(self):
        self.mask = Mask()

    def do(self, call):
        # What has waited for this comes in first.
        libc.sigprocmask(SIG_SETMASK, ctypes.byref(self.mask), None)
        try:
            result = getattr(self, call["call"])(call)
        except Failed as error:
            result = {"errno": str(error)}
        libc.sigprocmask(SIG_SETMASK, ctypes.byref(ALL), ctypes.byref(self.mask))
        answer = {"result": result, "handled": sorted(handled)}
        handled.clear()
        return answer

    def settle(self, _):
        return {}

    def pipe2(self, _):
        ends = (ctypes.c_int * 2)()
        checked(libc.pipe(ends))
        return {"value": ends[0], "second": ends[1]}

    def close(self, call):
        checked(libc.close(call["fd"]))
        return {}

    def read(self, call):
        text = ctypes.create_string_buffer(8192)
        length = checked(libc.read(call["fd"], text, 8192))
        return {"text": text.raw[:length].decode()}

    def write(self, call):
        text = call["text"].encode()
        return {"value": checked(libc.write(call["fd"], text, len(text)))}

    def getppid(self, _):
        return {"pid": os.getppid()}

    def wait4(self, call):
        status = ctypes.c_int()
        pid = checked(libc.waitpid(call["pid"], ctypes.byref(status), 0))
        return {"pid": pid, "second": os.waitstatus_to_exitcode(status.value)}

    def kill(self, call):
        checked(libc.kill(call["pid"], self.signal(call)))
        return {}

    def tgkill(self, call):
        checked(libc.syscall(SYS_TGKILL, call["pid"], call["pid"], self.signal(call)))
        return {}

    def signal(self, call):
        return NUMBERS[call["flags"][0]] if call["flags"] else 0

    def rt_sigaction(self, call):
        address = HANDLER_AT if call["address"] == HANDLER else call["address"]
        action = Action(address, Mask(), SA_RESTART if "SA_RESTART" in call["flags"] else 0, None)
        before = Action()
        checked(libc.sigaction(NUMBERS[call["flags"][0]], ctypes.byref(action), ctypes.byref(before)))
        old = before.handler or 0
        return {"value": HANDLER if old == HANDLER_AT else old}

    def rt_sigprocmask(self, call):
        how = (SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK)[("SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK").index(call["flags"][0])]
        before = Mask()
        checked(libc.sigprocmask(how, ctypes.byref(mask_of(call)), ctypes.byref(before)))
        return {"text": names_in(before)}

    def rt_sigpending(self, _):
        pending = Mask()
        checked(libc.sigpending(ctypes.byref(pending)))
        return {"text": names_in(pending)}


def serve(number, pipes):
    """Makes the calls that the coordinator sends to this process."""
    process = Process()
    while True:
        (commands, _), (_, answers) = pipes[number]
        call = json.loads(os.read(commands, 65536))
        if call["call"] == "clone":
            pid = os.fork()
            if pid == 0:
                number = call["child"]
                continue
            answer = {"result": {"value": call["child"]}, "handled": [], "made": pid}
        elif call["call"] == "exit_group":
            os._exit(call["number"])
        else:
            answer = process.do(call)
        os.write(answers, json.dumps(answer).encode())


def high_pipe(at):
    """A pipe whose descriptors are out of the way of those that the calls get."""
    made = os.pipe()
    ends = (at, at + 1)
    for end, to in zip(made, ends):
        os.dup2(end, to)
        os.close(end)
    return ends


def proc(pid, name):
    try:
        with open(f"/proc/{pid}/{name}") as file:
            return file.read()
    except OSError:
        return ""


def state(pid):
    """The state of a process of this test, by its letter in /proc/pid/stat; "" if nobody of this test has the number."""
    fields = proc(pid, "stat").rpartition(")")[2].split()
    return fields[0] if len(fields) > 2 and fields[2] == str(os.getpgrp()) else ""


def exists(pid):
    return state(pid) != ""


def dead(pid):
    return state(pid) in ("", "Z", "X")


def signalled(pid):
    """Whether a signal that nothing holds back has not taken effect yet. proc_pid_status(5)"""
    masks = {}
    for line in proc(pid, "status").splitlines():
        name, _, value = line.partition(":")
        if name in ("SigPnd", "ShdPnd", "SigBlk"):
            masks[name] = int(value, 16)
    return (masks.get("SigPnd", 0) | masks.get("ShdPnd", 0)) & ~masks.get("SigBlk", 0) != 0


def blocked(pid):
    """Whether a process waits in a call of the case, and not for a command."""
    # Asked before: whoever is woken by a signal that was sent, and waits after that, waits again.
    if signalled(pid):
        return False
    fields = proc(pid, "syscall").split()
    if len(fields) < 2 or fields[0] == "running":
        return False
    return int(fields[0]) == SYS_WAIT4 or (int(fields[0]) == SYS_READ and int(fields[1], 16) < 100)


class Case:
    def __init__(self, pipes, first):
        self.pipes = pipes
        self.pids = {0: first}
        self.living = {0}
        self.waiting = set()

    def tell(self, number, call):
        os.write(self.pipes[number][0][1], json.dumps(call).encode())

    def watch(self, number):
        """Waits until a process has answered, has ended, or waits."""
        answers = self.pipes[number][1][0]
        while True:
            if select.select([answers], [], [], 0)[0]:
                return "answered", json.loads(os.read(answers, 65536))
            if dead(self.pids[number]):
                # Whoever ends tells others so under a lock that this call takes too.
                os.killpg(os.getpgrp(), 0)
                return "ended", None
            if blocked(self.pids[number]) and not select.select([answers], [], [], 0)[0]:
                return "waits", None
            time.sleep(0)

    def make(self, call):
        if call["call"] in ("kill", "tgkill", "wait4"):
            pid = self.pids.get(call["target"], NOBODY)
            call["pid"] = pid if exists(pid) else NOBODY
        self.news = {"result": None, "finished": {}, "handled": {}, "ended": []}
        self.tell(call["process"], call)
        self.take(call["process"], call, "result")
        while self.settle():
            pass
        return self.news

    def take(self, number, call, kind):
        """Looks after a process, and notes what has happened to it. Tells whether anything has."""
        what, answer = self.watch(number)
        if what == "ended":
            self.living.discard(number)
            self.waiting.discard(number)
            self.news["ended"].append(number)
            return True
        if what == "waits":
            self.waiting.add(number)
            if kind == "result":
                self.news["result"] = {"waits": True}
            return False
        result = answer["result"]
        if "pid" in result:
            result["value"] = next(each for each, pid in self.pids.items() if pid == result["pid"])
            del result["pid"]
        if kind == "result":
            self.news["result"] = result
        elif number in self.waiting:
            self.news["finished"][number] = result
        if "made" in answer:
            self.pids[call["child"]] = answer["made"]
            self.living.add(call["child"])
        was_waiting = number in self.waiting
        self.waiting.discard(number)
        seen = set(self.news["handled"].get(number, [])) | set(answer["handled"])
        if seen:
            self.news["handled"][number] = sorted(seen)
        return was_waiting or bool(answer["handled"])

    def settle(self):
        changed = False
        for number in sorted(self.living):
            if number not in self.waiting:
                self.tell(number, {"call": "settle"})
            changed |= self.take(number, {}, "later")
        return changed


def run(case):
    pipes = [(high_pipe(200 + 4 * number), high_pipe(202 + 4 * number)) for number in range(MOST)]
    first = os.fork()
    if first == 0:
        libc.sigprocmask(SIG_SETMASK, ctypes.byref(ALL), None)
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        for number in NAMES:
            libc.signal(number, None)
        null = os.open("/dev/null", os.O_RDWR)
        for descriptor in range(3):
            os.dup2(null, descriptor)
        os.closerange(3, 200)
        serve(0, pipes)
    going = Case(pipes, first)
    results = [going.make(call) for call in case]
    for number in going.living:
        os.kill(going.pids[number], 9)
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass
    for ends in pipes:
        for end in ends:
            os.close(end[0])
            os.close(end[1])
    return results


os.setpgrp()
libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
