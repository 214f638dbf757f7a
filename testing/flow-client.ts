import { type IncomingMessage, request } from 'node:http'
import { createInterface } from 'node:readline'
import { newId } from '../appliance/base/ids.ts'
import type { TestBox } from './test-box.ts'

/* A flow outside of Node-RED: the link as a program of one's own would use it. For tests and benches only. */

type Line = { n?: number; entry?: Record<string, unknown>; journal?: string; after?: number; moved?: boolean }

/** Speaks with a box's link by a token that a technician made. */
export function openFlowClient({ automation, http }: Pick<TestBox, 'automation' | 'http'>, actor: string, act = true) {
  const scopes: ('read' | 'act')[] = act ? ['read', 'act'] : ['read']
  const token = automation.makeToken({ name: `Uji ${newId()}`, scopes, actor, key: null })
  return flowClient({ host: '127.0.0.1', port: http.port }, token)
}

export function flowClient(place: { host: string; port: number } | { socketPath: string }, token: string) {
  const headers = (node: string) => ({
    ...{ authorization: `Bearer ${token}`, host: 'localhost' },
    ...{ 'x-balai': '1', 'x-balai-node': node, 'content-type': 'application/json' },
  })
  const send = (method: string, path: string, body?: object, node = 'node-1'): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ ...place, method, path, headers: headers(node) }, resolve)
      outgoing.once('error', reject)
      outgoing.end(body && JSON.stringify(body))
    })

  return {
    token,
    async ask(method: string, path: string, body?: object, node?: string) {
      const answer = await send(
        method,
        path,
        body && method === 'POST' && node !== 'host' ? { key: newId(), ...body } : body,
        node,
      )
      const parts: Buffer[] = []
      for await (const part of answer) parts.push(part as Buffer)
      return {
        status: answer.statusCode ?? 0,
        body: JSON.parse(Buffer.concat(parts).toString() || '{}') as Record<string, unknown>,
      }
    },
    seen: async (reader: string, journal: string, n: number) => {
      const answer = await send('POST', `/api/flows/seen/${reader}`, { journal, n })
      answer.resume()
      return answer.statusCode
    },
    /** The lines of a reader as they come; ends when it is closed. */
    async *entries(reader: string, types = ''): AsyncGenerator<Line> {
      const answer = await send('GET', `/api/flows/entries/${reader}${types && `?types=${types}`}`)
      if (answer.statusCode !== 200) throw new Error(`entries: ${answer.statusCode}`)
      try {
        for await (const line of createInterface({ input: answer })) if (line) yield JSON.parse(line) as Line
      } finally {
        answer.destroy()
      }
    },
  }
}
