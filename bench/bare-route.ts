import Database from 'better-sqlite3'
import Fastify from 'fastify'

/* The peer of the ticket benchmark: a bare Fastify route with one durable SQLite insert. Usage: bare-route.ts PORT FILE */

const [port = '0', file = ':memory:'] = process.argv.slice(2)
const db = new Database(file)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec('CREATE TABLE ticket (id INTEGER PRIMARY KEY, service TEXT NOT NULL, key TEXT NOT NULL UNIQUE) STRICT')
const insert = db.prepare<{ service: string; key: string }>('INSERT INTO ticket (service, key) VALUES (@service, @key)')

const app = Fastify()
app.get('/metrics', async () => 'ready')
app.post<{ Body: { service: string; key: string } }>('/api/tickets', async (request, reply) => {
  const { lastInsertRowid } = insert.run(request.body)
  return reply.code(201).send({ number: Number(lastInsertRowid) })
})
await app.listen({ host: '127.0.0.1', port: Number(port) })
