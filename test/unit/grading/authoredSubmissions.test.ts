import assert from 'node:assert/strict';
import { definePolicy, type PolicyTable } from '../../../src/engine/kernel/policy.ts';
import { AuthoredSubmissions } from '../../../src/grading/authoredSubmissions.ts';
import type { Work } from '../../../src/grading/submissions.ts';
import type { MachineSubmission, Sandbox } from '../../../src/grading/sandbox/policySandbox.ts';

const policy = () => definePolicy({ id: 'p', typeName: 'P', doc: '', decisions: {}, calls: {} });
const worksOf = (policies: PolicyTable): Work => ({ kind: 'policies', policies });
const policies = { p: policy() };
const work = worksOf(policies);
const source = (text: string, file = 'a.ts') => ({ file, text });

/** Large ones take 8 of the 64 MiB that all may take. */
const bytesOf = (text: string): number => (text.startsWith('large') ? 8 * 1024 * 1024 : 1000);

describe('what authors wrote', () => {
  let loads: string[];
  let authored: AuthoredSubmissions;
  beforeEach(() => {
    loads = [];
    const sandbox = {
      load: ({ text }: { readonly text: string }) => {
        loads.push(text);
        if (text === 'crash') return Promise.reject(new Error('The sandbox broke.'));
        return Promise.resolve(
          text === 'broken'
            ? { ok: false, fault: { kind: 'syntax', message: '' } }
            : { ok: true, submission: { text, keptBytes: bytesOf(text) } as unknown as MachineSubmission },
        );
      },
    } as unknown as Sandbox;
    authored = new AuthoredSubmissions(sandbox);
  });

  it('is loaded once, also when it is asked for twice at the same time', async () => {
    const [first, second] = await Promise.all([
      authored.load(source('x'), work),
      authored.load(source('x'), work),
    ]);
    assert.equal(first, second);
    assert.equal(await authored.load(source('x'), worksOf({ ...policies })), first);
    assert.deepEqual(loads, ['x']);
  });

  it('is another one for another text, another file and other policies', async () => {
    await authored.load(source('x'), work);
    await authored.load(source('y'), work);
    await authored.load(source('x', 'b.ts'), work);
    // Two subjects may each have a policy of the same name.
    await authored.load(source('x'), worksOf({ p: policy() }));
    await authored.load(source('x'), worksOf({ ...policies, q: policy() }));
    assert.equal(loads.length, 5);
  });

  it('is nothing when it does not load', async () =>
    assert.equal(await authored.load(source('broken'), work), undefined));

  it('tells whoever asked, and nobody else, that the sandbox broke', async () => {
    // Mocha fails a test whose rejection nobody took.
    await assert.rejects(authored.load(source('crash'), work), /The sandbox broke/);
  });

  const use = async (name: string): Promise<void> => void (await authored.load(source(name), work));

  it('stays for a large course, and is forgotten when many others were used since', async () => {
    await use('kept');
    await use('not kept');
    for (let other = 0; other < 498; other++) await use(`other ${other}`);
    await use('kept');
    await use('one more');
    loads.length = 0;
    await use('kept');
    await use('other 0');
    assert.deepEqual(loads, []);
    await use('not kept');
    assert.deepEqual(loads, ['not kept']);
  });

  it('is forgotten when what was used since takes much memory', async () => {
    for (let large = 0; large < 8; large++) await use(`large ${large}`);
    await use('large 0');
    await use('small');
    loads.length = 0;
    await use('large 0');
    await use('large 2');
    assert.deepEqual(loads, []);
    await use('large 1');
    assert.deepEqual(loads, ['large 1']);
  });
});
