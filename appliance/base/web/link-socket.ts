import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { closerOf } from './close-server.ts'
import type { App } from './server.ts'

/** Connections of a link socket, which have no address. */
const linked = new WeakSet<Socket>()

/** Whether a request came by the box's own Unix socket: nobody on the LAN can. */
export const isLink = (request: IncomingMessage): boolean => linked.has(request.socket)

/**
 * Serves the routes that begin with `prefix`, and no others, at a Unix socket for programs on this machine. Whoever may
 * connect is told by a token, not by the file's mode: another user's program has no group with the box. Returns `close`.
 */
export async function listenLink(app: App, path: string, prefix: string): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith(prefix)) app.routing(request, response)
    else response.writeHead(404).end()
  })
  server.on('connection', (socket) => linked.add(socket))
  const close = closerOf(server)
  rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  chmodSync(path, 0o666)
  return close
}
