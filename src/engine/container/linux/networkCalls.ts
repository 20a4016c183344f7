import { capable } from './credentials.ts';
import { done, fail, succeed, type SysResult } from './errno.ts';
import type { Kernel } from './kernel.ts';
import { connectTo, isIpAddress, type NatRule } from './network.ts';
import type { Process } from './process.ts';

/**
 * What rtnetlink(7) and the firewall are asked, by the words of ip(8) and iptables(8). Each takes CAP_NET_ADMIN over the user
 * namespace that owns the network namespace.
 */
export type NetworkRequest =
  /** `ip link add name type veth peer name peer`, or a bridge without a peer. */
  | { readonly kind: 'addLink'; readonly name: string; readonly peer: string | undefined }
  /** `ip link set name netns pid` */
  | { readonly kind: 'moveLink'; readonly name: string; readonly pid: number }
  /** `ip link set name name newName` */
  | { readonly kind: 'renameLink'; readonly name: string; readonly newName: string }
  /** `ip link set name master bridge` */
  | { readonly kind: 'setMaster'; readonly name: string; readonly bridge: string }
  /** `ip link set name up` */
  | { readonly kind: 'setUp'; readonly name: string }
  /** `ip addr add ip/prefix dev name` */
  | { readonly kind: 'addAddress'; readonly name: string; readonly ip: string; readonly prefix: number }
  /** `ip route add default via ip` */
  | { readonly kind: 'addDefaultRoute'; readonly via: string }
  /** `iptables -t nat …` */
  | { readonly kind: 'addNatRule'; readonly rule: NatRule };

const longestName = 15;

export function configureNetwork(kernel: Kernel, process: Process, request: NetworkRequest): SysResult {
  const { net } = process.namespaces;
  const { credentials } = process;
  if (!capable(credentials, net.owner, 'CAP_NET_ADMIN')) return fail('EPERM');
  switch (request.kind) {
    case 'addLink': {
      const { name, peer } = request;
      for (const each of peer === undefined ? [name] : [name, peer]) {
        if (each === '' || each.length > longestName || each.includes('/')) return fail('EINVAL');
        if (net.interfaces.has(each)) return fail('EEXIST');
      }
      if (name === peer) return fail('EEXIST');
      const device = net.add(name, peer === undefined ? 'bridge' : 'veth');
      if (peer !== undefined) {
        device.peer = net.add(peer, 'veth');
        device.peer.peer = device;
      }
      return done;
    }
    case 'moveLink': {
      const device = net.interfaces.get(request.name);
      if (device === undefined) return fail('ENODEV');
      const target = process.pidNamespace.processes.get(request.pid);
      if (target === undefined || !target.alive) return fail('ESRCH');
      const to = target.namespaces.net;
      if (!capable(credentials, to.owner, 'CAP_NET_ADMIN')) return fail('EPERM');
      if (device.kind === 'loopback' || device.kind === 'bridge') return fail('EINVAL');
      if (to.interfaces.has(device.name)) return fail('EEXIST');
      net.interfaces.delete(device.name);
      device.namespace = to;
      device.up = false;
      device.bridge = undefined;
      device.addresses.length = 0;
      to.interfaces.set(device.name, device);
      return done;
    }
    case 'renameLink': {
      const device = net.interfaces.get(request.name);
      if (device === undefined) return fail('ENODEV');
      if (request.newName === '' || request.newName.length > longestName) return fail('EINVAL');
      if (net.interfaces.has(request.newName)) return fail('EEXIST');
      net.interfaces.delete(device.name);
      device.name = request.newName;
      net.interfaces.set(device.name, device);
      return done;
    }
    case 'setMaster': {
      const device = net.interfaces.get(request.name);
      const bridge = net.interfaces.get(request.bridge);
      if (device === undefined || bridge === undefined) return fail('ENODEV');
      if (bridge.kind !== 'bridge' || device.kind === 'loopback') return fail('EINVAL');
      if (device.kind === 'bridge') return fail('ELOOP');
      device.bridge = bridge;
      return done;
    }
    case 'setUp': {
      const device = net.interfaces.get(request.name);
      if (device === undefined) return fail('ENODEV');
      device.up = true;
      return done;
    }
    case 'addAddress': {
      const device = net.interfaces.get(request.name);
      if (device === undefined) return fail('ENODEV');
      if (!isIpAddress(request.ip) || request.prefix < 0 || request.prefix > 32) return fail('EINVAL');
      if (device.addresses.some((address) => address.ip === request.ip)) return fail('EEXIST');
      device.addresses.push({ ip: request.ip, prefix: request.prefix });
      return done;
    }
    case 'addDefaultRoute': {
      if (!isIpAddress(request.via)) return fail('EINVAL');
      if (net.gateway !== undefined) return fail('EEXIST');
      const probe = connectTo(net, request.via, 0);
      if (probe.kind === 'unreachable' && probe.errno === 'ENETUNREACH') return fail('ENETUNREACH');
      net.gateway = request.via;
      return done;
    }
    case 'addNatRule':
      net.nat.push(request.rule);
      return done;
  }
  void kernel;
}

/** bind(2) and listen(2) on a TCP port; ports below 1024 take CAP_NET_BIND_SERVICE. ip(7) */
export function listen(process: Process, ip: string, port: number): SysResult {
  const { net } = process.namespaces;
  if (port < 1024 && !capable(process.credentials, net.owner, 'CAP_NET_BIND_SERVICE')) return fail('EACCES');
  const taken = net.listeners.some(
    (each) => each.port === port && (each.ip === ip || each.ip === '0.0.0.0' || ip === '0.0.0.0'),
  );
  if (taken) return fail('EADDRINUSE');
  net.listeners.push({ ip, port, name: process.name });
  return done;
}

/** connect(2) to a TCP port. @returns who answers */
export function connect(process: Process, ip: string, port: number): SysResult<string> {
  const connection = connectTo(process.namespaces.net, ip, port);
  switch (connection.kind) {
    case 'connected':
      return succeed(connection.listener.name);
    case 'refused':
      return fail('ECONNREFUSED');
    case 'unreachable':
      return fail(connection.errno);
  }
}

/** connect(2) to an abstract UNIX socket, whose name belongs to the network namespace and to no directory. unix(7) */
export function connectAbstract(process: Process, name: string): SysResult<string> {
  const listener = process.namespaces.net.abstractSockets.get(name);
  return listener === undefined ? fail('ECONNREFUSED') : succeed(listener);
}
