import { flag, id, int, list, oneOf, optional, record, text } from '../../kernel/codec.ts';
import { definePolicy } from '../../kernel/policy.ts';

/** The most replicas that anybody asks for, and the most Pods that the server lets exist. */
export const mostWanted = 20;
export const mostPods = 200;
/** The name of the App, and of the other one, whose Pods stand in the same namespace. */
export const appName = 'shop';
export const otherOwner = 'blog';

const uid = (doc: string) => id(doc, 'object', 1e6);
const podName = (doc: string) => text(doc, 63);
const from = oneOf(
  'Where to read: `cache` is what your watch has told so far, costs nothing and may be old; `server` asks the API server, which answers with the latest state.',
  ['cache', 'server'],
);
const readInput = (name: string) => record('Where to read.', name, { from });

/** A controller that keeps the Pods of one object as that object declares them. */
export const ControllerPolicy = definePolicy({
  id: 'controller',
  typeName: 'ControllerPolicy',
  doc: `A controller of the object \`${appName}\`, which declares how many Pods of which version there shall be. It may crash between any two calls; it then starts again and remembers nothing.`,
  decisions: {
    reconcile: {
      doc: 'Asked after something may have changed: the watch told of the App or of a Pod, the watch had to list everything again, the controller has just started, or the time that you asked for is over.',
      input: record('Why you are asked.', 'ReconcileRequest', {
        events: list(
          'What the watch has told since you were asked last, oldest first. Some changes never appear here, others twice; when the watch has listed everything again, all that exists comes as ADDED.',
          record('One event of the watch.', 'WatchEvent', {
            type: oneOf('What happened.', ['ADDED', 'MODIFIED', 'DELETED']),
            kind: oneOf('To what.', ['App', 'Pod']),
            name: podName('Its name.'),
          }),
          1000,
        ),
      }),
      output: optional(
        'Ask again after so many seconds, even if nothing changes; `undefined` for not.',
        int('Seconds.', { min: 1, max: 3600 }),
      ),
    },
  },
  calls: {
    getApp: {
      doc: 'Reads the object that you are responsible for.',
      input: readInput('GetApp'),
      output: record('What is declared, and what was last written about it.', 'App', {
        name: podName('Its name.'),
        replicas: int('Pods that there shall be.', { min: 0, max: mostWanted }),
        version: int('The version that they all shall have.', { min: 1, max: 1e6 }),
        maxSurge: int(
          'Pods that there may be above `replicas`, not counting those that end or have failed.',
          {
            min: 1,
            max: mostWanted,
          },
        ),
        generation: int('Grows whenever what is declared changes.', { min: 1, max: 1e6 }),
        resourceVersion: int('Grows with every write to the object, by whomever.', { min: 1, max: 1e9 }),
        observedGeneration: int('Of the status: the generation that it speaks of. 0 at first.', {
          min: 0,
          max: 1e6,
        }),
        readyReplicas: int('Of the status: ready Pods of the declared version.', { min: 0, max: mostPods }),
      }),
      errors: [],
    },
    listPods: {
      doc: 'Reads all Pods of the namespace, in the order in which they were created, also those of others.',
      input: readInput('ListPods'),
      output: list(
        'The Pods.',
        record('A Pod.', 'ObservedPod', {
          name: podName('Its name, unique among the Pods that exist.'),
          uid: uid('Never the same for two Pods, even of one name.'),
          owner: podName('The name of the object that it belongs to.'),
          version: int('Its version.', { min: 1, max: 1e6 }),
          phase: oneOf(
            '`Failed` Pods have ended and never come back; they stay until somebody deletes them.',
            ['Pending', 'Running', 'Failed'],
          ),
          ready: flag('Whether it serves.'),
          deleting: flag('Whether it has been deleted and is about to end. It serves no longer.'),
        }),
        mostPods,
      ),
      errors: [],
    },
    createPod: {
      doc: 'Creates a Pod that belongs to the App. `AlreadyExists`: there is a Pod of that name. `Timeout`: no answer came, and the Pod may or may not have been created.',
      input: record('A Pod.', 'CreatePod', {
        name: optional(
          'Its name: lower-case letters, digits and `-`. Without one the server invents a new name.',
          podName('Its name.'),
        ),
        version: int('Its version.', { min: 1, max: 1e6 }),
      }),
      output: oneOf('What came of it.', ['Created', 'AlreadyExists', 'Timeout', 'Invalid']),
      errors: [],
    },
    deletePod: {
      doc: 'Deletes a Pod; one that runs takes a few seconds to end. `NotFound`: there is none of that name. `Conflict`: there is, with another `uid`. `Timeout`: no answer came, and the Pod may or may not have been deleted.',
      input: record('Which Pod.', 'DeletePod', {
        name: podName('Its name.'),
        uid: optional('Only if it still has this uid.', uid('The uid.')),
      }),
      output: oneOf('What came of it.', ['Deleted', 'NotFound', 'Conflict', 'Timeout']),
      errors: [],
    },
    updateStatus: {
      doc: 'Writes the status of the App. `Conflict`: somebody has written to the App after the version that you name, and nothing was written. `Timeout`: no answer came, and it may or may not have been written.',
      input: record('The status.', 'UpdateStatus', {
        resourceVersion: int('Of the App from which this status follows.', { min: 1, max: 1e9 }),
        observedGeneration: int('The generation that you looked at.', { min: 0, max: 1e6 }),
        readyReplicas: int('Ready Pods of the declared version.', { min: 0, max: mostPods }),
      }),
      output: oneOf('What came of it.', ['Updated', 'Conflict', 'Timeout']),
      errors: [],
    },
  },
});

export const controllerPolicies = { controller: ControllerPolicy };
