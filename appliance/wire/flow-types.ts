/**
 * Types of nodes that a box may have: Node-RED's own of the closed palette and of the sets that a configuration brings back,
 * and ours. A flow set with any other type would keep all flows of a box from starting.
 */
export const flowTypes: ReadonlySet<string> = new Set([
  ...['junction', 'inject', 'debug', 'complete', 'catch', 'status', 'link in', 'link out', 'link call', 'comment'],
  ...['global-config', 'unknown', 'function', 'switch', 'change', 'range', 'template', 'delay', 'trigger', 'rbe'],
  ...['csv', 'json', 'split', 'join', 'sort', 'batch', 'html', 'xml', 'yaml', 'file', 'file in', 'watch'],
  ...['tls-config', 'mqtt in', 'mqtt out', 'mqtt-broker', 'http request'],
  ...['websocket in', 'websocket out', 'websocket-listener', 'websocket-client'],
  ...['balai-box', 'balai entries', 'balai done', 'balai command', 'balai print', 'balai speak', 'balai notice'],
  ...['balai health', 'balai dataset', 'balai office', 'balai summary', 'balai gpio', 'balai keypad', 'balai serial'],
])

/** Tabs, groups and subflows are in every Node-RED. */
export const isFlowType = (type: string): boolean =>
  type === 'tab' || type === 'group' || type.startsWith('subflow') || flowTypes.has(type)
