import { capable } from './credentials.ts';
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

/** A write to uid_map or gid_map: map_write() and new_idmap_permitted() in kernel/user_namespace.c. */
export function writeIdMap(
  writer: Process,
  namespace: UserNamespace,
  kind: IdMapKind,
  text: string,
): SysResult {
  const { credentials } = writer;
  const { parent } = namespace;
  if (parent === undefined) return fail('EPERM');
  if (credentials.userNamespace !== namespace && credentials.userNamespace !== parent) return fail('EPERM');
  if (namespace.mapOf(kind).length > 0) return fail('EPERM');
  if (!capable(credentials, namespace, 'CAP_SYS_ADMIN')) return fail('EPERM');
  const extents = parseIdMap(text);
  if (!extents.ok) return extents;
  const capability = kind === 'uid' ? 'CAP_SETUID' : 'CAP_SETGID';
  const [only] = extents.value;
  if (
    kind === 'uid' &&
    extents.value.some(({ outside }) => outside === 0) &&
    !mayMapRoot(writer, namespace, parent)
  )
    return fail('EPERM');
  const mapsSelf =
    extents.value.length === 1 &&
    only!.count === 1 &&
    namespace.ownerUid === credentials.uid.effective &&
    parent.toKernel(kind, only!.outside) === credentials[kind].effective &&
    (kind === 'uid' || namespace.setgroups === 'deny');
  if (!mapsSelf && !capable(credentials, parent, capability)) return fail('EPERM');
  const kernel = kernelExtents(parent, kind, extents.value);
  if (!kernel.ok) return kernel;
  namespace.setMap(kind, kernel.value);
  return done;
}

/** Root of the parent may be mapped by who could give files capabilities there. verify_root_map() */
function mayMapRoot(writer: Process, namespace: UserNamespace, parent: UserNamespace): boolean {
  return writer.credentials.userNamespace === namespace
    ? namespace.creatorCouldSetFileCapabilities
    : capable(writer.credentials, parent, 'CAP_SETFCAP');
}
