import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'

type Server = EventEmitter & { close(done: () => void): unknown }

/** What closes a server with all its connections: a stream keeps its own open, and the server would wait for it. */
export function closerOf(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
}
