import { connect } from 'node:tls'

const timeoutMs = 5_000

/** The door for boxes without MQTT: whether it answers by TLS, and until when its certificate holds, ms since 1970 UTC. */
export type HttpsReading = { where: string; endsAt: number | null }

/** Knocks, and shows nothing. Never throws. */
export function tryHttps({ host, port }: { host: string; port: number }): Promise<HttpsReading> {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, rejectUnauthorized: false, timeout: timeoutMs })
    const end = (endsAt: number | null) => {
      socket.destroy()
      resolve({ where: `https://${host}:${port}`, endsAt })
    }
    socket.once('secureConnect', () => {
      const { validTo } = socket.getPeerX509Certificate() ?? {}
      end(validTo === undefined ? null : Date.parse(validTo))
    })
    socket.once('error', () => end(null))
    socket.once('timeout', () => end(null))
  })
}
