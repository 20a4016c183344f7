import type { PackFiles } from '../../../src/course/model.ts';

/** A pack with every kind of block, as text. Tests change one thing in it and look at what is said. */

export const lessonMd = `---
id: round-robin-latency
title: Round robin and I/O latency
module: io
summary: Compute the worst wait and the worst response under round robin.
minutes: 25
format: 1
---
Four virtual machines share one CPU. See [the next lesson](trapframe:other) and [above](#waiting).

## Waiting

\`\`\`figure
scenario: test.rotation
title: Who runs when
caption: Four VMs take turns.
controls: [vms, sliceMs]
metrics: [worstWaitMs]
\`\`\`

A request that just missed its slice waits for all others.

\`\`\`question
id: rr-worst-wait
kind: number
ask: "A request reaches VM 1 just after its slice ended. {vms} VMs, {sliceMs} ms: when, at worst, does it **run**?"
scenario: test.rotation
vary: { vms: { int: [2, 8] }, sliceMs: { choose: [1, 5, 10, 30] } }
answer: metrics.worstWaitMs
closedForm: (vms - 1) * sliceMs
misconceptions:
  - value: vms * sliceMs
    say: "That counts VM 1's own slice as waiting."
  - value: sliceMs
    say: |
      That is one slice,
      but {vms} VMs take turns.
hints:
  - Who runs before VM 1 runs again?
explain: "({vms} − 1) · {sliceMs} = {answer} ms."
\`\`\`

\`\`\`question
id: gains-and-losses
kind: several
ask: What does a shorter slice give?
options:
  - { text: "Waits get shorter.", right: true, say: "They shrink in proportion." }
  - { text: "More switches.", right: true, say: "Each costs time." }
  - { text: "It is always better.", say: "Each switch costs time." }
explain: Waits against switches.
\`\`\`

\`\`\`prediction
id: predict-response
ask: How long does the response take with {vms} VMs?
scenario: test.rotation
set: { sliceMs: 10 }
vary: { vms: { int: [2, 8] } }
answer: metrics.worstResponseMs
explain: All take a turn.
\`\`\`

\`\`\`critique
id: shorter-is-better
claim: I set the slice to 0.1 ms, since shorter is better.
options:
  - { text: "The switches eat the CPU.", right: true, say: "Yes." }
  - { text: "The wait grows.", say: "No, it shrinks." }
explain: A switch has a price.
\`\`\`

\`\`\`task
id: round-robin
\`\`\`

\`\`\`ts
const notABlock = true;
\`\`\`
`;

export const taskYaml = `id: round-robin
title: Write the scheduler
policy: scheduler
file: scheduler.ts
brief: Let the VMs take turns.
checks:
  - id: rotates
    use: strictRotation
    scenario: test.rotation
    vary: { vms: { int: [2, 8] } }
    points: 4
  - { id: short-waits, use: maxWait, with: { belowMs: 500 }, points: 3, after: [rotates] }
  - { id: ends, use: finishes, points: 1 }
wrong:
  - { file: wrong/never-rotates.ts, say: "VM 0 keeps the CPU.", fails: [rotates] }
  - { file: wrong/last-first.ts, say: "That is a stack." }
  - { file: wrong/random.ts, say: "Chance starves somebody." }
hints: [Remember who ran last.]
`;

export const packYaml = `id: course
title: A course
modules:
  - { id: io, title: I/O and scheduling }
lessons: [round-robin, other]
`;

export const otherMd = `---
id: other
title: Other
module: io
format: 1
---
Nothing to do here. Go on.
`;

export const goldenFiles: Readonly<Record<string, string>> = {
  'other/lesson.md': otherMd,
  'pack.yaml': packYaml,
  'round-robin/lesson.md': lessonMd,
  'round-robin/tasks/round-robin/solution/scheduler.ts': 'export const scheduler = {};\n',
  'round-robin/tasks/round-robin/starter/scheduler.ts': 'export const scheduler = { };\n',
  'round-robin/tasks/round-robin/task.yaml': taskYaml,
  'round-robin/tasks/round-robin/wrong/last-first.ts': '// last\n',
  'round-robin/tasks/round-robin/wrong/never-rotates.ts': '// never\n',
  'round-robin/tasks/round-robin/wrong/random.ts': '// random\n',
};

export function packOf(files: Readonly<Record<string, string>>): PackFiles {
  return {
    list: () => Promise.resolve(Object.keys(files).toSorted()),
    read: (path) =>
      Object.hasOwn(files, path)
        ? Promise.resolve(files[path]!)
        : Promise.reject(new Error(`no file ${path}`)),
  };
}

/** The golden pack with one file changed; `undefined` removes it. */
export function goldenWith(changes: Readonly<Record<string, string | undefined>>): PackFiles {
  const files: Record<string, string> = {};
  for (const [path, text] of Object.entries({ ...goldenFiles, ...changes })) {
    if (text !== undefined) files[path] = text;
  }
  return packOf(files);
}
