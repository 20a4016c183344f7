import { PolicyFault, type PolicyFaultDetail } from '../../src/engine/kernel/policy.ts';
import { createSandbox } from '../../src/grading/sandbox/policySandbox.ts';
import { schedulerTable, someView } from './schedulerPolicy.ts';

/** Bodies of `pickNext` whose outcome could depend on the platform: on time, stack, memory or numbers. */
const bodies: readonly string[] = [
  'return { vcpu: input.waiting.length };',
  'let n = 0; for (let i = 0; i < 1e5 * asked; i++) n += Math.sin(i); console.log(asked, n); return { vcpu: asked % 64 };',
  'const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); console.log(f(asked * 100)); return { vcpu: 1 };',
  'let depth = 0; const f = () => { depth++; f(); }; try { f(); } catch { console.log(depth); } return { vcpu: 1 };',
  'const f = () => f() + 1; f();',
  'kept.push(new Array(50000).fill(asked)); return { vcpu: 1 };',
  'const all = []; for (;;) all.push("x".repeat(100000) + all.length);',
  '/^(a+)+$/.test("a".repeat(40) + "!");',
  'console.log(Math.random(), Date.now(), [3, 1, 2].sort(() => asked % 3 - 1).join(), Math.exp(asked), Math.hypot(asked, 2)); return { vcpu: 1 };',
];

/** Bodies that recurse inside a built-in, where the host's stack may end first: the line is then not known. */
const deepBuiltIns: readonly string[] = ['JSON.parse("[".repeat(100000));', 'eval("(".repeat(100000));'];

export interface PlatformOutcome {
  readonly answers: readonly unknown[];
  readonly fault: PolicyFaultDetail | undefined;
  readonly output: readonly string[];
}

/** What becomes of each program here, in up to 60 decisions. Needs nothing but WebAssembly. */
export async function platformVerdicts(module: WebAssembly.Module): Promise<PlatformOutcome[]> {
  const outcomes: PlatformOutcome[] = [];
  for (const body of [...bodies, ...deepBuiltIns]) {
    const code = `let asked = 0; const kept = []; export const scheduler = { pickNext(input) { asked++; ${body} } };`;
    const sandbox = createSandbox(module, () =>
      Promise.resolve({
        blankTypes: () => ({ ok: true, code }),
        instrumentReturns: () => ({ ok: true, code, returnLines: [] }),
      }),
    );
    const loaded = await sandbox.load({ file: 'scheduler.ts', text: code }, schedulerTable, {
      decisionTicks: 100,
    });
    if (!loaded.ok) throw new Error(loaded.fault.message);
    const { scheduler } = loaded.submission.start({ scheduler: {} });
    const answers: unknown[] = [];
    let fault: PolicyFaultDetail | undefined;
    try {
      for (let decision = 0; decision < 60; decision++) answers.push(scheduler!['pickNext']!(someView));
    } catch (thrown) {
      if (!(thrown instanceof PolicyFault)) throw thrown;
      const { line: _, column: __, ...withoutPlace } = thrown.detail;
      fault = deepBuiltIns.includes(body) ? withoutPlace : thrown.detail;
    }
    outcomes.push({ answers, fault, output: loaded.submission.output() });
  }
  return outcomes;
}
