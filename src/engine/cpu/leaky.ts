import { LatestResults } from '../kernel/latestResults.ts';
import { choice } from '../kernel/parameters.ts';
import { defineScenario, submissionOf } from '../kernel/scenario.ts';
import type { Trace } from '../kernel/trace.ts';
import type { Assembled } from './assembler/assembler.ts';
import { runBareMetal, type BareRun } from './guests/bareMetal.ts';
import { differenceAtCheckpoint, firstDifference, leakyChecks } from './binaryTranslation/leakyChecks.ts';
import {
  leakyGuest,
  leakyGuestBytes,
  leakyGuestSource,
  type LeakyGuestOptions,
} from './guests/leakyGuest.ts';
import { leakyParameters } from './binaryTranslation/leakyParameters.ts';
import { paravirtualProgram } from './guests/paravirtualGuest.ts';
import { sameWorkAs } from './paravirtualization/paravirtualState.ts';
import { isComparing, leakGroup, techniqueBars, techniqueGroup } from './binaryTranslation/leakyViews.ts';
import { referenceTranslator } from './binaryTranslation/referenceTranslator.ts';
import { cycles } from './machine/costModel.ts';
import type { VmmResult } from './vmm/vmmRun.ts';
import { runInGuestMode, runTechnique, type TechniqueRun, type TechniqueSetting } from './techniques.ts';
import { translatorPolicies } from './binaryTranslation/translatorPolicy.ts';
import { exitMetrics } from './trapAndEmulate.ts';
import { courseVmmEvents, type VmmEvents } from './vmm/vmmEvents.ts';
import { guestListing, machineState } from './vmm/vmmViews.ts';

/** A kernel on a processor whose sensitive instructions do not all trap, and the ways out. */
export const leaky = defineScenario({
  id: 'cpu.leaky',
  title: 'A guest kernel on the leaky processor',
  doc:
    'On the leaky processor some sensitive instructions do not trap in user mode: they read the real state, or drop a change, as PUSHF, ' +
    'POPF, SIDT, SGDT, SLDT, STR and SMSW do on an x86. A small kernel runs there under a VMM by one of several techniques, and is compared ' +
    'with the same kernel on bare metal.',
  params: {
    technique: choice({
      label: 'Technique',
      doc: 'How the guest’s kernel runs.',
      values: {
        'trap-and-emulate':
          'It runs directly, deprivileged. What traps is emulated; what does not trap goes wrong.',
        'binary-translation': 'Its code is translated block by block before it runs.',
      },
      default: 'binary-translation',
    }),
    ...leakyParameters,
  },
  metrics: {
    checkpoints: {
      label: 'Checkpoints as on bare metal',
      doc: 'Of the four checkpoints: those at which the guest finds its machine as on bare metal.',
      better: 'higher',
    },
    exits: {
      label: 'Exits',
      doc: 'Times that the guest trapped: stores to page tables in use and to translated code included.',
      better: 'lower',
    },
    privilegedExits: {
      label: 'Exits for privileged instructions',
      doc: 'Of these: privileged instructions.',
      better: 'lower',
    },
    tableExits: {
      label: 'Exits for page tables',
      doc: 'Of these: stores to a page table in use.',
      better: 'lower',
    },
    calls: {
      label: 'Calls from translated code',
      doc: 'Instructions that the VMM did because the translation calls it, without a trap.',
      better: 'lower',
    },
    directPercent: {
      label: 'Directly executed',
      doc: 'Of all instructions of the guest: those that ran on the processor as they stand in the guest, without the VMM.',
      better: 'higher',
    },
    translatedPercent: {
      label: 'Translated',
      doc: 'Of all instructions of the guest: those of its kernel that ran as translated code, without the VMM.',
      better: 'neither',
    },
    translations: { label: 'Translations', doc: 'Blocks that were translated.', better: 'lower' },
    retranslations: {
      label: 'Translated again',
      doc: 'Of these: blocks that had been translated before, and thrown away.',
      better: 'lower',
    },
    bareCycles: {
      label: 'Cycles on bare metal',
      doc: 'Cycles that the guest takes without a VMM.',
      better: 'neither',
    },
    vmCycles: {
      label: 'Cycles under the VMM',
      doc: 'Cycles under the VMM, by the cost model; of a guest that goes wrong, as far as it got.',
      better: 'lower',
    },
    slowdown: {
      label: 'Slowdown',
      doc: 'Cycles under the VMM, as a multiple of those on bare metal.',
      better: 'lower',
    },
    vmmPercent: {
      label: 'Kernel instructions done by the VMM',
      doc: 'Of the instructions of the guest’s kernel: those that the VMM did, after a trap or a call, accesses to devices included.',
      better: 'lower',
    },
  },
  events: courseVmmEvents,
  policies: translatorPolicies,
  builtIn: { translator: referenceTranslator },
  checks: leakyChecks,
  views: {
    bars: {
      doc: 'Cycles of the same guest under each technique.',
      model: (run) => techniqueBars(run.trace, run.metrics.bareCycles),
    },
    listing: {
      doc: 'The guest’s source with the instruction at which the VMM takes over.',
      model: (run, event) => guestListing(run.trace, event, leakyGuestSource, leakyGuest(run.params)),
    },
    state: {
      doc: 'The real and the virtual processor side by side, and what leaks; at the end of the run the techniques compared.',
      model: (run, event) => ({
        kind: 'state',
        groups: isComparing(run.trace, event)
          ? [techniqueGroup(run.trace, run.metrics.bareCycles)]
          : [...machineState(run.trace, event).groups, leakGroup()],
      }),
    },
  },
  oracle:
    'The same kernel on QEMU says what it prints, as does a program in another arithmetic; the same kernel on this machine without a VMM says the rest. Calls of translated code are ' +
    'counted from the privileged instructions on bare metal, exits from guest mode in the kernel’s source, and every leak stands for an instruction of Robin and Irvine’s list (test/conformance/leaky.test.ts).',
  stepBudget: 1_000_000,
  run({ params, trace, stepBudget, start, refuse }) {
    const program = leakyGuest(params);
    const bare = runBareMetal(program, leakyGuestBytes, stepBudget);
    const setting = { guests: [{ program, bare }], leaky: true, timerBound: params.timerBound, stepBudget };
    const translates = params.technique === 'binary-translation';
    const done = runTechnique(
      translates ? { ...setting, translator: start({ translator: {} }).translator } : setting,
      trace,
    );
    // What comes of a leak is what plain trap-and-emulate is there to show. A submission's guest has to get on.
    if (done.stuck !== undefined && translates) refuse(differenceAtCheckpoint(trace) ?? done.stuck);
    const metrics = { ...measured(done, bare), vmmPercent: vmmPercent(done.result) };
    const { technique: _, ...guest } = params;
    const compared = comparisons.of([guest, stepBudget], () => compare(program, bare, guest, stepBudget));
    compared.forEach((each, index) => recordTechnique(trace, techniques[index]!.name, each));
    return metrics;
  },
});

function measured({ trace, result }: TechniqueRun, bare: BareRun) {
  const counts = new Map<string, number>();
  let again = 0;
  let right = 0;
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kind(row);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (kind === 'translate') again += trace.field(row, 3);
    if (kind === 'checkpoint' && trace.textsOf(row)['expected'] === '') right++;
  }
  const of = (kind: keyof VmmEvents): number => counts.get(kind) ?? 0;
  const { privilegedExits } = exitMetrics(trace);
  const { direct, emulated, reflected, translated, stepped, cycles } = result;
  const all = Math.max(1, direct + translated + emulated + reflected);
  return {
    checkpoints: right,
    exits: of('exit') + of('tableWrite') + of('codeWrite'),
    privilegedExits,
    tableExits: of('tableWrite'),
    calls: of('callout') + stepped,
    directPercent: (100 * direct) / all,
    translatedPercent: (100 * (translated - stepped)) / all,
    translations: of('translate'),
    retranslations: again,
    bareCycles: bare.cycles,
    vmCycles: cycles,
    slowdown: cycles / bare.cycles,
  };
}

/** Of the instructions of the kernel: those that the VMM did. */
function vmmPercent({ kernelDirect, kernelEmulated, translated, stepped }: VmmResult): number {
  const all = kernelDirect + translated + kernelEmulated;
  return all === 0 ? 0 : (100 * (kernelEmulated + stepped)) / all;
}

/** The techniques, in the order in which they are compared. */
export const techniques = [
  { name: 'trap and emulate, clean processor', leaky: false, way: 'emulate' },
  { name: 'trap and emulate', leaky: true, way: 'emulate' },
  { name: 'binary translation', leaky: true, way: 'translate' },
  { name: 'paravirtualization', leaky: true, way: 'hypercalls' },
  { name: 'hardware assist', leaky: true, way: 'guest mode' },
  { name: 'hardware assist, exit costs of 2006', leaky: true, way: 'guest mode of 2006' },
] as const;

/** What came of a guest under one of the techniques. */
interface Compared {
  readonly exits: number;
  readonly vmCycles: number;
  readonly directPercent: number;
  readonly translatedPercent: number;
  readonly isRight: boolean;
}

/** The comparison is the course's own, whatever was submitted. */
const comparisons = new LatestResults<readonly Compared[]>(1000);

/** Runs the same guest under every technique, by the course's own VMM, translator, changed kernel and hypervisor. */
function compare(
  program: Assembled,
  bare: BareRun,
  params: LeakyGuestOptions & { readonly timerBound: number },
  stepBudget: number,
): readonly Compared[] {
  const { timerBound } = params;
  const run = ({ leaky, way }: (typeof techniques)[number]): TechniqueRun => {
    const setting: TechniqueSetting = { guests: [{ program, bare }], leaky, timerBound, stepBudget };
    switch (way) {
      case 'emulate':
        return runTechnique(setting);
      case 'translate':
        return runTechnique({ ...setting, translator: startedTranslator() });
      case 'hypercalls': {
        const changed = leakyGuest(params, paravirtualProgram());
        const paravirtual = sameWorkAs(program);
        return runTechnique({ ...setting, guests: [{ program: changed, bare }], paravirtual });
      }
      case 'guest mode':
        return runInGuestMode(setting, cycles.hardware.hypercall);
      case 'guest mode of 2006':
        return runInGuestMode(setting, cycles.hardware.exit);
    }
  };
  return techniques.map((technique) => {
    const done = run(technique);
    const { exits, vmCycles, directPercent, translatedPercent } = measured(done, bare);
    const isRight = done.stuck === undefined && firstDifference(done.trace) === undefined;
    return { exits, vmCycles, directPercent, translatedPercent, isRight };
  });
}

function recordTechnique(trace: Trace<VmmEvents>, technique: string, compared: Compared): void {
  const { exits, vmCycles, directPercent, translatedPercent, isRight } = compared;
  const name = trace.text(technique);
  const last = trace.length - 1;
  const atNs = trace.timeNs(last);
  trace.append(trace.codes.technique, atNs, last, name, exits, vmCycles, isRight ? 1 : 0);
  trace.append(trace.codes.share, atNs, last, name, directPercent, translatedPercent);
}

const startedTranslator = () =>
  submissionOf(translatorPolicies, { translator: referenceTranslator }).start({ translator: {} }).translator;
