import {
  allCapabilities,
  hasCapability,
  isSubset,
  noCapabilities,
  type Capability,
  type CapabilitySet,
} from './capabilities.ts';
import { fail, type SysResult } from './errno.ts';
import type { IdMapKind, UserNamespace } from './userNamespace.ts';

/** Real, effective and saved id, as the kernel numbers them. The file-system id follows the effective one. */
export interface Ids {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
}

/** Who a process is and what it may do. credentials(7), capabilities(7). Never changed in place. */
export interface Credentials {
  readonly userNamespace: UserNamespace;
  readonly uid: Ids;
  readonly gid: Ids;
  /** Supplementary groups. */
  readonly groups: readonly number[];
  readonly permitted: CapabilitySet;
  readonly effective: CapabilitySet;
  readonly inheritable: CapabilitySet;
  readonly bounding: CapabilitySet;
  readonly ambient: CapabilitySet;
  /** SECBIT_KEEP_CAPS: permitted capabilities outlive the change from root to another user, until the next execve. */
  readonly keepCapabilities: boolean;
}

export const sameIds = (id: number): Ids => ({ real: id, effective: id, saved: id });

/** The initial process's credentials: root with everything. */
export const rootCredentials = (userNamespace: UserNamespace): Credentials => ({
  userNamespace,
  uid: sameIds(0),
  gid: sameIds(0),
  groups: [],
  permitted: allCapabilities,
  effective: allCapabilities,
  inheritable: noCapabilities,
  bounding: allCapabilities,
  ambient: noCapabilities,
  keepCapabilities: false,
});

/** What a process that creates or enters a user namespace holds there: every capability. user_namespaces(7) */
export const inUserNamespace = (from: Credentials, userNamespace: UserNamespace): Credentials => ({
  ...from,
  userNamespace,
  permitted: allCapabilities,
  effective: allCapabilities,
  inheritable: noCapabilities,
  bounding: allCapabilities,
  ambient: noCapabilities,
  keepCapabilities: false,
});

/**
 * Whether credentials have a capability over what a user namespace owns: the rule of cap_capable() in
 * security/commoncap.c. In the own namespace the effective set decides; over a child, so does having created it; over
 * anything else there is no power.
 */
export function capable(credentials: Credentials, over: UserNamespace, capability: Capability): boolean {
  for (let at: UserNamespace = over; ;) {
    if (at === credentials.userNamespace) return hasCapability(credentials.effective, capability);
    if (at.parent === undefined || at.level <= credentials.userNamespace.level) return false;
    if (at.parent === credentials.userNamespace && at.ownerUid === credentials.uid.effective) return true;
    at = at.parent;
  }
}

/** The kernel's id of root in the namespace of the credentials; undefined where root is not mapped. */
const rootOf = (credentials: Credentials): number | undefined => credentials.userNamespace.toKernel('uid', 0);

/**
 * What a change of user ids does to capabilities: leaving root drops them, unless SECBIT_KEEP_CAPS is set. capabilities(7),
 * "Effect of user ID changes on capabilities".
 */
function afterIdChange(before: Credentials, after: Credentials): Credentials {
  const root = rootOf(before);
  const wasRoot = Object.values(before.uid).includes(root);
  const isRoot = Object.values(after.uid).includes(root);
  let { permitted, effective, ambient } = after;
  if (wasRoot && !isRoot) {
    if (!before.keepCapabilities) {
      permitted = noCapabilities;
      effective = noCapabilities;
    }
    ambient = noCapabilities;
  }
  if (before.uid.effective === root && after.uid.effective !== root) effective = noCapabilities;
  if (before.uid.effective !== root && after.uid.effective === root) effective = permitted;
  return { ...after, permitted, effective, ambient };
}

/** setuid(2) and setgid(2). @param id as the caller's namespace numbers it */
export function withId(credentials: Credentials, kind: IdMapKind, id: number): SysResult<Credentials> {
  const kernel = credentials.userNamespace.toKernel(kind, id);
  if (kernel === undefined) return fail('EINVAL');
  const ids = credentials[kind];
  const privileged = hasCapability(credentials.effective, kind === 'uid' ? 'CAP_SETUID' : 'CAP_SETGID');
  if (!privileged && kernel !== ids.real && kernel !== ids.saved) return fail('EPERM');
  const changed = privileged ? sameIds(kernel) : { ...ids, effective: kernel };
  const after = { ...credentials, [kind]: changed };
  return { ok: true, value: kind === 'uid' ? afterIdChange(credentials, after) : after };
}

/** setgroups(2). @param groups as the caller's namespace numbers them */
export function withGroups(credentials: Credentials, groups: readonly number[]): SysResult<Credentials> {
  const { userNamespace } = credentials;
  const allowed =
    hasCapability(credentials.effective, 'CAP_SETGID') &&
    userNamespace.setgroups === 'allow' &&
    userNamespace.mapOf('gid').length > 0;
  if (!allowed) return fail('EPERM');
  const kernel = groups.map((group) => userNamespace.toKernel('gid', group));
  if (kernel.includes(undefined)) return fail('EINVAL');
  return { ok: true, value: { ...credentials, groups: kernel as number[] } };
}

/** capset(2): what is permitted only shrinks, and what is effective must be permitted. capabilities(7) */
export function withCapabilities(
  credentials: Credentials,
  sets: Pick<Credentials, 'permitted' | 'effective' | 'inheritable'>,
): SysResult<Credentials> {
  const { permitted, inheritable, bounding } = credentials;
  const raisable = hasCapability(credentials.effective, 'CAP_SETPCAP')
    ? inheritable | bounding
    : inheritable | permitted;
  const allowed =
    isSubset(sets.inheritable, raisable) &&
    isSubset(sets.inheritable, inheritable | bounding) &&
    isSubset(sets.permitted, permitted) &&
    isSubset(sets.effective, sets.permitted);
  if (!allowed) return fail('EPERM');
  return {
    ok: true,
    value: {
      ...credentials,
      ...sets,
      ambient: credentials.ambient & sets.permitted & sets.inheritable,
    },
  };
}

/** What an executable file may add: a set-user-ID bit, a set-group-ID bit, file capabilities. */
export interface ExecutablePrivileges {
  readonly setUid: number | undefined;
  readonly setGid: number | undefined;
  readonly filePermitted: CapabilitySet;
  readonly fileEffective: boolean;
  /** Under no_new_privs nothing is gained: not even root's sets come back. */
  readonly nothingNew: boolean;
}

/**
 * Credentials after execve(2): the transformation of capabilities(7), with root's file sets taken as full.
 * @param privileges what the file brings where it may: not under no_new_privs, and not from a nosuid mount
 */
export function afterExec(credentials: Credentials, privileges: ExecutablePrivileges): Credentials {
  const root = rootOf(credentials);
  const uid = {
    ...credentials.uid,
    effective: privileges.setUid ?? credentials.uid.effective,
  };
  const gid = {
    ...credentials.gid,
    effective: privileges.setGid ?? credentials.gid.effective,
  };
  const changesIds =
    (privileges.setUid !== undefined && uid.effective !== credentials.uid.effective) ||
    (privileges.setGid !== undefined && gid.effective !== credentials.gid.effective);
  const isRoot = root !== undefined && (uid.effective === root || uid.real === root);
  const hasFileSets = privileges.filePermitted !== noCapabilities;
  const privileged = hasFileSets || changesIds;
  const ambient = privileged ? noCapabilities : credentials.ambient;
  const filePermitted = isRoot ? allCapabilities : privileges.filePermitted;
  const fileInheritable = isRoot ? allCapabilities : noCapabilities;
  const fileEffective = isRoot ? uid.effective === root : privileges.fileEffective;
  const granted =
    (credentials.inheritable & fileInheritable) | (filePermitted & credentials.bounding) | ambient;
  const permitted = privileges.nothingNew ? granted & credentials.permitted : granted;
  return {
    ...credentials,
    uid: { ...uid, saved: uid.effective },
    gid: { ...gid, saved: gid.effective },
    permitted,
    effective: fileEffective ? permitted : ambient,
    ambient,
    keepCapabilities: false,
  };
}

/**
 * Whether a change of credentials makes a process hide itself from others of its user: other ids for files, or more
 * capabilities than before. commit_creds(), PR_SET_DUMPABLE in prctl(2)
 */
export function hidesProcess(before: Credentials, after: Credentials): boolean {
  const otherIds =
    before.uid.effective !== after.uid.effective || before.gid.effective !== after.gid.effective;
  return otherIds || !hasNoMore(before, after);
}

function hasNoMore(before: Credentials, after: Credentials): boolean {
  if (before.userNamespace === after.userNamespace) return isSubset(after.permitted, before.permitted);
  // Whoever owns a namespace has had every capability in it all along.
  for (let at: UserNamespace | undefined = after.userNamespace; at?.parent !== undefined; at = at.parent) {
    if (at.parent === before.userNamespace && at.ownerUid === before.uid.effective) return true;
  }
  return false;
}
