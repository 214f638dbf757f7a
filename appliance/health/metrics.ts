/** Name, help and value; a null value is left out. */
export type Metric = readonly [name: string, help: string, value: number | null]

/** Gauges in Prometheus' text format 0.0.4. */
export const metricsText = (metrics: readonly Metric[]): string =>
  metrics
    .filter(([, , value]) => value !== null)
    .map(([name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`)
    .join('')
