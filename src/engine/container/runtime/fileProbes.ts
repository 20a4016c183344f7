import { visibleMounts } from '../linux/mountInfo.ts';
import { pathName } from '../linux/mounts.ts';
import { clone, end } from '../linux/processCalls.ts';
import { callSystem } from '../linux/systemCalls.ts';
import { Attacker, type Probe } from './attacker.ts';

/** Ways to files of the host. */
export const fileProbes: readonly Probe[] = [
  {
    area: 'files',
    attempt: 'read /etc/shadow of the host',
    run: (attacker) =>
      attacker.readsSecret('/etc/shadow')
        ? "It read the host's passwords: the root directory of the container is still that of the host."
        : undefined,
  },
  {
    area: 'files',
    attempt: 'climb out of a chroot',
    run(attacker) {
      attacker.call('mkdir', { path: '/tmp/deeper', mode: 0o755 });
      if (!attacker.call('chroot', { path: '/tmp/deeper' }).ok) return undefined;
      // The current directory now lies outside the root, and `..` stops only at the root.
      for (let step = 0; step < 16; step++) attacker.call('chdir', { path: '..' });
      if (!attacker.readsSecret('etc/shadow')) return undefined;
      return 'It made a second chroot below the first one, and climbed with `..` from a directory outside of it: chroot changes the meaning of `/` and nothing else. pivot_root leaves nothing above to climb to, once the old root is unmounted.';
    },
  },
  {
    area: 'files',
    attempt: 'find the old root in the tree of mounts',
    run(attacker) {
      const { process } = attacker;
      for (const mount of visibleMounts(process)) {
        const place = pathName({ mount, node: mount.root }, process.root);
        if (place !== '/' && attacker.readsSecret(`${place}/etc/shadow`)) {
          return `The file system of the host is mounted at ${place}. After pivot_root the old root has to be unmounted with MNT_DETACH; and nothing of it may be bound into the container.`;
        }
      }
      return attacker.call('chdir', { path: '/..' }).ok && attacker.readsSecret('etc/shadow')
        ? 'The old root lies on top of the new one and is reached by `/..`: after pivot_root(".", ".") it has to be unmounted with MNT_DETACH.'
        : undefined;
    },
  },
  {
    area: 'files',
    attempt: 'enter the container later, by setns, and find the host',
    run(attacker) {
      const { kernel, runtime } = attacker.world;
      const mnt = attacker.process.namespaces.mnt;
      if (mnt === kernel.init.namespaces.mnt) return undefined;
      const late = clone(kernel, runtime, []);
      if (!late.ok) return undefined;
      const entrant = new Attacker(attacker.world, late.value);
      const file = entrant.call('open', {
        path: `/proc/${attacker.process.hostPid}/ns/mnt`,
        flags: ['O_RDONLY'],
        mode: 0,
      });
      const entered = file.ok && entrant.call('setns', { fd: file.value, kind: 'mnt' }).ok;
      const found = entered && entrant.readsSecret('/etc/shadow');
      end(kernel, late.value, { kind: 'exited', status: 0 });
      callSystem(kernel, runtime, 'wait', { pid: -1 });
      return found
        ? 'A process that joined the mount namespace, as "exec" into a running container does, had the root of the host: chroot changed the root of one process, and the root of the namespace is still the old one. pivot_root changes that.'
        : undefined;
    },
  },
  {
    area: 'files',
    attempt: 'leave through a descriptor that was left open',
    run(attacker) {
      for (const fd of attacker.process.files.keys()) {
        if (fd >= 3 && attacker.call('fchdir', { fd }).ok && attacker.readsSecret('../../etc/shadow')) {
          return `Descriptor ${fd} is a directory of the host, inherited from the runtime: fchdir, then \`..\` (the way of CVE-2024-21626). Close every descriptor above 2 before execve.`;
        }
      }
      return undefined;
    },
  },
  {
    area: 'files',
    attempt: 'reach the root of another process through /proc/pid/root',
    run(attacker) {
      const pid = attacker
        .names('/proc')
        .find((name) => /^\d+$/.test(name) && attacker.readsSecret(`/proc/${name}/root/etc/shadow`));
      return pid === undefined
        ? undefined
        : `/proc/${pid}/root leads to the root of a process of the host, and the container may look into it: it shares the process namespace and has no fewer capabilities.`;
    },
  },
  {
    area: 'files',
    attempt: 'read the disk of the host as a device',
    run(attacker) {
      attacker.call('mknod', {
        path: '/tmp/disk',
        mode: 0o600,
        device: { type: 'block', major: 8, minor: 1 },
      });
      const read = ['/tmp/disk', '/dev/sda1', '/dev/sda'].find(
        (path) => attacker.read(path)?.includes('host') === true,
      );
      return read === undefined
        ? undefined
        : `It read ${read}, the disk below all file systems. Take CAP_MKNOD away, give the container a /dev of its own, and allow only harmless devices in its control group.`;
    },
  },
];
