/** What scenarios with manifests run when none is given. */
export const courseManifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 3
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
    spec:
      containers:
        - name: web
          image: registry.example/shop:1.0
          ports: [{ name: http, containerPort: 8080 }]
          resources: { requests: { cpu: 200m, memory: 256Mi } }
          readinessProbe: { httpGet: { port: http }, periodSeconds: 1 }
          lifecycle: { preStop: { sleep: { seconds: 5 } } }
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: { app: shop }
  ports: [{ port: 80, targetPort: http }]
`;

/** The same with an autoscaler that follows the CPU usage of its Pods, and adds as many at once as the documentation gives for the default. */
export const courseAutoscaler = `${courseManifest}---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: shop }
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: 50 }
  behavior:
    scaleUp:
      policies:
        - { type: Pods, value: 4, periodSeconds: 15 }
        - { type: Percent, value: 100, periodSeconds: 15 }
`;

export const coursePod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: shipper
      image: registry.example/log-shipper:1.0
      restartPolicy: Always
      volumeMounts: [{ name: logs, mountPath: /logs }]
  containers:
    - name: web
      image: registry.example/web-log:1.0
      volumeMounts: [{ name: logs, mountPath: /var/log/web }]
  volumes: [{ name: logs, emptyDir: {} }]
`;
