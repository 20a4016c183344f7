/** A document that says something else than the defaults, by scenario and name. */
export const documentSamples: Readonly<Record<string, string>> = {
  'gvisor.workload sandbox': 'overlay: root\nnetwork: host\n',
  'cluster.rollout vector': '{"replicas": 10, "maxSurge": 2, "maxUnavailable": "30%"}',
  'cluster.disruption vector': '{"expectedPods": 9, "healthyPods": 8, "minAvailable": 5}',
  'cluster.scheduler vector':
    '{"pod": {"requests": {"cpu": "1"}}, "nodes": [{"allocatable": {"cpu": "4", "memory": "8Gi"}, "requested": {"cpu": "2"}}]}',
  'cluster.autoscaler vector':
    '{"currentReplicas": 3, "metric": {"type": "Resource", "name": "cpu", "target": {"averageUtilization": 30}}, "pods": [{"requests": {"cpu": "1"}, "usage": "500m"}, {"requests": {"cpu": "1"}, "usage": "500m"}, {"requests": {"cpu": "1"}, "usage": "500m"}]}',
};
