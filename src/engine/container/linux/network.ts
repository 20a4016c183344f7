import type { UserNamespace } from './userNamespace.ts';

/** A network device. A veth's other end may lie in another namespace. veth(4) */
export interface NetworkInterface {
  name: string;
  readonly kind: 'loopback' | 'physical' | 'veth' | 'bridge';
  namespace: NetworkNamespace;
  up: boolean;
  readonly addresses: { readonly ip: string; readonly prefix: number }[];
  peer: NetworkInterface | undefined;
  /** The bridge that it is a port of. */
  bridge: NetworkInterface | undefined;
}

/** A rule of the nat table: what a packet's source or destination is rewritten to. */
export type NatRule =
  | { readonly kind: 'masquerade'; readonly source: string }
  | { readonly kind: 'dnat'; readonly port: number; readonly to: string; readonly toPort: number };

/** Something that accepts connections. */
export interface Listener {
  readonly ip: string;
  readonly port: number;
  readonly name: string;
}

/**
 * A network stack of its own: interfaces, addresses, routes, firewall rules, ports, and the abstract UNIX sockets.
 * network_namespaces(7), unix(7)
 */
export class NetworkNamespace {
  readonly kind = 'net';
  readonly inode: number;
  readonly owner: UserNamespace;
  readonly interfaces = new Map<string, NetworkInterface>();
  /** The default route's next hop. */
  gateway: string | undefined;
  forwarding = false;
  readonly nat: NatRule[] = [];
  readonly listeners: Listener[] = [];
  /** Abstract UNIX sockets by name, and who listens. */
  readonly abstractSockets = new Map<string, string>();

  constructor(inode: number, owner: UserNamespace) {
    this.inode = inode;
    this.owner = owner;
    this.add('lo', 'loopback');
  }

  add(name: string, kind: NetworkInterface['kind']): NetworkInterface {
    const device: NetworkInterface = {
      name,
      kind,
      namespace: this,
      up: false,
      addresses: [],
      peer: undefined,
      bridge: undefined,
    };
    this.interfaces.set(name, device);
    return device;
  }

  holds(ip: string): boolean {
    return [...this.interfaces.values()].some((device) =>
      device.addresses.some((address) => address.ip === ip),
    );
  }
}

const words = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** Whether an address lies in a network written as `10.0.0.0/24`. */
export function inNetwork(ip: string, network: string): boolean {
  const [base, prefix = '32'] = network.split('/');
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(words(ip) / size) === Math.floor(words(base!) / size);
}

export const isIpAddress = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);

/** How a connection attempt ends. connect(2) */
export type Connection =
  | { readonly kind: 'connected'; readonly namespace: NetworkNamespace; readonly listener: Listener }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unreachable'; readonly errno: 'ENETUNREACH' | 'EHOSTUNREACH' };

/** Interfaces that a frame sent out of one can reach: the veth's peer, and through a bridge all its ports. */
function sameLink(from: NetworkInterface): ReadonlySet<NetworkInterface> {
  const seen = new Set<NetworkInterface>();
  const visit = (device: NetworkInterface | undefined): void => {
    if (device === undefined || seen.has(device) || !device.up) return;
    seen.add(device);
    visit(device.peer);
    visit(device.bridge);
    if (device.kind === 'bridge') {
      for (const port of device.namespace.interfaces.values()) if (port.bridge === device) visit(port);
    }
  };
  visit(from);
  return seen;
}

/** Follows a packet from a namespace to an address and port. */
export function connectTo(from: NetworkNamespace, ip: string, port: number, hops = 0): Connection {
  const local = inNetwork(ip, '127.0.0.0/8') || from.holds(ip);
  if (local) {
    if (from.interfaces.get('lo')?.up !== true) return { kind: 'unreachable', errno: 'ENETUNREACH' };
    return accept(from, ip, port, hops > 0);
  }
  const out = [...from.interfaces.values()].find(
    (device) =>
      device.up && device.addresses.some((address) => inNetwork(ip, `${address.ip}/${address.prefix}`)),
  );
  if (out !== undefined) {
    for (const device of sameLink(out)) {
      if (device !== out && device.addresses.some((address) => address.ip === ip)) {
        return accept(device.namespace, ip, port, true);
      }
    }
    return { kind: 'unreachable', errno: 'EHOSTUNREACH' };
  }
  const { gateway } = from;
  if (gateway === undefined) return { kind: 'unreachable', errno: 'ENETUNREACH' };
  const toGateway = [...from.interfaces.values()].find(
    (device) =>
      device.up && device.addresses.some((address) => inNetwork(gateway, `${address.ip}/${address.prefix}`)),
  );
  if (toGateway === undefined) return { kind: 'unreachable', errno: 'ENETUNREACH' };
  // The outside world answers whoever it can route to: the host's own address, or one rewritten to it.
  if (toGateway.kind === 'physical')
    return { kind: 'connected', namespace: from, listener: { ip, port, name: 'the internet' } };
  const router = [...sameLink(toGateway)].find((device) =>
    device.addresses.some((address) => address.ip === gateway),
  );
  if (router === undefined) return { kind: 'unreachable', errno: 'EHOSTUNREACH' };
  const next = router.namespace;
  if (next.holds(ip)) return accept(next, ip, port, true);
  if (!next.forwarding || hops > 8) return { kind: 'unreachable', errno: 'EHOSTUNREACH' };
  const source = toGateway.addresses[0]!.ip;
  const onward = connectTo(next, ip, port, hops + 1);
  if (onward.kind !== 'connected' || onward.listener.name !== 'the internet') return onward;
  const rewritten = next.nat.some((rule) => rule.kind === 'masquerade' && inNetwork(source, rule.source));
  return rewritten ? onward : { kind: 'unreachable', errno: 'EHOSTUNREACH' };
}

function accept(namespace: NetworkNamespace, ip: string, port: number, fromOutside: boolean): Connection {
  const forwarded = namespace.nat.find((rule) => rule.kind === 'dnat' && rule.port === port);
  if (fromOutside && forwarded?.kind === 'dnat')
    return connectTo(namespace, forwarded.to, forwarded.toPort, 1);
  const listener = namespace.listeners.find(
    (each) => each.port === port && (each.ip === ip || each.ip === '0.0.0.0'),
  );
  return listener === undefined ? { kind: 'refused' } : { kind: 'connected', namespace, listener };
}
