import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { MqttClient } from 'mqtt'
import { afterAll, describe, expect, test } from 'vitest'
import { freePort, startMosquitto } from '../../testing/servers.ts'
import type { TimeBelief } from '../base/broker/chain-verdict.ts'
import { openTls } from '../base/broker/tls.ts'
import { issuePair, makeAuthority, openAuthority, type Pair } from '../pki/authority.ts'

/*
 * A box that has been told the time, on a machine whose own clock is wrong. The machine's clock cannot be moved under a
 * test; so the truth is moved: certificates are of the true time, which lies that far from what this machine believes.
 */

const day = 24 * 60 * 60_000
const folder = mkdtempSync(join(tmpdir(), 'balai-wrong-clock-'))
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

const clocks = [
  ['right', 0],
  ['500 days behind', -500],
  ['20 years behind', -20 * 365],
  ['30 years ahead', 30 * 365],
] as const

describe.each(clocks)('with the machine’s clock %s', (_, wrongByDays) => {
  const truth = Date.now() - wrongByDays * day
  const synced: TimeBelief = { doubtful: false, floor: truth - day, now: truth }
  const authority = makeAuthority('Root', { now: truth, days: 30 })

  async function pairOf(more: { by?: Pair; from?: number; days?: number; name?: string; forClients?: boolean } = {}) {
    const { by = await authority, from = truth - day, days = 10, name = '127.0.0.1', forClients = false } = more
    const issuer = await openAuthority(by)
    const names = forClients ? {} : { names: [name] }
    return issuePair(name, { now: from, days, issuer, ...names })
  }

  async function serve({ key, certificate }: Pair, above = ''): Promise<number> {
    const server = createServer({ key, cert: `${certificate}${above}` }, (socket) => socket.end())
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as { port: number }).port
  }

  const open = async (port: number, time = synced) =>
    openTls({ host: '127.0.0.1', port, ca: (await authority).certificate, time })
  const refusal = async (port: number, time = synced) => {
    const opened = open(port, time).then((socket) => {
      socket.destroy()
      return 'opened'
    })
    return opened.catch((error: Error & { code?: string }) => error.code)
  }

  test('a real broker is reached, and reached again after each break of the line', async () => {
    const { key, certificate } = await pairOf()
    const file = (name: string, text: string) => {
      const path = join(folder, `${wrongByDays}-${name}`)
      writeFileSync(path, text)
      return path
    }
    const port = await freePort()
    const broker = await startMosquitto({
      config: [
        'allow_anonymous true',
        `listener ${port} 127.0.0.1`,
        `certfile ${file('broker.pem', certificate)}`,
        `keyfile ${file('broker.key', key)}`,
      ].join('\n'),
    })
    try {
      for (let time = 0; time < 2; time++) {
        const socket = await open(port)
        const client = new MqttClient(() => socket, { clientId: 'box', reconnectPeriod: 0 })
        await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject))
        await client.endAsync()
      }
    } finally {
      await broker.stop()
    }
  })

  test('what does not hold is refused: by its authority, its name, its dates, its purpose', async () => {
    const stranger = await makeAuthority('Root', { now: truth, days: 30 })
    expect(await refusal(await serve(await pairOf({ by: stranger })))).not.toBe('opened')
    expect(await refusal(await serve(await pairOf({ name: '127.0.0.2' })))).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(await refusal(await serve(await pairOf({ from: truth - 5 * day, days: 2 })))).toBe('CERT_HAS_EXPIRED')
    expect(await refusal(await serve(await pairOf({ from: truth + 5 * day })))).toBe('CERT_NOT_YET_VALID')
    expect(await refusal(await serve(await pairOf({ forClients: true })))).not.toBe('opened')
    expect(await refusal(await serve(await pairOf()))).toBe('opened')
  })

  test('an authority that may sign servers only makes no further authorities', async () => {
    const middle = await makeAuthority('Middle', { now: truth, days: 20, parent: await openAuthority(await authority) })
    const good = await pairOf({ by: middle })
    expect(await refusal(await serve(good, middle.certificate))).toBe('opened')
    const third = await makeAuthority('Third', { now: truth, days: 20, parent: await openAuthority(middle) })
    const above = `${third.certificate}${middle.certificate}`
    expect(await refusal(await serve(await pairOf({ by: third }), above))).not.toBe('opened')
  })

  test('an authority that has ended vouches for nobody', async () => {
    const old = await makeAuthority('Old', { now: truth - 40 * day, days: 30 })
    const port = await serve(await pairOf({ by: old }))
    const opened = openTls({ host: '127.0.0.1', port, ca: old.certificate, time: synced })
    await expect(opened).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' })
  })

  test('a date that a person mistyped shuts nobody out', async () => {
    const port = await serve(await pairOf())
    expect(await refusal(port, { doubtful: true, floor: truth - day, now: Date.UTC(2050, 0, 1) })).toBe('opened')
    expect(await refusal(port, { doubtful: true, floor: truth + 20 * day, now: truth })).toBe('CERT_HAS_EXPIRED')
  })
})
