import type { DocumentBundle } from '../../kernel/document.ts';

/** What `/bin/app` is outside of the simulation: a script that says what it sees. */
const app = `#!/bin/busybox sh
echo "I am process $$, user $(/bin/busybox id -u), on $(/bin/busybox hostname)."
/bin/busybox ps
/bin/busybox ip -brief address 2>/dev/null
/bin/busybox grep Cap /proc/self/status
`;

/** A bundle as the OCI runtime specification has it (bundle.md): the configuration beside a root file system. */
export const ociBundle: DocumentBundle = {
  folders: ['proc', 'sys', 'dev', 'tmp', 'var/data', 'etc', 'bin'].map((name) => `rootfs/${name}`),
  files: {
    'rootfs/bin/app': { text: app, executable: true },
    'rootfs/etc/passwd': { text: 'root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n' },
  },
  next: [
    'Put a static busybox into it (Debian: package busybox-static):',
    '  cp /bin/busybox rootfs/bin/busybox',
    'Make the volume on the host, and start the container:',
    '  sudo mkdir -p /srv/data',
    '  sudo runc run web        # or crun, or youki',
  ],
};
