"""Mounts layers with the kernel's overlayfs, in a mount namespace of its own, and tells what it shows.

Reads [{"lowers": [tree, ...], "upper": tree, "operations": [{...}]}, ...] as JSON, a tree being {name: entry} with entries "text" (a file), null (a
whiteout) or {"opaque": bool, "children": tree}; lowers topmost first. Writes for each case {"after": tree the kernel shows after it made the operations on an
empty upper layer, "upper": that upper layer, "shown": tree it shows for the given upper layer}. Exits with 3 where overlayfs cannot be mounted.
"""
import json
import os
import shutil
import subprocess
import sys

OPAQUE = "trusted.overlay.opaque"
BASE = sys.argv[1]


def build(tree, at):
    os.makedirs(at, exist_ok=True)
    for name, entry in tree.items():
        path = os.path.join(at, name)
        if entry is None:
            os.mknod(path, 0o600 | 0o020000, os.makedev(0, 0))
        elif isinstance(entry, str):
            with open(path, "w") as file:
                file.write(entry)
        else:
            build(entry["children"], path)
            if entry["opaque"]:
                os.setxattr(path, OPAQUE, b"y")


def show(at, raw):
    tree = {}
    for name in sorted(os.listdir(at)):
        path = os.path.join(at, name)
        if os.path.isdir(path):
            children = show(path, raw)
            opaque = raw and OPAQUE in os.listxattr(path) and os.getxattr(path, OPAQUE) == b"y"
            tree[name] = {"opaque": opaque, "children": children}
        elif raw and not os.path.isfile(path):
            tree[name] = None
        else:
            with open(path) as file:
                tree[name] = file.read()
    return tree


def mount(at, lowers, upper):
    dirs = []
    for number, lower in enumerate(lowers):
        dirs.append("%s/l%d" % (at, number))
        build(lower, dirs[-1])
    build(upper, at + "/u")
    os.makedirs(at + "/w")
    os.makedirs(at + "/m")
    options = "lowerdir=%s,upperdir=%s/u,workdir=%s/w" % (":".join(dirs), at, at)
    done = subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, at + "/m"], capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr.strip(), file=sys.stderr)
        sys.exit(3)
    return at + "/m"


def perform(root, operation):
    path = root + operation["path"]
    kind = operation["kind"]
    if kind == "append":
        with open(path, "a") as file:
            file.write(operation["added"])
    elif kind == "create":
        with open(path, "x") as file:
            file.write(operation["content"])
    elif kind == "remove":
        os.unlink(path)
    elif kind == "makeDirectory":
        os.mkdir(path)
    elif kind == "removeDirectory":
        os.rmdir(path)


def run(number, case):
    at = "%s/c%d" % (BASE, number)
    merged = mount(at + "a", case["lowers"], {})
    for operation in case["operations"]:
        perform(merged, operation)
    after = show(merged, False)
    subprocess.run(["umount", merged], check=True)
    upper = show(at + "a/u", True)
    merged = mount(at + "b", case["lowers"], case["upper"])
    shown = show(merged, False)
    subprocess.run(["umount", merged], check=True)
    shutil.rmtree(at + "a")
    shutil.rmtree(at + "b")
    return {"after": after, "upper": upper, "shown": shown}


done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", BASE], capture_output=True, text=True)
if done.returncode != 0:
    print(done.stderr.strip(), file=sys.stderr)
    sys.exit(3)
json.dump([run(number, case) for number, case in enumerate(json.load(sys.stdin))], sys.stdout)
