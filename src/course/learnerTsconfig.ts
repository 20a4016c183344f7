const marker = '// Written by Trapframe, and refreshed by it. Delete this line to keep your own changes.';

/** `tsconfig.json` of a work folder: what the sandbox can run is what the editor accepts. */
export const learnerTsconfig = `${marker}
{
  "compilerOptions": {
    "target": "ES2023",
    "lib": ["ES2023"],
    "types": [],
    "module": "ESNext",
    "moduleResolution": "bundler",
    "moduleDetection": "force",
    "strict": true,
    "noEmit": true,
    "erasableSyntaxOnly": true
  },
  "include": ["*/**/*.ts", ".trapframe/*.d.ts"]
}
`;

/** Only a missing file, or one that still says it is ours. */
export const mayReplaceTsconfig = (text: string | undefined): boolean =>
  text === undefined || text.startsWith(marker);
