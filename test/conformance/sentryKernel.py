"""Makes system calls in processes of the kernel of this machine, one at a time, and tells what came of each.

Reads [[{"process": 0, "call": "read", ...}, ...], ...] as JSON: a list of cases, each a list of calls. Writes for each case the list of results:
{"errno": name}, {"waits": true}, or {"value": number, "second": number, "text": text}, whatever the call has. Process 0 is there from the start; "clone" makes the
process "child". Numbers of processes are told as those of the case. A call that would block says that it waits; "retry" makes it again.
Files are below the folder named by the first argument; the second is what stands in /passwd.
"""
import ctypes
import errno
import json
import mmap
import os
import signal
import socket
import sys

BASE, PASSWD = sys.argv[1:]
MOST = 6
SYS_FUTEX = 202


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORTS = {number: free_port() for number in (8080, 8081)}
libc = ctypes.CDLL(None, use_errno=True)


def failed(error):
    return {"errno": errno.errorcode[error.errno]}


class Process:
    """What one process of a case remembers: its children by the numbers of the case."""

    def __init__(self, number, parent, words):
        self.number, self.parent, self.words = number, parent, words
        self.pids = {}
        self.last = None

    def do(self, call):
        if call["call"] == "retry":
            call = self.last
        else:
            self.last = call
        try:
            return getattr(self, call["call"])(call)
        except BlockingIOError:
            return {"waits": True}
        except OSError as error:
            return failed(error)

    def openat(self, call):
        path = call["path"]
        flags = 0
        for flag in call["flags"]:
            flags |= getattr(os, flag)
        return {"value": os.open(path if path == "/dev/null" else BASE + path, flags, 0o644)}

    def read(self, call):
        text = os.read(call["fd"], 8192).decode()
        return {"text": text}

    def write(self, call):
        return {"value": os.write(call["fd"], call["text"].encode())}

    def close(self, call):
        os.close(call["fd"])
        return {}

    def pipe2(self, call):
        reading, writing = os.pipe2(os.O_NONBLOCK)
        return {"value": reading, "second": writing}

    def getppid(self, call):
        return {"value": self.parent}

    def wait4(self, call):
        # An ended child may take a moment to become one that can be waited for.
        how = 0 if call["ended"] else os.WNOHANG
        pid, status = os.waitpid(self.pids.get(call["child"], 1), how)
        if pid == 0:
            return {"waits": True}
        del self.pids[call["child"]]
        return {"value": call["child"], "second": os.waitstatus_to_exitcode(status)}

    def socket(self, call):
        with socket.socket() as made:
            return {"value": made.detach()}

    def on_socket(self, call, act):
        made = socket.socket(fileno=call["fd"])
        try:
            return act(made)
        finally:
            made.detach()

    def bind(self, call):
        return self.on_socket(call, lambda made: made.bind(("127.0.0.1", self.port(call))) or {})

    def listen(self, call):
        return self.on_socket(call, lambda made: made.listen(8) or {})

    def accept4(self, call):
        def act(made):
            made.setblocking(False)
            other, _ = made.accept()
            other.setblocking(False)
            return {"value": other.detach()}

        return self.on_socket(call, act)

    def connect(self, call):
        def act(made):
            made.setblocking(True)
            made.connect(("127.0.0.1", self.port(call)))
            made.setblocking(False)
            return {}

        return self.on_socket(call, act)

    def port(self, call):
        """The port of this machine that stands for one of the case."""
        return PORTS[call["number"]]

    def futex(self, call):
        word = ctypes.c_uint32.from_buffer(self.words, call["address"])
        operation = 0 if call["flags"] == ["FUTEX_WAIT"] else 1
        result = libc.syscall(SYS_FUTEX, ctypes.byref(word), operation, call["number"], None, None, 0)
        if result < 0:
            return {"errno": errno.errorcode[ctypes.get_errno()]}
        return {"value": result}


def serve(process, pipes):
    """Makes the calls that the coordinator sends to this process."""
    while True:
        (commands, _), (_, answers) = pipes[process.number]
        call = json.loads(os.read(commands, 65536))
        if call["call"] == "clone":
            child = call["child"]
            pid = os.fork()
            if pid == 0:
                process = Process(child, process.number, process.words)
                continue
            process.pids[child] = pid
            answer = {"value": child}
        elif call["call"] == "exit_group":
            for descriptor in range(3, 64):
                try:
                    os.close(descriptor)
                except OSError:
                    pass
            os.write(answers, b"{}")
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


def run(case):
    for name in os.listdir(BASE):
        os.unlink(os.path.join(BASE, name))
    with open(BASE + "/passwd", "w") as file:
        file.write(PASSWD)
    pipes = [(high_pipe(200 + 4 * number), high_pipe(202 + 4 * number)) for number in range(MOST)]
    words = mmap.mmap(-1, 4096)
    first = os.fork()
    if first == 0:
        null = os.open("/dev/null", os.O_RDWR)
        for descriptor in range(3):
            os.dup2(null, descriptor)
        os.closerange(3, 200)
        serve(Process(0, 0, words), pipes)
    results = []
    for call in case:
        (_, commands), (answers, _) = pipes[call["process"]]
        os.write(commands, json.dumps(call).encode())
        results.append(json.loads(os.read(answers, 65536)))
    for number in range(MOST):
        (_, commands), _ = pipes[number]
        os.write(commands, b'{"call": "exit_group", "number": 0}')
    os.waitpid(first, 0)
    for ends in pipes:
        for end in ends:
            os.close(end[0])
            os.close(end[1])
    return results


signal.signal(signal.SIGPIPE, signal.SIG_IGN)
json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
