#!/bin/busybox sh
# Stands for /bin/app in a container that a real runtime makes, and asks of the real kernel what the probes and needs of the engine ask
# of the simulated one: a line for each, "probe" or "need", what it is, and yes or no. Nothing here harms the host: where writing would,
# the file is only opened for writing. The words of a line are the engine's own.
. /etc/probe.env

say() { # kind, name, status of what was tried
  [ "$3" = 0 ] && printf '%s\t%s\tyes\n' "$1" "$2" || printf '%s\t%s\tno\n' "$1" "$2"
}
probe() { say probe "$1" "$2"; }
secret_at() { grep -qs "$MARKER" "$@"; } # one of some files

# Opens a file for writing, also after the mount that protects it was made writable, or taken off, in a copy of the mount namespace.
opens='opens() { [ -e "$1" ] && ( : >> "$1" ) 2>/dev/null; }'
eval "$opens"
writable() { # file, the mount that protects it
  opens "$1" && return 0
  # Of sysfs the whole file system was mounted read-only, and not this mount alone.
  unshare -m sh -c "$opens"'
    mount -o remount,bind,rw "$2" && opens "$1" && exit
    mount -o remount,rw "$2" && opens "$1" && exit
    umount -l "$2" && opens "$1"' - "$1" "$2" 2>/dev/null
}

database=
for process in /proc/[0-9]*; do
  read -r name < $process/comm
  [ "$name" = "$DATABASE" ] && database=${process#/proc/}
done 2>/dev/null
probe 'find a process of the host in /proc' $([ -n "$database" ]; echo $?)
[ -n "$database" ] && kill -0 "$database" 2>/dev/null
probe 'signal the database of the host' $?

secret_at "$SECRET"; probe 'read /etc/shadow of the host' $?
/bin/climb; probe 'climb out of a chroot' $?
secret_at "/..$SECRET" $(awk -v file="$SECRET" '$5 != "/" { print $5 file }' /proc/self/mountinfo)
probe 'find the old root in the tree of mounts' $?
found=1
for file in /proc/self/fd/*; do
  number=${file##*/}
  [ "$number" -ge 3 ] && ( cd "/proc/$$/fd/$number" && secret_at "../../../../../../..$SECRET" ) 2>/dev/null && found=0
done
probe 'leave through a descriptor that was left open' $found
# The machine may have other processes with so little power that any root may look into them.
secret_at $(for process in $HOST_PROCESSES; do echo "/proc/$process/root$SECRET"; done)
probe 'reach the root of another process through /proc/pid/root' $?
[ -n "$DISK" ] && {
  mknod /tmp/disk b $DISK 2>/dev/null
  dd if=/tmp/disk of=/dev/null bs=512 count=1 2>/dev/null
  probe 'read the disk of the host as a device' $?
}

[ "$(readlink /proc/self/ns/net)" = "$HOST_NET" ]; probe 'find the interfaces of the host' $?
nc -w 2 127.0.0.1 "$PORT" < /dev/null > /dev/null 2>&1; probe 'reach a local service of the host on 127.0.0.1' $?
/bin/abstract; probe 'connect to an abstract socket of the host' $?
awk -v key="$SHARED_MEMORY" '$2 == key { found = 1 } END { exit !found }' /proc/sysvipc/shm
probe 'attach the shared memory of the database' $?
[ "$(readlink /proc/self/ns/uts)" = "$HOST_UTS" ]; probe 'read or change the name of the host' $?

[ "$SWAP" = no ] && { dd if=/dev/zero of=/dev/null bs=136M count=1 2>/dev/null; probe 'use more memory than it may' $?; }
# Version 2 has one directory; in version 1 every controller has its own.
cgroups=/sys/fs/cgroup
[ -e $cgroups/cgroup.procs ] || cgroups=$cgroups/pids
own=$(sed -n 's/^\(0:\|[0-9]*:pids\)://p' /proc/self/cgroup | head -n 1)
found=1
for file in $cgroups/pids.max "$cgroups$own/pids.max"; do
  limit=$(cat "$file" 2>/dev/null) && [ "$limit" != max ] && writable "$file" $cgroups && found=0
done
probe 'raise its own limits' $found
if [ "$CGROUPS" = 2 ]; then
  ls -d /sys/fs/cgroup/"$OTHER_GROUP" > /dev/null 2>&1; probe 'see the control groups of others' $?
fi
grep -q '/\.\.' /proc/self/cgroup; probe 'learn from /proc/self/cgroup where it lies in the hierarchy of the host' $?

effective() { sed -n 's/^CapEff:\t*/0x/p' /proc/self/status; }
initial=$(awk '$1 == 0 && $2 == 0 && $3 == 4294967295 { print "yes" }' /proc/self/uid_map)
[ "$initial" = yes ] && [ $(( $(effective) & DANGEROUS )) != 0 ]; probe 'use a capability over the host' $?
before=$(effective)
after=$(/bin/busybox-setuid sed -n 's/^CapEff:\t*/0x/p' /proc/self/status)
[ $(( after & ~before )) != 0 ]; probe 'gain privileges by executing a set-user-ID program' $?

writable /proc/sys/kernel/core_pattern /proc/sys; probe 'make the kernel run a program of its choice (core_pattern)' $?
[ "$SYSRQ" = yes ] && {
  writable /proc/sysrq-trigger /proc/sysrq-trigger; probe 'reboot the machine through /proc/sysrq-trigger' $?
}
# Whichever file of sysfs the host has: only root may write it, and nothing but the mount keeps it from that.
writable "$SYS_FILE" /sys; probe 'set the helper that the kernel starts for new devices (/sys/kernel/uevent_helper)' $?
seen=1
for file in /proc/keys /proc/timer_list /proc/kcore; do
  [ "$(head -c 1 "$file" 2>/dev/null | wc -c)" = 1 ] && seen=0
done
[ -n "$(ls /sys/firmware/acpi 2>/dev/null)" ] && seen=0
probe 'read keys, timers and firmware of the host' $seen
/bin/by-unshare || /bin/by-clone || /bin/by-clone3; probe 'make a user namespace, to be root in it' $?

need() { say need "$1" "$2"; }
grep -q 'CapAmb:.0*[1-9a-f]' /proc/self/status; say 'ambient' 'capabilities' $?
[ "$(hostname)" = web ]; need 'the host name web' $?
[ "$(id -u)" = 0 ]; need 'user 0' $?
[ $$ = 1 ]; need 'process number 1 for the program' $?
head -n 1 /proc/self/status > /dev/null 2>&1; need 'to read /proc/self/status' $?
( echo > /dev/null ) 2>/dev/null; need 'to write to /dev/null' $?
cat /etc/passwd > /dev/null 2>&1; need 'to read its own /etc/passwd' $?
( : > /tmp/work ) 2>/dev/null; need 'to make a file in /tmp' $?
( echo "$MARKER" > /var/data/work ) 2>/dev/null; need 'to make a file in its volume, /var/data' $?
grep -q '^NoNewPrivs:.1' /proc/self/status; need 'no_new_privs' $?
nc -l -p 80 < /dev/null > /dev/null 2>&1 &
listener=$!
usleep 100000
kill "$listener" 2>/dev/null; need 'to listen on port 80' $?
wait "$listener" 2>/dev/null
for where in $(awk '$5 != "/" { print $5 }' /proc/self/mountinfo); do printf 'need\ta mount at %s\tyes\n' "$where"; done

# Last, because there may be no room for another process afterwards: from here on the shell starts none that it does not have to.
( made=0
  while [ $made -lt 300 ]; do
    sleep 60 &
    echo $! >> /tmp/made
    made=$((made + 1))
  done ) 2>/dev/null
probe 'start more processes than it may' $?
while read -r process; do kill -9 "$process"; done < /tmp/made 2>/dev/null
echo end
# Until who started it has looked from outside, and closes the pipe.
read -r nothing
