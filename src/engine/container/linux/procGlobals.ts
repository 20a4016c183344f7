import { capable } from './credentials.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import type { Kernel } from './kernel.ts';
import type { PidNamespace } from './namespaces.ts';
import type { Process } from './process.ts';

/** A file of /proc that belongs to the whole kernel. */
export type GlobalFile =
  | {
      readonly kind: 'file';
      readonly mode: number;
      read?(kernel: Kernel, reader: Process): SysResult<string>;
      write?(kernel: Kernel, writer: Process, text: string): SysResult;
      open?(kernel: Kernel, opener: Process): SysResult;
    }
  | { readonly kind: 'link'; readonly mode: number; target(viewer: Process, pids: PidNamespace): string }
  | { readonly kind: 'emptyDirectory'; readonly mode: number };

const text = (mode: number, read: (kernel: Kernel, reader: Process) => string): GlobalFile => ({
  kind: 'file',
  mode,
  read: (kernel, reader) => succeed(read(kernel, reader)),
});

/** A setting of the whole kernel, kept in {@link Kernel.settings}: only root of the initial user namespace writes it. */
const setting = (name: string): GlobalFile => ({
  kind: 'file',
  mode: 0o644,
  read: (kernel) => succeed(`${kernel.settings.get(name) ?? ''}\n`),
  write: (kernel, _writer, value) => {
    kernel.settings.set(name, value.trim());
    return done;
  },
});

/** By path below /proc. What has children is a directory. proc(5), proc_sys(5) */
export const globalProcFiles: Readonly<Record<string, GlobalFile>> = {
  acpi: { kind: 'emptyDirectory', mode: 0o555 },
  bus: { kind: 'emptyDirectory', mode: 0o555 },
  cmdline: text(0o444, () => 'root=/dev/sda1 ro quiet\n'),
  fs: { kind: 'emptyDirectory', mode: 0o555 },
  irq: { kind: 'emptyDirectory', mode: 0o555 },
  kcore: {
    kind: 'file',
    mode: 0o400,
    open: (kernel, opener) =>
      capable(opener.credentials, kernel.userNamespace, 'CAP_SYS_RAWIO') ? done : fail('EPERM'),
    read: () => succeed('\u007fELF: the memory of the host'),
  },
  keys: text(0o444, () => '04a1c0de I--Q---     1 perm 1f3f0000     0     0 keyring   _ses: host\n'),
  meminfo: text(0o444, () => 'MemTotal:       16384000 kB\n'),
  mounts: { kind: 'link', mode: 0o777, target: () => 'self/mounts' },
  self: { kind: 'link', mode: 0o777, target: (viewer, pids) => String(viewer.pidIn(pids) ?? '') },
  'sys/fs/binfmt_misc': { kind: 'emptyDirectory', mode: 0o555 },
  'sys/kernel/core_pattern': setting('core_pattern'),
  'sys/kernel/domainname': text(0o644, (_kernel, reader) => `${reader.namespaces.uts.domainname}\n`),
  'sys/kernel/hostname': {
    kind: 'file',
    mode: 0o644,
    read: (_kernel, reader) => succeed(`${reader.namespaces.uts.hostname}\n`),
    write: (_kernel, writer, value) => {
      if (!capable(writer.credentials, writer.namespaces.uts.owner, 'CAP_SYS_ADMIN')) return fail('EPERM');
      writer.namespaces.uts.hostname = value.trim();
      return done;
    },
  },
  'sys/kernel/modprobe': setting('modprobe'),
  'sys/net/ipv4/ip_forward': {
    kind: 'file',
    mode: 0o644,
    read: (_kernel, reader) => succeed(`${reader.namespaces.net.forwarding ? 1 : 0}\n`),
    write: (_kernel, writer, value) => {
      writer.namespaces.net.forwarding = value.trim() === '1';
      return done;
    },
  },
  'sys/vm/panic_on_oom': setting('panic_on_oom'),
  'sysrq-trigger': {
    kind: 'file',
    mode: 0o200,
    write: (kernel, _writer, value) => {
      kernel.sysrq.push(value.trim());
      return done;
    },
  },
  timer_list: text(0o400, () => 'Timer List Version: v0.10\n'),
  uptime: text(0o444, (kernel, reader) => {
    const seconds = kernel.uptimeSeconds + reader.namespaces.time.boottimeOffset;
    return `${seconds.toFixed(2)} ${seconds.toFixed(2)}\n`;
  }),
  version: text(0o444, () => 'Linux version 6.18.0\n'),
};
