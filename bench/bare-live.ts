import Database from 'better-sqlite3'
import Fastify, { type FastifyReply } from 'fastify'

/*
 * The peer of the live benchmark: one durable SQLite insert for each ticket and a document of fixed size to every
 * listener, at most ten times a second. Usage: bare-live.ts PORT FILE BYTES
 */

const [port = '0', file = ':memory:', bytes = '8000'] = process.argv.slice(2)
const minGapMs = 100
const db = new Database(file)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec('CREATE TABLE ticket (id INTEGER PRIMARY KEY, service TEXT NOT NULL, key TEXT NOT NULL UNIQUE) STRICT')
const insert = db.prepare<{ service: string; key: string }>('INSERT INTO ticket (service, key) VALUES (@service, @key)')
const listeners = new Set<FastifyReply>()
const document = `event: view\ndata: ${'x'.repeat(Number(bytes))}\n\n`
let isDue = false

function changed(): void {
  if (isDue) return
  isDue = true
  setTimeout(() => {
    isDue = false
    for (const { raw } of listeners) raw.write(document)
  }, minGapMs)
}

const app = Fastify()
app.get('/metrics', async () => 'ready')
app.get('/live', async (_request, reply) => {
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
  reply.raw.write('retry: 1000\n\n')
  listeners.add(reply)
  reply.raw.once('close', () => listeners.delete(reply))
})
app.post<{ Body: { service: string; key: string } }>('/api/tickets', async (request, reply) => {
  const { lastInsertRowid } = insert.run(request.body)
  changed()
  return reply.code(201).send({ number: Number(lastInsertRowid) })
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
