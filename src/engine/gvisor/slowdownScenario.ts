import { choice } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { defineEvents, noCause } from '../kernel/trace.ts';
import type { BarsModel } from '../kernel/view.ts';
import {
  measuredLoopNames,
  measuredLoops,
  measuredPlatforms,
  predictedNs,
  type MeasuredLoopName,
  type MeasuredPlatform,
} from './measuredLoops.ts';

const events = defineEvents({
  loop: {
    doc: 'A measured program: its slowdown by the model, and as measured.',
    fields: ['loop', 'predicted', 'measured'],
    texts: ['loop'],
    say: ({ predicted, measured }, { loop }) =>
      `${loop}: ${predicted!.toFixed(1)} times by the model, ${measured!.toFixed(1)} times measured`,
  },
});

const slowdownsOf = (name: MeasuredLoopName, platform: MeasuredPlatform) => {
  const { nativeNs, measuredNs } = measuredLoops[name];
  return { predicted: predictedNs(name, platform) / nativeNs, measured: measuredNs[platform] / nativeNs };
};

/** Small programs in gVisor: the model beside measurements. */
export const slowdowns = defineScenario({
  id: 'gvisor.slowdowns',
  title: 'Slowdowns, predicted and measured',
  doc:
    'Programs that do one thing over and over were measured natively and in gVisor. The model, whose constants were set by some of them, ' +
    'predicts the others. Its misses are shown as they are.',
  params: {
    platform: choice({
      label: 'Platform',
      doc: 'How calls were intercepted.',
      values: measuredPlatforms,
      default: 'systrap',
    }),
    program: choice({
      label: 'Program',
      doc: 'The one that the numbers are of.',
      values: Object.fromEntries(measuredLoopNames.map((name) => [name, measuredLoops[name].doc])) as Record<
        MeasuredLoopName,
        string
      >,
      default: 'getpid',
    }),
  },
  metrics: {
    predicted: {
      label: 'Slowdown by the model',
      doc: 'Time in the sandbox by the model, as a multiple of the native time.',
      better: 'lower',
    },
    measured: { label: 'Slowdown measured', doc: 'The same as measured.', better: 'lower' },
    offBy: {
      label: 'Off by a factor of',
      doc: 'The larger of the two over the smaller.',
      better: 'lower',
    },
    addedNs: {
      label: 'Added a round',
      doc: 'What the sandbox adds to a round, as measured, in nanoseconds.',
      better: 'lower',
    },
  },
  events,
  policies: {},
  builtIn: {},
  checks: {},
  views: {
    bars: {
      doc: 'The slowdown of each program by the model, with the measured one beside it.',
      model: ({ params }) => slowdownBars(params.platform),
    },
  },
  oracle:
    'Measured on runsc of 2022 and 2024; which rows calibrate and which are gates, and the list of misses: test/conformance/gvisorCosts.test.ts.',
  stepBudget: 1000,
  run({ params, trace, start }) {
    start({});
    for (const name of measuredLoopNames) {
      const { predicted, measured } = slowdownsOf(name, params.platform);
      trace.append(trace.codes.loop, 0, noCause, trace.text(name), predicted, measured);
    }
    const { predicted, measured } = slowdownsOf(params.program, params.platform);
    const { nativeNs, measuredNs } = measuredLoops[params.program];
    return {
      predicted,
      measured,
      offBy: Math.max(predicted / measured, measured / predicted),
      addedNs: measuredNs[params.platform] - nativeNs,
    };
  },
});

function slowdownBars(platform: MeasuredPlatform): BarsModel {
  return {
    kind: 'bars',
    title: 'Slowdown of small programs',
    axis: { label: 'Time', unit: '× native', scale: 'log', from: 0.5 },
    parts: [{ label: 'the model', tone: 'overhead', letter: '' }],
    rows: measuredLoopNames.map((name) => {
      const { predicted, measured } = slowdownsOf(name, platform);
      const { calibrates } = measuredLoops[name];
      return {
        label: name,
        values: [predicted],
        reference: {
          value: measured,
          label: calibrates ? 'measured, sets a constant of the model' : 'measured',
          source: 'Linux 6.18, 2 CPUs; runsc of 2022 (ptrace) and 2024 (systrap), medians',
        },
      };
    }),
  };
}
