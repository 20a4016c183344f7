import assert from 'node:assert/strict';
import { contradictions, defineDocument, readDocument } from '../../../src/engine/kernel/document.ts';
import type { Parameter, ParameterValue } from '../../../src/engine/kernel/parameters.ts';
import { resolveParameters } from '../../../src/engine/kernel/parameters.ts';
import type { Scenario } from '../../../src/engine/kernel/scenario.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { documentSamples } from './documentSamples.ts';

const text = (beside: Partial<Parameters<typeof defineDocument>[0]>) =>
  defineDocument({
    doc: 'Any text.',
    file: 'notes.txt',
    language: 'text',
    builtIn: 'x',
    read: (value) => ({ ok: true, value: { value, at: () => undefined } }),
    ...beside,
  });

describe('a document beside parameters', () => {
  it('contradicts no parameter, where it declares none', () => {
    assert.deepEqual(contradictions(text({}), { source: 'own', size: 3 }), []);
  });

  it('contradicts another value than the one that it is read with', () => {
    const document = text({ readWith: { source: 'file' } });
    assert.deepEqual(contradictions(document, {}), []);
    assert.deepEqual(contradictions(document, { source: 'file', size: 3 }), []);
    assert.deepEqual(contradictions(document, { source: 'web' }), [
      { parameter: 'source', readWith: 'file' },
    ]);
  });

  it('contradicts each value of a parameter in whose place it stands', () => {
    const document = text({ readWith: { source: 'file' }, inPlaceOf: ['size'] });
    assert.deepEqual(contradictions(document, { size: 3, colour: 'red', source: 'web' }), [
      { parameter: 'source', readWith: 'file' },
      { parameter: 'size' },
    ]);
    assert.deepEqual(contradictions(text({ inPlaceOf: 'all' }), { size: 3 }), [{ parameter: 'size' }]);
  });
});

/** An allowed value that is not the default. */
function otherValue(parameter: Parameter): ParameterValue {
  switch (parameter.kind) {
    case 'flag':
      return !parameter.default;
    case 'choice':
      return Object.keys(parameter.values).find((value) => value !== parameter.default)!;
    default:
      return parameter.default === parameter.min ? parameter.max : parameter.min;
  }
}

describe('the documents of the scenarios', () => {
  const all = Object.values(scenarios).flatMap((scenario: Scenario) =>
    Object.entries(scenario.documents).map(([name, definition]) => ({ scenario, name, definition })),
  );

  it('are read with values that their scenarios allow', () => {
    const read = all.filter(({ definition }) => definition.readWith !== undefined);
    for (const { scenario, definition } of read)
      assert.ok(resolveParameters(scenario.params, definition.readWith!).ok, scenario.id);
    assert.deepEqual(
      read.map(({ scenario, name }) => `${scenario.id} ${name}`),
      ['gvisor.workload sandbox', 'gvisor.workload application'],
    );
  });

  for (const { scenario, name, definition } of all) {
    const { readWith, inPlaceOf } = definition;
    if (inPlaceOf === undefined) continue;
    it(`${scenario.id} ${name} stands in place of what it says it does`, () => {
      const reading = readDocument(definition, documentSamples[`${scenario.id} ${name}`]!);
      assert.ok(reading.ok, JSON.stringify(reading));
      const submission = { ...scenario.builtInSubmission, documents: { [name]: reading.value } };
      const run = (set: Readonly<Record<string, ParameterValue>>) => {
        const outcome = scenario.execute({ params: { ...set, ...readWith }, seed: 1, submission });
        assert.ok(outcome.ok, JSON.stringify(outcome));
        const { metrics, trace, end } = outcome.run;
        return { metrics, hash: trace.hash(), end };
      };
      const usual = run({});
      for (const parameter of inPlaceOf === 'all' ? Object.keys(scenario.params) : inPlaceOf)
        assert.deepEqual(run({ [parameter]: otherValue(scenario.params[parameter]!) }), usual, parameter);
    });
  }
});
