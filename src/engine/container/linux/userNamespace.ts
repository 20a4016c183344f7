import { fail, done, type SysResult } from './errno.ts';

/**
 * One line of a uid_map or gid_map: `count` ids from `inside` on are, one by one, the kernel's ids from `kernel` on.
 * user_namespaces(7)
 */
export interface IdExtent {
  readonly inside: number;
  /** As the parent namespace numbers it: what the line said. */
  readonly outside: number;
  /** As the initial user namespace numbers it: what inodes and credentials hold. */
  readonly kernel: number;
  readonly count: number;
}

/** The id that stands for every id without a mapping (/proc/sys/kernel/overflowuid). */
export const overflowId = 65_534;
/** Highest id plus one: (uid_t) -1 is no id. */
const idLimit = 2 ** 32 - 1;
/** Deepest nesting of user namespaces below the initial one; create_user_ns() refuses a level above 32. */
export const maxUserNamespaceLevel = 33;

export type IdMapKind = 'uid' | 'gid';

/**
 * A user namespace: which ids its processes see, and over what they may be privileged. Ids are kept as the initial
 * namespace numbers them; a map translates. user_namespaces(7)
 */
export class UserNamespace {
  readonly kind = 'user';
  readonly inode: number;
  readonly parent: UserNamespace | undefined;
  readonly level: number;
  /** Effective ids (of the kernel) of the process that created it: that user has every capability in it, from the parent. */
  readonly ownerUid: number;
  readonly ownerGid: number;
  /** Whether its creator had CAP_SETFCAP, which mapping the parent's root from inside takes. */
  readonly creatorCouldSetFileCapabilities: boolean;
  setgroups: 'allow' | 'deny';
  #uidMap: readonly IdExtent[];
  #gidMap: readonly IdExtent[];

  private constructor(
    inode: number,
    parent: UserNamespace | undefined,
    owner: { uid: number; gid: number; couldSetFileCapabilities: boolean },
    maps: readonly IdExtent[],
  ) {
    this.inode = inode;
    this.parent = parent;
    this.level = parent === undefined ? 0 : parent.level + 1;
    this.ownerUid = owner.uid;
    this.ownerGid = owner.gid;
    this.creatorCouldSetFileCapabilities = owner.couldSetFileCapabilities;
    this.setgroups = parent?.setgroups ?? 'allow';
    this.#uidMap = maps;
    this.#gidMap = maps;
  }

  /** The initial user namespace: every id is itself. */
  static initial(inode: number): UserNamespace {
    return new UserNamespace(inode, undefined, { uid: 0, gid: 0, couldSetFileCapabilities: true }, [
      { inside: 0, outside: 0, kernel: 0, count: idLimit },
    ]);
  }

  static below(
    parent: UserNamespace,
    inode: number,
    owner: { uid: number; gid: number; couldSetFileCapabilities: boolean },
  ): UserNamespace {
    return new UserNamespace(inode, parent, owner, []);
  }

  mapOf(kind: IdMapKind): readonly IdExtent[] {
    return kind === 'uid' ? this.#uidMap : this.#gidMap;
  }

  /** The kernel's id of an id of this namespace; undefined where none is mapped. */
  toKernel(kind: IdMapKind, id: number): number | undefined {
    for (const { inside, kernel, count } of this.mapOf(kind)) {
      if (id >= inside && id < inside + count) return kernel + (id - inside);
    }
    return undefined;
  }

  /** An id of the kernel as this namespace sees it; undefined where none is mapped. */
  fromKernel(kind: IdMapKind, kernelId: number): number | undefined {
    for (const { inside, kernel, count } of this.mapOf(kind)) {
      if (kernelId >= kernel && kernelId < kernel + count) return inside + (kernelId - kernel);
    }
    return undefined;
  }

  /** The same for people and stat(2): an id without a mapping is {@link overflowId}. */
  seen(kind: IdMapKind, kernelId: number): number {
    return this.fromKernel(kind, kernelId) ?? overflowId;
  }

  /** Whether this namespace is `other` or below it. */
  isWithin(other: UserNamespace): boolean {
    return this === other || (this.parent?.isWithin(other) ?? false);
  }

  /** Sets a map, once. The caller has checked who may. @param extents with `outside` in the parent's numbers */
  setMap(kind: IdMapKind, extents: readonly IdExtent[]): void {
    if (kind === 'uid') this.#uidMap = extents;
    else this.#gidMap = extents;
  }
}

/** Reads the text of a map: at most 340 lines of three numbers, no overlaps. Wrong text is EINVAL, as in the kernel. */
export function parseIdMap(
  text: string,
): SysResult<readonly { readonly inside: number; readonly outside: number; readonly count: number }[]> {
  const extents: { inside: number; outside: number; count: number }[] = [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0 || lines.length > 340) return fail('EINVAL');
  for (const line of lines) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(line);
    if (match === null) return fail('EINVAL');
    const [inside, outside, count] = match.slice(1).map(Number) as [number, number, number];
    if (count === 0 || inside + count > idLimit || outside + count > idLimit) return fail('EINVAL');
    const overlaps = extents.some(
      (other) =>
        (inside < other.inside + other.count && other.inside < inside + count) ||
        (outside < other.outside + other.count && other.outside < outside + count),
    );
    if (overlaps) return fail('EINVAL');
    extents.push({ inside, outside, count });
  }
  return { ok: true, value: extents };
}

/** Translates a map's outside ids, all of which the parent must know as one stretch; EPERM otherwise. */
export function kernelExtents(
  parent: UserNamespace,
  kind: IdMapKind,
  extents: readonly { readonly inside: number; readonly outside: number; readonly count: number }[],
): SysResult<readonly IdExtent[]> {
  const translated: IdExtent[] = [];
  for (const extent of extents) {
    const first = parent.toKernel(kind, extent.outside);
    const last = parent.toKernel(kind, extent.outside + extent.count - 1);
    if (first === undefined || last !== first + extent.count - 1) return fail('EPERM');
    translated.push({ ...extent, kernel: first });
  }
  return { ok: true, value: translated };
}

/** The words that /proc/pid/setgroups takes. Once a gid_map is written, or groups are denied, `allow` is EPERM. */
export function setSetgroups(namespace: UserNamespace, word: string): SysResult {
  if (word === 'allow') {
    if (namespace.setgroups === 'deny') return fail('EPERM');
    return done;
  }
  if (word !== 'deny') return fail('EINVAL');
  if (namespace.mapOf('gid').length > 0 && namespace.setgroups === 'allow') return fail('EPERM');
  namespace.setgroups = 'deny';
  return done;
}
