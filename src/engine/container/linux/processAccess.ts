import { isSubset } from './capabilities.ts';
import { capable } from './credentials.ts';
import type { Process } from './process.ts';

/**
 * Whether a process may look into another one (its root, its namespaces, its descriptors): the same ids and no more
 * capabilities, or CAP_SYS_PTRACE over it. PTRACE_MODE_READ_FSCREDS in ptrace(2)
 */
export function mayInspect(viewer: Process, target: Process): boolean {
  if (viewer === target) return true;
  const { credentials: from } = viewer;
  const { credentials: to } = target;
  const overrides = capable(from, to.userNamespace, 'CAP_SYS_PTRACE');
  const sameUser =
    Object.values(to.uid).every((id) => id === from.uid.effective) &&
    Object.values(to.gid).every((id) => id === from.gid.effective);
  if (!sameUser && !overrides) return false;
  if (!target.dumpable && !overrides) return false;
  const contained = from.userNamespace === to.userNamespace && isSubset(to.permitted, from.effective);
  return contained || overrides;
}
