import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Http2SecureServer } from 'node:http2'
import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { App } from './server.ts'

type Upgrade = { socket: Socket; head: Buffer }

const upgrades = new WeakMap<IncomingMessage, Upgrade>()

/** The connection of a request that asks for another protocol, for the route that takes it over; null: it asks for none. */
export const upgradeOf = ({ raw }: FastifyRequest): Upgrade | null => upgrades.get(raw) ?? null

/** Such requests take the way of all others, past the same hooks, and are answered like them where no route takes over. */
export function routeUpgrades(server: Server | Http2SecureServer, app: App): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    upgrades.set(request, { socket, head })
    socket.on('error', () => socket.destroy())
    const response = new ServerResponse(request)
    response.assignSocket(socket)
    response.shouldKeepAlive = false
    response.once('finish', () => socket.end())
    app.routing(request, response)
  })
}
