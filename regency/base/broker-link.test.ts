import { createServer } from 'node:net'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { until } from '../../testing/hub-parts.ts'
import { freePort } from '../../testing/servers.ts'
import { startBrokerLink } from './broker-link.ts'

/** What is logged of the first connections to it. */
async function connectTo(url: string): Promise<{ msg: string; reason: string }[]> {
  const lines: { msg: string; reason: string }[] = []
  const log = pino({}, { write: (text: string) => void lines.push(JSON.parse(text)) })
  // The next try comes in a second, and not before this one was looked at.
  vi.spyOn(Math, 'random').mockReturnValue(0.99)
  const link = startBrokerLink({
    ...{ mqtt: { url, client_id: 'hub' }, urls: [url], districts: 'all', log },
    ...{ onMessage: () => {}, onEnrol: null, onReady: () => {} },
  })
  await until(() => link.state() === 'offline')
  await link.stop()
  vi.restoreAllMocks()
  return lines
}

test('a connection that fails is logged once, in a line', async () => {
  const port = await freePort()
  expect((await connectTo(`mqtt://127.0.0.1:${port}`)).map(({ reason }) => reason)).toEqual([
    `connect ECONNREFUSED 127.0.0.1:${port}`,
  ])
  const deaf = createServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
  await new Promise<void>((resolve) => deaf.listen(port, '127.0.0.1', resolve))
  expect((await connectTo(`mqtts://127.0.0.1:${port}`)).map(({ reason }) => reason)).toEqual([
    'TLS: wrong version number',
  ])
  deaf.close()
})
