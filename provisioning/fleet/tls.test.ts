import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTls } from '../../appliance/base/broker/tls.ts'
import { issuePair, makeAuthority, openAuthority, type Pair } from '../../appliance/pki/authority.ts'

/* What a box makes of a broker's certificate while it does not know what time it is. */

const now = Date.now()
const day = 24 * 60 * 60_000
let root: Pair
let stranger: Pair
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
})
beforeAll(async () => {
  root = await makeAuthority('Root', { now, days: 30 })
  stranger = await makeAuthority('Root', { now, days: 30 })
})

/** A server whose certificate ended so many days ago (from a day before that on). */
async function serve({ by, ended, name = '127.0.0.1' }: { by: Pair; ended: number; name?: string }): Promise<number> {
  const middle = await makeAuthority('Issuing', { now, days: 20, parent: await openAuthority(by) })
  const issuer = await openAuthority(middle)
  const own = await issuePair(name, { now: now - (ended + 1) * day, days: 1, issuer, names: [name] })
  const server = createServer({ key: own.key, cert: `${own.certificate}${middle.certificate}` }, (socket) =>
    socket.end(),
  )
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}
const open = async (port: number, time: { doubtful: boolean; floor: number; now?: number }) => {
  const socket = await openTls({ host: '127.0.0.1', port, ca: root.certificate, time: { now, ...time } })
  socket.destroy()
  return true
}

test('F13, F27: a clock that is wrong locks no box out: an ended certificate is taken while it had not ended at the floor', async () => {
  const port = await serve({ by: root, ended: 2 })
  expect(await open(port, { doubtful: true, floor: now - 10 * day })).toBe(true)
  await expect(open(port, { doubtful: true, floor: now - day })).rejects.toThrow(/CERT_HAS_EXPIRED/)
  await expect(open(port, { doubtful: false, floor: now - 10 * day })).rejects.toThrow(/CERT_HAS_EXPIRED/)
})

test('F13: a certificate that begins in the future of a clock that is behind is taken while the clock is doubtful', async () => {
  const port = await serve({ by: root, ended: -9 })
  expect(await open(port, { doubtful: true, floor: now - day })).toBe(true)
  await expect(open(port, { doubtful: false, floor: now - day })).rejects.toThrow(/CERT_NOT_YET_VALID/)
})

test('a wrong clock excuses nothing else: neither another root of the same name nor another host', async () => {
  const time = { doubtful: true, floor: now - 10 * day }
  await expect(open(await serve({ by: stranger, ended: 2 }), time)).rejects.toThrow(/does not hold/)
  await expect(open(await serve({ by: root, ended: 2, name: '127.0.0.2' }), time)).rejects.toThrow(/does not hold/)
})
