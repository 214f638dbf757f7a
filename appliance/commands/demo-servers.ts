import { mkdirSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { Aedes } from 'aedes'

/** A broker inside this process, on a free port of loopback. It forgets everything when it stops, as a broker may. */
export async function startBroker(host: string): Promise<{ url: string; close(): Promise<void> }> {
  const aedes = await Aedes.createBroker()
  const server = createServer(aedes.handle)
  const port = await listen(server, host)
  return {
    url: `mqtt://127.0.0.1:${port}`,
    close: async () => {
      await new Promise<void>((resolve) => aedes.close(resolve))
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** PostgreSQL inside this process, kept in `folder`, behind a socket so that the hub uses it as it uses a real one. */
export async function startDatabase(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  mkdirSync(folder, { recursive: true })
  const db = await PGlite.create({ dataDir: folder })
  const probe = createServer()
  const port = await listen(probe, '127.0.0.1')
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port })
  await server.start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    close: async () => {
      await server.stop()
      await db.close()
    },
  }
}

const listen = (server: Server, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port: 0 }, () => resolve((server.address() as AddressInfo).port))
  })
