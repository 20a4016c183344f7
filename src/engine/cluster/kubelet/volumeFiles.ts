import type { Container } from '../api/apiObjects.ts';

/** A file by volume and path in it, for telling whether two containers mean the same; undefined outside all volumes. */
export function volumeFile(container: Container, path: string): string | undefined {
  let best: { readonly name: string; readonly mountPath: string } | undefined;
  for (const mount of container.volumeMounts ?? []) {
    const inside = path.startsWith(`${mount.mountPath.replace(/\/$/, '')}/`);
    if (inside && (best === undefined || mount.mountPath.length > best.mountPath.length)) best = mount;
  }
  return best && `${best.name}:${path.slice(best.mountPath.replace(/\/$/, '').length)}`;
}
