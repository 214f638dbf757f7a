import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { AppError } from '../errors.ts'
import { closerOf } from './close-server.ts'
import { portHolder } from './port-holder.ts'
import type { App } from './server.ts'
import { routeUpgrades } from './upgrade.ts'

/** Where a server shall listen. `orAnother`: when the port is taken, on any free one (the demo). */
export type Address = { host: string; port: number; orAnother?: boolean }

/** Where a server listens. `port` is what it got, which may not be what was asked. */
export type Listening = { host: string; port: number; wanted: number }

/** Listens by HTTP. Throws `start.port-taken`, `start.port-refused` and `start.no-address`, which say what to do. */
export async function listenHttp(app: App, address: Address): Promise<Listening> {
  const { host } = address
  routeUpgrades(app.server, app)
  await listenAt(address, (port) => app.listen({ host, port }))
  return { host, port: (app.server.address() as AddressInfo).port, wanted: address.port }
}

/** A connection that carries nothing for so long is closed; a live page has a beat every ten seconds. */
const idleMs = 120_000

/**
 * The same routes by HTTPS: HTTP/2, so that a browser's tabs share one connection and none waits for another's stream, and
 * HTTP/1.1 for who knows no better. Returns `replace` for a new certificate and `close`. Throws as `listenHttp`.
 */
export async function listenHttps(app: App, address: Address, certificate: { key: string; cert: string }) {
  const { host } = address
  const options = {
    ...certificate,
    minVersion: 'TLSv1.2',
    allowHTTP1: true,
    settings: { maxConcurrentStreams: 100 },
  } as const
  // Fastify's types know the requests of HTTP/1.1 only; those of HTTP/2 have the same form.
  const server = createSecureServer(options, app.routing as unknown as Parameters<typeof createSecureServer>[1])
  server.setTimeout(idleMs)
  routeUpgrades(server, app)
  const close = closerOf(server)
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listenAt(address, listen)
  const listening: Listening = { host, port: (server.address() as AddressInfo).port, wanted: address.port }
  return {
    ...listening,
    replace: (next: { key: string; cert: string }) => server.setSecureContext({ ...next, minVersion: 'TLSv1.2' }),
    close,
  }
}

async function listenAt({ host, port, orAnother }: Address, listen: (port: number) => Promise<unknown>): Promise<void> {
  try {
    await listen(port)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' && orAnother) await listen(0)
    else throw explain(error, host, port)
  }
}

function explain(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException
  const details = { host, port }
  if (code === 'EADDRINUSE') {
    const holder = portHolder(port)
    const who = holder ?? `another program; this says which: sudo ss -ltnp 'sport = :${port}'`
    const message = `Port ${port} is taken by ${who}. Stop it, or set another port in the configuration.`
    return new AppError('unavailable', 'start.port-taken', message, { port, holder: holder ?? '' })
  }
  if (code === 'EACCES') {
    const message = `Port ${port} is not open to this user: ports below 1024 need root or the service (systemctl start balai).`
    return new AppError('unavailable', 'start.port-refused', message, details)
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    const message = `This machine does not have the address ${host} (now). Is the cable in, is it the one of the configuration?`
    return new AppError('unavailable', 'start.no-address', message, details)
  }
  return error
}
