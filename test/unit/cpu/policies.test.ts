import assert from 'node:assert/strict';
import { HypervisorPolicy } from '../../../src/engine/cpu/hardwareAssist/hypervisorPolicy.ts';
import { PagerPolicy } from '../../../src/engine/cpu/memory/pagerPolicy.ts';
import { TranslatorPolicy } from '../../../src/engine/cpu/binaryTranslation/translatorPolicy.ts';
import { VmmPolicy } from '../../../src/engine/cpu/vmm/vmmPolicy.ts';
import type { Codec } from '../../../src/engine/kernel/codec.ts';
import type { PolicyDefinition } from '../../../src/engine/kernel/policy.ts';
import { valueLiteral } from '../../../src/grading/valueLiteral.ts';

/** What the architecture writes in hexadecimal: addresses, and registers that hold one. */
const hexadecimal = /^(pc|next|target|at|value|physical|address|page|frame|satp|host)$/;

/** Every integer in a codec, by the name of the field that it is in. */
function integers(codec: Codec, name: string): readonly (readonly [string, Codec])[] {
  switch (codec.kind) {
    case 'int':
      return [[name, codec]];
    case 'optional':
    case 'list':
      return integers(codec.of, name);
    case 'record':
      return Object.entries(codec.fields).flatMap(([field, each]) => integers(each, field));
    default:
      return [];
  }
}

describe('what the policies of the processor are given and return', () => {
  for (const policy of [VmmPolicy, HypervisorPolicy, PagerPolicy, TranslatorPolicy] as PolicyDefinition[]) {
    it(`has its addresses in hexadecimal: ${policy.typeName}`, () => {
      for (const [decision, { input, output }] of Object.entries(policy.decisions)) {
        for (const [name, codec] of [...integers(input, ''), ...integers(output, '')]) {
          // A place in the host's memory is counted from its start, in bytes.
          if (!hexadecimal.test(name) || decision === 'place') continue;
          const isHexadecimal = valueLiteral(0x8000_0004, codec) === '0x80000004';
          assert.ok(isHexadecimal, `${decision}: ${name}`);
        }
      }
    });
  }
});
