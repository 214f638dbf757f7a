import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'

/** The box's Unix socket and the secret that it made for this start. */
export type LinkAddress = { socketPath: string; token: string }

/** The box has refused: `code` is its own word for why. */
export class LinkError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export type Link = ReturnType<typeof createLink>

const answerMs = 10_000

/** Requests to the box. `fetch` knows no Unix sockets. */
export function createLink({ socketPath, token }: LinkAddress) {
  const headers = {
    host: 'localhost',
    authorization: `Bearer ${token}`,
    'x-balai': '1',
    'x-balai-node': 'host',
    'content-type': 'application/json',
  }

  function send(method: string, path: string, body?: object): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing: ClientRequest = httpRequest({ socketPath, method, path, headers }, resolve)
      outgoing.once('error', (error) => reject(new LinkError(0, 'gone', `The box does not answer: ${error.message}`)))
      outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await send(method, path, body)
    answer.setTimeout(answerMs, () => answer.destroy(new Error('The box does not answer.')))
    const parts: Buffer[] = []
    for await (const part of answer) parts.push(part as Buffer)
    const read = JSON.parse(Buffer.concat(parts).toString() || '{}') as T & { code?: string; message?: string }
    const status = answer.statusCode ?? 0
    if (status >= 300) throw new LinkError(status, read.code ?? 'unknown', read.message ?? `status ${status}`)
    return read
  }

  return {
    ask,
    /** Opens the line of this process: each message that comes down it, and `onEnd` once. Rejects where the box refuses. */
    async follow(
      path: string,
      onMessage: (message: Record<string, unknown>) => void,
      onEnd: () => void,
    ): Promise<void> {
      const answer = await send('GET', path)
      if (answer.statusCode !== 200) {
        answer.resume()
        throw new LinkError(answer.statusCode ?? 0, 'refused', `The box answered ${answer.statusCode}.`)
      }
      const lines = createInterface({ input: answer })
      lines.on('line', (line) => line && onMessage(JSON.parse(line) as Record<string, unknown>))
      answer.once('close', onEnd)
      answer.on('error', () => {})
    },
  }
}
