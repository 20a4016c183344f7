import { hostPlaces } from '../container/runtime/hostWorld.ts';
import { logPath, type HostSide } from './hostSide.ts';

/** What the application `files` leaves behind, as the host's administrator sees it. */
const tracesOfFiles = [
  [
    `${hostPlaces.rootfs}/var/data/out`,
    'hello',
    'The application wrote it into a file of its volume. A volume outlives the sandbox: what stays in the memory of the Sentry is lost.',
  ],
  [
    logPath,
    'ready\n',
    "The application wrote it to its standard output, which is the Sentry's own descriptor 1 and leads to the log of the container.",
  ],
] as const;

/** What is missing of what the application `files` wrote: on its volume and in its log, for others to see. */
export function missingTrace(
  host: HostSide,
): { readonly expected: string; readonly actual: string; readonly because: string } | undefined {
  for (const [path, text, because] of tracesOfFiles) {
    const found = host.fileOfHost(path) ?? '';
    if (found !== text)
      return {
        expected: `${JSON.stringify(text)} in ${path} on the host`,
        actual: JSON.stringify(found),
        because,
      };
  }
  return undefined;
}
