import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { ClusterSession } from '../../../src/extension/clusterSession.ts';
import { LineEditor } from '../../../src/extension/lineEditor.ts';

const open = (more: object = {}): ClusterSession => {
  const session = ClusterSession.open(scenarios['cluster.rollout']!, {
    scenario: 'cluster.rollout',
    params: {},
    seed: 1,
    ...more,
  });
  assert.ok(session !== undefined);
  return session;
};

describe('the session behind the cluster terminal', () => {
  it('answers with and without the word kubectl', () => {
    const session = open();
    assert.deepEqual(session.answer('kubectl get pods'), session.answer('get pods'));
    assert.match(session.answer('get pods').text, /^NAME +READY +STATUS/);
  });

  it('moves through time, there and back', () => {
    const session = open();
    const end = session.answer('rollout status deploy/shop');
    session.answer('time 61s');
    assert.match(session.answer('rollout status deploy/shop').text, /^Waiting for deployment/);
    assert.match(session.answer('time').text, /^It is 61 s after the start/);
    session.answer('time -2s');
    assert.match(session.answer('time').text, /^It is 59 s after the start/);
    session.answer('time +4m');
    assert.deepEqual(session.answer('rollout status deploy/shop'), end);
    assert.ok(session.answer('time soon').error);
  });

  it('says over which run it stands, and where in it', () => {
    assert.equal(
      open({ params: { replicas: 4, maxSurge: 1 }, event: 0 }).greeting,
      'A rolling update: the simulated cluster 0.1 s after the start, with 4 replicas, maxSurge 1. Type help for what you can ask.',
    );
    assert.match(open({ atNs: 61e9 }).greeting, /cluster 61 s after the start\. Type/);
  });

  it('starts at the event that it is given, and with the documents of the run', () => {
    assert.match(open({ event: 0 }).answer('get pods').text, /No resources found|Pending/);
    const manifests =
      'apiVersion: v1\nkind: Service\nmetadata: {name: mine}\nspec: {selector: {app: a}, ports: [{port: 80}]}\n';
    const session = ClusterSession.open(scenarios['cluster.service']!, {
      scenario: 'cluster.service',
      params: {},
      seed: 1,
      documents: { manifests },
    });
    assert.match(session!.answer('get svc').text, /^mine /m);
  });

  it('has nothing to show for what runs no cluster', () => {
    const asked = { scenario: 'kernel.queue', params: {}, seed: 1 };
    assert.equal(ClusterSession.open(scenarios['kernel.queue']!, asked), undefined);
  });

  it('says errors as such, and closes on exit', () => {
    assert.deepEqual(open().answer('get nothing').error, true);
    assert.equal(open().answer('exit').closes, true);
    assert.match(open().answer('help').text, /rollout status[^]*time \[/);
  });
});

describe('a typed line', () => {
  it('is what was typed less what was taken back, however the keys are grouped', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'é', '😀', ' ', '\u007f'), { maxLength: 20 }),
        fc.nat(20),
        (keys, cut) => {
          const expected: string[] = [];
          for (const key of keys) {
            if (key === '\u007f') expected.pop();
            else expected.push(key);
          }
          const editor = new LineEditor('$ ');
          editor.type(keys.slice(0, cut).join(''));
          const { entered } = editor.type(`${keys.slice(cut).join('')}\r`);
          assert.deepEqual(entered, [expected.join('')]);
        },
      ),
    );
  });

  it('comes back with the arrow keys, and goes with Ctrl+C', () => {
    const editor = new LineEditor('$ ');
    editor.type('get pods\rget svc\r');
    assert.deepEqual(editor.type('\u001b[A\u001b[A\r').entered, ['get pods']);
    assert.deepEqual(editor.type('nonsense\u0003get rs\r').entered, ['get rs']);
    assert.equal(editor.type('\u0004').ended, true);
    assert.equal(editor.type('x\u0004').ended, false);
  });
});
