import assert from 'node:assert/strict';
import { AuthoringPack } from '../../../src/authoring/authoringPack.ts';
import { foldersAboveTo } from '../../../src/authoring/authorFile.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { documentSamples } from '../kernel/documentSamples.ts';
import { packOf } from '../course/goldenPack.ts';
import { cursorIn } from './packUnderTest.ts';

const folder = 'scaling/tasks/right-size';
const vector = documentSamples['cluster.autoscaler vector']!;

/** A pack whose task asks for a vector, as its author's editor sees it. */
function packWith(changes: Readonly<Record<string, string>>): AuthoringPack {
  const files = {
    'pack.yaml': 'id: p\ntitle: P\nmodules: [{ id: m, title: M }]\nlessons: [scaling]\n',
    'scaling/lesson.md':
      '---\nid: scaling\ntitle: Scaling\nmodule: m\nformat: 1\n---\nText.\n\n```task\nid: right-size\n```\n',
    [`${folder}/task.yaml`]: [
      'id: right-size',
      'title: Right size',
      'document: vector',
      'file: vector.json',
      'checks:',
      '  - id: enough',
      '    use: metric',
      '    scenario: cluster.autoscaler',
      '    with: { metric: replicas, atLeast: 4 }',
      'wrong:',
      '  - { file: wrong/none.json, say: Nothing is measured., fails: [enough] }',
      '',
    ].join('\n'),
    [`${folder}/starter/vector.json`]: '{}\n',
    [`${folder}/solution/vector.json`]: vector,
    [`${folder}/wrong/none.json`]: '{}\n',
    ...changes,
  };
  return new AuthoringPack(packOf(files), scenarios);
}

describe('the documents of a pack', () => {
  it('are completed and explained in every file of the task, also one that task.yaml does not name', async () => {
    for (const path of ['starter/vector.json', 'solution/vector.json', 'wrong/none.json', 'wrong/new.json']) {
      const { text, offset } = cursorIn('{ "curr¦": 3 }');
      const pack = packWith({ [`${folder}/${path}`]: text });
      const labels = (await pack.complete(`${folder}/${path}`, offset)).map(({ label }) => label);
      assert.ok(labels.includes('currentReplicas') && labels.includes('metric'), `${path}: ${labels.join()}`);
    }
    const said = await packWith({}).hover(`${folder}/solution/vector.json`, vector.indexOf('usage'));
    assert.match(said!.text, /^`usage`: .*\n\nIts sample of the metric/);
    assert.deepEqual(await packWith({ [`${folder}/notes.md`]: 'x' }).complete(`${folder}/notes.md`, 1), []);
  });

  it('are refused by lint where the reader of the scenario refuses them, each word where it stands', async () => {
    const written = vector.replace('"currentReplicas"', '"currentReplica"');
    const path = `${folder}/solution/vector.json`;
    const pack = packWith({ [path]: written });
    const found = (await pack.diagnose()).get(path)!;
    assert.deepEqual(
      found.map(({ severity, message, start, end }) => [severity, message, written.slice(start, end)]),
      [
        [
          'error',
          'There is no field "currentReplica" here. Did you mean "currentReplicas"?',
          '"currentReplica"',
        ],
      ],
    );
    assert.equal((await packWith({}).diagnose()).get(path), undefined);
    const broken = await packWith({ [`${folder}/wrong/none.json`]: '{\n' }).diagnose();
    assert.deepEqual(broken.get(`${folder}/wrong/none.json`)!.length, 1);
  });

  it('belong to the pack three folders above the folder of tasks', () => {
    assert.equal(foldersAboveTo('/home/ada/pack/scaling/tasks/right-size/wrong/none.json'), 5);
    assert.equal(foldersAboveTo('/home/ada/pack/scaling/tasks/right-size/vector.json'), 4);
    assert.equal(foldersAboveTo('/home/ada/pack/scaling/tasks/right-size/task.de.yaml'), 4);
    assert.equal(foldersAboveTo('/home/ada/tasks/vector.json'), undefined);
    assert.equal(foldersAboveTo('/tasks/right-size/vector.json'), undefined);
  });
});
