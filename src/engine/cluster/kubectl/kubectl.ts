import { nearest } from '../../kernel/parameters.ts';
import type { ConsoleAnswer } from '../../kernel/console.ts';
import type { AnyObject, Deployment } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';
import { described, seen } from './kubectlDescribe.ts';
import { eventsUpTo, type ClusterEvent } from './kubectlEvents.ts';
import { readFlags, type Flags } from './kubectlFlags.ts';
import { formats, printedAs } from './kubectlOutput.ts';
import { top } from './kubectlTop.ts';
import { none, resourceNamed, resources, type Resource } from './kubectlResources.ts';
import { aligned, table } from './tabWriter.ts';

/** What `kubectl` prints about a simulated cluster at one instant. It looks; it changes nothing. */
export function kubectl(cluster: Cluster, words: readonly string[]): ConsoleAnswer {
  const [command, ...rest] = words;
  if (command === undefined || ['help', '--help', '-h'].includes(command))
    return { out: help, err: '', code: 0 };
  if (!Object.hasOwn(commands, command)) return unknownCommand(command);
  const read = readFlags(rest);
  if ('error' in read) return failed(read.error);
  if (read.help) return { out: help, err: '', code: 0 };
  return commands[command as keyof typeof commands](cluster, read);
}

const help = `kubectl shows the simulated cluster as it is at this instant.

  kubectl get <resource> [name]       a table; -o wide|name|yaml|json, -l app=shop, -A, --no-headers
  kubectl describe <resource> [name]  everything about an object, with its events
  kubectl rollout status <deployment> how far a rollout is (it does not wait: time stands still)
  kubectl rollout history <deployment>
  kubectl events                      what the components reported
  kubectl top pods|nodes              CPU in use, where a load is simulated
  kubectl api-resources               the resources that there are

  -o yaml: times count from the start of the simulation, written as 1970-01-01T00:00:00Z.
  Resources: ${resources.map(({ plural }) => plural.split('.')[0]).join(', ')}, events, all.
  Nothing can be changed here: declare other manifests and run the simulation again.`;

const failed = (err: string, out = ''): ConsoleAnswer => ({ out, err, code: 1 });
const printed = (out: string, err = ''): ConsoleAnswer => ({ out, err, code: err === '' ? 0 : 1 });

const commands = { get, describe, rollout, events, top, 'api-resources': apiResources } as const;
const changing: ReadonlySet<string> = new Set([
  'apply',
  'create',
  'delete',
  'edit',
  'patch',
  'scale',
  'set',
  'cordon',
  'drain',
  'run',
  'expose',
]);

function unknownCommand(command: string): ConsoleAnswer {
  if (changing.has(command))
    return failed(
      `error: "${command}" would change the cluster, and this one only shows what a simulation did\nDeclare other manifests, and run the simulation again.`,
    );
  const near = nearest(command, Object.keys(commands));
  return failed(
    `error: unknown command "${command}" for "kubectl"${near === undefined ? '' : `\n\nDid you mean this?\n\t${near}`}`,
  );
}

const noType = (typed: string): string => {
  const near = nearest(
    typed,
    resources.flatMap(({ plural, singular }) => [plural.split('.')[0]!, singular.split('.')[0]!]),
  );
  const hint = near === undefined ? '' : `\nDid you mean ${near}?`;
  return `error: the server doesn't have a resource type "${typed}"${hint}`;
};

const inOrder = (cluster: Cluster, { kind, namespaced }: Resource, flags: Flags): AnyObject[] =>
  [...(cluster.store.list(kind) as Iterable<AnyObject>)]
    .filter(({ metadata }) => !namespaced || flags.allNamespaces || metadata.namespace === flags.namespace)
    .filter(({ metadata }) => selected(metadata.labels, flags.selector))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

/** `app=shop,tier!=db,zone`: equality and existence, as `-l` takes them. */
const selected = (labels: Readonly<Record<string, string>>, selector: string | undefined): boolean =>
  selector === undefined ||
  selector.split(',').every((term) => {
    const match = /^\s*(!?)([^=!\s]+)\s*(?:(==?|!=)\s*(\S*))?\s*$/.exec(term);
    if (match === null) return false;
    const [, not, key, operator, value] = match;
    if (operator === undefined) return (labels[key!] !== undefined) === (not === '');
    return (labels[key!] === value) === (operator !== '!=');
  });

interface Asked {
  readonly resource: Resource;
  readonly objects: readonly AnyObject[];
  readonly missing: readonly string[];
  /** Whether single objects were named. */
  readonly named: boolean;
}

/** The objects that operands name: `pods`, `pod x y`, `pod/x svc/y`, `pods,services`. */
function asked(cluster: Cluster, flags: Flags): readonly Asked[] | string {
  const [first, ...names] = flags.operands;
  if (first === undefined) return '';
  const of = (typed: string, wanted: readonly string[]): Asked | string => {
    const resource = resourceNamed(typed);
    if (resource === undefined) return noType(typed);
    const all = inOrder(cluster, resource, flags);
    if (wanted.length === 0) return { resource, objects: all, missing: [], named: false };
    const found = wanted.flatMap((name) => all.find(({ metadata }) => metadata.name === name) ?? []);
    const missing = wanted.filter((name) => !all.some(({ metadata }) => metadata.name === name));
    return {
      resource,
      objects: found,
      missing: missing.map((name) => `Error from server (NotFound): ${resource.plural} "${name}" not found`),
      named: true,
    };
  };
  const groups = first.includes('/')
    ? flags.operands.map((operand) => of(operand.split('/')[0]!, [operand.split('/')[1] ?? '']))
    : (first === 'all' ? ['po', 'svc', 'deploy', 'rs', 'hpa', 'job'] : first.split(',')).map((typed) =>
        of(typed, names),
      );
  const wrong = groups.find((group) => typeof group === 'string');
  return wrong ?? (groups as readonly Asked[]);
}

function get(cluster: Cluster, flags: Flags): ConsoleAnswer {
  if (['events', 'event', 'ev'].includes(flags.operands[0] ?? '')) return events(cluster, flags);
  const groups = asked(cluster, flags);
  if (groups === '')
    return failed(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.',
    );
  if (typeof groups === 'string') return failed(groups);
  if (flags.output !== '' && !formats.includes(flags.output)) {
    const near = nearest(flags.output, formats);
    return failed(
      `error: unable to match a printer suitable for the output format "${flags.output}", allowed formats are: ${formats.join(',')}${near === undefined ? '' : `\nDid you mean ${near}?`}`,
    );
  }
  const objects = groups.flatMap((group) => group.objects);
  const missing = groups.flatMap((group) => group.missing).join('\n');
  if (flags.output === 'json' || flags.output === 'yaml') {
    const single = groups.length === 1 && groups[0]!.named && objects.length === 1;
    if (objects.length === 0 && missing !== '') return failed(missing);
    return printed(printedAs(flags.output, objects, single), missing);
  }
  if (objects.length === 0) {
    if (missing !== '') return failed(missing);
    const everywhere = flags.allNamespaces || groups.every(({ resource }) => !resource.namespaced);
    return {
      out: '',
      err: `No resources found${everywhere ? '' : ` in ${flags.namespace} namespace.`}`,
      code: 0,
    };
  }
  const several = groups.filter((group) => group.objects.length > 0).length > 1;
  const tables = groups
    .filter((group) => group.objects.length > 0)
    .map(({ resource, objects: of }) => tableOf(cluster, resource, of, flags, several));
  return printed(tables.join(flags.output === 'name' ? '\n' : '\n\n'), missing);
}

function tableOf(
  cluster: Cluster,
  resource: Resource,
  objects: readonly AnyObject[],
  flags: Flags,
  several: boolean,
): string {
  if (flags.output === 'name')
    return objects.map(({ metadata }) => `${resource.singular}/${metadata.name}`).join('\n');
  const wide = flags.output === 'wide';
  const withNamespace = flags.allNamespaces && resource.namespaced;
  const columns = [
    ...(withNamespace ? ['NAMESPACE'] : []),
    ...resource.columns,
    ...(wide ? resource.wide : []),
  ];
  const rows = objects.map((object) => {
    const [name, ...cells] = resource.row(object, cluster);
    return [
      ...(withNamespace ? [object.metadata.namespace] : []),
      several ? `${resource.singular}/${name!}` : name!,
      ...cells,
      ...(wide ? resource.wideRow(object, cluster) : []),
    ];
  });
  return table(columns, rows, !flags.noHeaders);
}

function describe(cluster: Cluster, flags: Flags): ConsoleAnswer {
  const groups = asked(cluster, flags);
  if (groups === '')
    return failed(
      'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
    );
  if (typeof groups === 'string') return failed(groups);
  const objects = groups.flatMap((group) => group.objects);
  const missing = groups.flatMap((group) => group.missing).join('\n');
  if (objects.length === 0)
    return missing === ''
      ? { out: '', err: `No resources found in ${flags.namespace} namespace.`, code: 0 }
      : failed(missing);
  const all = eventsOf(cluster);
  return printed(objects.map((object) => described(object, cluster, all)).join('\n\n\n'), missing);
}

function rollout(cluster: Cluster, flags: Flags): ConsoleAnswer {
  const [verb, ...operands] = flags.operands;
  if (verb !== 'status' && verb !== 'history')
    return failed(
      `error: ${verb === undefined ? 'required subcommand not specified' : `unknown command "${verb}" for "kubectl rollout"`}\nThere are: kubectl rollout status, kubectl rollout history`,
    );
  const groups = asked(cluster, { ...flags, operands });
  if (groups === '') return failed('error: required resource not specified');
  if (typeof groups === 'string') return failed(groups);
  const missing = groups.flatMap((group) => group.missing).join('\n');
  if (missing !== '') return failed(missing);
  const objects = groups.flatMap((group) => group.objects);
  const other = objects.find(({ kind }) => kind !== 'Deployment');
  if (other !== undefined)
    return failed(
      `error: no ${verb === 'status' ? 'status viewer' : 'history viewer'} has been implemented for "${other.kind}"`,
    );
  const deployments = objects as readonly Deployment[];
  if (verb === 'history') return printed(deployments.map((each) => historyOf(cluster, each)).join('\n\n'));
  const late = deployments.find(({ status }) => status.progressing === 'ProgressDeadlineExceeded');
  if (late !== undefined)
    return failed(`error: deployment "${late.metadata.name}" exceeded its progress deadline`);
  return printed(deployments.map(rolloutStatus).join('\n'));
}

/** Source: k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go. */
function rolloutStatus({ metadata, spec, status }: Deployment): string {
  const { name, generation } = metadata;
  if (generation > status.observedGeneration) return 'Waiting for deployment spec update to be observed...';
  const waiting = (why: string): string => `Waiting for deployment "${name}" rollout to finish: ${why}...`;
  const { updatedReplicas, replicas, availableReplicas } = status;
  if (updatedReplicas < spec.replicas)
    return waiting(`${updatedReplicas} out of ${spec.replicas} new replicas have been updated`);
  if (replicas > updatedReplicas)
    return waiting(`${replicas - updatedReplicas} old replicas are pending termination`);
  if (availableReplicas < updatedReplicas)
    return waiting(`${availableReplicas} of ${updatedReplicas} updated replicas are available`);
  return `deployment "${name}" successfully rolled out`;
}

function historyOf(cluster: Cluster, { metadata }: Deployment): string {
  const revisions = [...cluster.index.setsOf(metadata.uid)]
    .map((set) => Number(set.metadata.annotations['deployment.kubernetes.io/revision'] ?? 0))
    .toSorted((a, b) => a - b);
  return [
    `deployment.apps/${metadata.name} `,
    aligned(['REVISION\tCHANGE-CAUSE', ...revisions.map((each) => `${each}\t${none}`)].join('\n'), {
      minWidth: 0,
      padding: 2,
    }),
  ].join('\n');
}

function eventsOf(cluster: Cluster): readonly ClusterEvent[] {
  const { trace, store } = cluster;
  const kinds = ['ReplicaSet', 'Job'] as const;
  return eventsUpTo(trace, trace.length - 1, (name) =>
    name.startsWith('kubectl')
      ? undefined
      : (kinds.find((kind) => store.get(kind, `default/${name}`)) ?? 'ReplicaSet'),
  );
}

function events(cluster: Cluster, flags: Flags): ConsoleAnswer {
  const { now } = cluster.simulation;
  const all = eventsOf(cluster);
  if (all.length === 0)
    return { out: '', err: `No resources found in ${flags.namespace} namespace.`, code: 0 };
  return printed(
    table(
      ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'],
      all.map(({ type, reason, kind, name, message, ...each }) => [
        seen(each, now),
        type,
        reason,
        `${kind.toLowerCase()}/${name}`,
        message,
      ]),
      !flags.noHeaders,
    ),
  );
}

function apiResources(): ConsoleAnswer {
  return printed(
    table(
      ['NAME', 'SHORTNAMES', 'NAMESPACED', 'KIND'],
      resources.map(({ plural, short, namespaced, kind }) => [
        plural.split('.')[0]!,
        short.join(','),
        String(namespaced),
        kind,
      ]),
    ),
  );
}
