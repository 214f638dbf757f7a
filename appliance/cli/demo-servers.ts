import { mkdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { Aedes } from 'aedes'
import { packageFolder } from '../base/program-files.ts'

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
  // Its own files handed over: it would look for them by URL, which finds nothing in the packed program.
  const file = (name: string) => readFileSync(join(packageFolder('@electric-sql/pglite'), 'dist', name))
  const db = await PGlite.create({
    dataDir: folder,
    fsBundle: new Blob([file('pglite.data')]),
    pgliteWasmModule: await WebAssembly.compile(file('pglite.wasm')),
    initdbWasmModule: await WebAssembly.compile(file('initdb.wasm')),
  })
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
