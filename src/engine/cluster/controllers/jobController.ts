import { keyOf } from '../api/apiObjects.ts';
import type { Cluster } from '../cluster.ts';

/** Runs Pods until enough have succeeded. Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/ */
export function syncJob(cluster: Cluster, key: string): void {
  const job = cluster.store.get('Job', key);
  if (job === undefined || job.status.complete) return;
  const { completions = 1, parallelism = 1, backoffLimit = 6, template } = job.spec;
  let active = 0;
  let succeeded = 0;
  let failed = 0;
  for (const { status, metadata } of cluster.index.podsOf(job.metadata.uid)) {
    if (status.phase === 'Succeeded') succeeded++;
    else if (status.phase === 'Failed') failed++;
    else if (metadata.deletionNs === undefined) active++;
  }
  const complete = succeeded >= completions || failed > backoffLimit;
  const wanted = complete ? 0 : Math.min(parallelism, completions - succeeded) - active;
  for (let n = 0; n < wanted; n++) cluster.createPod(template, job, `${job.metadata.name}-`, job.place);
  const status = { active: active + Math.max(0, wanted), succeeded, failed, complete };
  const latest = cluster.store.get('Job', keyOf(job))!;
  if (JSON.stringify(latest.status) !== JSON.stringify(status)) cluster.store.update({ ...latest, status });
}
