import { capable, type Credentials } from './credentials.ts';
import { done, fail, type SysResult } from './errno.ts';
import type { Process } from './process.ts';
import { kernelExtents, parseIdMap, type IdMapKind, type UserNamespace } from './userNamespace.ts';

/** What uid_map and gid_map show: outside ids as the reader's namespace numbers them. user_namespaces(7) */
export function idMapText(reader: Process, namespace: UserNamespace, kind: IdMapKind): string {
  const { userNamespace } = reader.credentials;
  // A reader inside sees the parent's numbers, another one its own.
  const lower =
    userNamespace === namespace && namespace.parent !== undefined ? namespace.parent : userNamespace;
  const column = (value: number): string => String(value).padStart(10);
  return namespace
    .mapOf(kind)
    .map(
      ({ inside, kernel, count }) =>
        `${column(inside)} ${column(lower.seen(kind, kernel))} ${column(count)}\n`,
    )
    .join('');
}

/** Who opened a map, and for which namespace: both are settled at open(2). */
export interface OpenIdMap {
  readonly opener: Credentials;
  readonly namespace: UserNamespace;
  readonly kind: IdMapKind;
}

/** A write to uid_map or gid_map: map_write() and new_idmap_permitted() in kernel/user_namespace.c. */
export function writeIdMap(
  { opener, namespace, kind }: OpenIdMap,
  writer: Process,
  text: string,
  offset: number,
): SysResult {
  const { parent } = namespace;
  if (parent === undefined) return fail('EPERM');
  if (opener.userNamespace !== namespace && opener.userNamespace !== parent) return fail('EPERM');
  if (offset !== 0 || text.length >= 4096) return fail('EINVAL');
  if (namespace.mapOf(kind).length > 0) return fail('EPERM');
  if (!capable(opener, namespace, 'CAP_SYS_ADMIN')) return fail('EPERM');
  const extents = parseIdMap(text);
  if (!extents.ok) return extents;
  const capability = kind === 'uid' ? 'CAP_SETUID' : 'CAP_SETGID';
  const mapsRoot = kind === 'uid' && extents.value.some(({ outside }) => outside === 0);
  if (mapsRoot && !mayMapRoot(opener, namespace, parent)) return fail('EPERM');
  const [only] = extents.value;
  const mapsSelf =
    extents.value.length === 1 &&
    only!.count === 1 &&
    namespace.ownerUid === opener.uid.effective &&
    parent.toKernel(kind, only!.outside) === opener[kind].effective &&
    (kind === 'uid' || namespace.setgroups === 'deny');
  const privileged = capable(writer.credentials, parent, capability) && capable(opener, parent, capability);
  if (!mapsSelf && !privileged) return fail('EPERM');
  const kernel = kernelExtents(parent, kind, extents.value);
  if (!kernel.ok) return kernel;
  namespace.setMap(kind, kernel.value);
  return done;
}

/** Root of the parent may be mapped by who could give files capabilities there. verify_root_map() */
const mayMapRoot = (opener: Credentials, namespace: UserNamespace, parent: UserNamespace): boolean =>
  opener.userNamespace === namespace
    ? namespace.creatorCouldSetFileCapabilities
    : capable(opener, parent, 'CAP_SETFCAP');
