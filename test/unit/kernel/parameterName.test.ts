import assert from 'node:assert/strict';
import { compileExpression } from '../../../src/course/expression.ts';
import { problemOfParameterName } from '../../../src/engine/kernel/parameterName.ts';
import { count } from '../../../src/engine/kernel/parameters.ts';
import { defineScenario } from '../../../src/engine/kernel/scenario.ts';

const named = (name: string) => ({
  [name]: count({ label: 'A', doc: 'A count.', min: 0, max: 9, default: 1 }),
});
const declare = (name: string) =>
  defineScenario({
    id: 'test.named',
    title: 'Named',
    doc: 'A parameter with a name.',
    params: named(name),
    metrics: {},
    events: {},
    policies: {},
    builtIn: {},
    checks: {},
    views: {},
    oracle: 'none',
    stepBudget: 1,
    run: () => ({}),
  });

describe('the name of a parameter', () => {
  it('is refused when the scenario is declared, with the reason and a next step', () => {
    assert.throws(() => declare('bytes'), {
      message:
        "test.named: A parameter cannot be named bytes: CEL, the language of lessons' expressions, has it. Say what it counts, as in sizeBytes.",
    });
    assert.throws(() => declare('for'), /reserves it/);
    assert.throws(() => declare('metrics'), /meaning of its own/);
    assert.throws(() => declare('Slice-ms'), /begins with a small letter, as in sliceMs/);
    declare('sizeBytes');
  });

  it('works in an expression whenever it is allowed', () => {
    const words = (
      'bool int uint double string bytes list map null_type type dyn true false null in cel google optional as break const ' +
      'continue else for function if import let loop package namespace return var void while size has all exists filter ' +
      'matches contains duration timestamp metrics ceil min max x vms sliceMs toString constructor hasOwnProperty valueOf'
    ).split(' ');
    for (const name of words) {
      if (problemOfParameterName(name) !== undefined) continue;
      const compiled = compileExpression(`${name} + 1`, { params: named(name), metrics: {} });
      assert.ok(compiled.ok, name);
      assert.deepEqual(compiled.value.evaluate({ [name]: 2 }, {}), { ok: true, value: 3 }, name);
    }
  });
});
