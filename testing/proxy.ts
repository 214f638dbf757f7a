import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy on loopback that a test cuts, freezes or makes deaf: the bad roads between a village and its regency. */
export async function startProxy(targetPort: number) {
  const pairs = new Set<readonly [client: Socket, server: Socket]>()
  let frozen = false
  let muted = false
  let bytesUp = 0

  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1')
    const pair = [client, upstream] as const
    pairs.add(pair)
    client.on('data', (chunk) => {
      bytesUp += chunk.length
      if (!frozen) upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (!frozen && !muted) client.write(chunk)
    })
    for (const [one, other] of [pair, [upstream, client] as const]) {
      one.on('error', () => one.destroy())
      one.on('close', () => {
        pairs.delete(pair)
        if (!frozen) other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    bytesUp: () => bytesUp,
    connections: () => pairs.size,
    /** Both ends see the connection end. */
    cut: () => {
      for (const [client, upstream] of pairs) {
        client.destroy()
        upstream.destroy()
      }
    },
    /** Half-open: nothing passes any more, and nobody is told. New connections freeze too. */
    freeze: (on: boolean) => {
      frozen = on
    },
    /** What the server says is lost, what the client says arrives. */
    mute: (on: boolean) => {
      muted = on
    },
    stop: () =>
      new Promise<void>((resolve) => {
        for (const [client, upstream] of pairs) {
          client.destroy()
          upstream.destroy()
        }
        server.close(() => resolve())
      }),
  }
}
