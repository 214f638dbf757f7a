import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP line on loopback that carries so many bytes a second each way, each of them late by `delayMs`. */
export async function startThinLine({
  targetPort,
  bytesPerSecond,
  delayMs,
}: {
  targetPort: number
  bytesPerSecond: number
  delayMs: number
}) {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    carry(client, upstream)
    carry(upstream, client)
  })

  /** A queue of one wire: what comes while it is busy waits, and holds its sender back as a full line does. */
  function carry(from: Socket, to: Socket): void {
    let freeAt = performance.now()
    from.on('data', (chunk) => {
      const beginsAt = Math.max(performance.now(), freeAt)
      freeAt = beginsAt + (chunk.length / bytesPerSecond) * 1_000
      from.pause()
      setTimeout(() => from.resume(), Math.max(1, freeAt - performance.now()))
      setTimeout(() => to.write(chunk), Math.max(1, freeAt + delayMs - performance.now()))
    })
    from.on('close', () => setTimeout(() => to.destroy(), delayMs))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
