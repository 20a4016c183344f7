import type { SysResult } from '../linux/errno.ts';
import type { Process } from '../linux/process.ts';
import {
  callSystem,
  type SystemCallArguments,
  type SystemCallName,
  type SystemCallValue,
} from '../linux/systemCalls.ts';
import { hostPlaces, type HostWorld } from './hostWorld.ts';
import type { ProbeArea } from './isolationEvents.ts';

/** A probe's own process in the container, a child of the application: what it does to itself harms no other probe. */
export class Attacker {
  readonly world: HostWorld;
  readonly process: Process;

  constructor(world: HostWorld, process: Process) {
    this.world = world;
    this.process = process;
  }

  call<N extends SystemCallName>(name: N, args: SystemCallArguments<N>): SysResult<SystemCallValue<N>> {
    return callSystem(this.world.kernel, this.process, name, args);
  }

  read(path: string): string | undefined {
    const opened = this.call('open', { path, flags: ['O_RDONLY'], mode: 0 });
    if (!opened.ok) return undefined;
    const text = this.call('read', { fd: opened.value });
    this.call('close', { fd: opened.value });
    return text.ok ? text.value : undefined;
  }

  write(path: string, text: string): boolean {
    const opened = this.call('open', { path, flags: ['O_WRONLY'], mode: 0 });
    if (!opened.ok) return false;
    const written = this.call('write', { fd: opened.value, text });
    this.call('close', { fd: opened.value });
    return written.ok;
  }

  /** Whether a path leads to the host's secret. */
  readsSecret(path: string): boolean {
    return this.read(path)?.includes(hostPlaces.secret) === true;
  }

  names(path: string): readonly string[] {
    const listed = this.call('list', { path });
    return listed.ok ? listed.value : [];
  }

  /** Tries something as things are, then with the mount on a path made writable, then with it taken off, as far as that is allowed. */
  despiteMount(path: string, attempt: () => void): void {
    attempt();
    // In a copy of the mount namespace, so that other probes find things as they were; it takes the same capability.
    this.call('unshare', { flags: ['CLONE_NEWNS'] });
    this.call('mount', {
      source: 'none',
      target: path,
      type: '',
      flags: ['MS_REMOUNT', 'MS_BIND'],
      data: '',
    });
    attempt();
    this.call('umount', { target: path, detach: true });
    attempt();
  }
}

export interface Probe {
  readonly area: ProbeArea;
  readonly attempt: string;
  /** The reason when it succeeds; undefined when it fails. */
  readonly run: (attacker: Attacker) => string | undefined;
}
