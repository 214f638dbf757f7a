import { createMqttConnection } from '../appliance/base/broker/mqtt-connection.ts'
import { nextTickAt } from '../appliance/relay/sender.ts'
import { createSenderShell, type UpKind } from '../appliance/relay/sender-shell.ts'
import { packFrame, unpackFrame } from '../appliance/wire/frame.ts'
import { type Batch, type Command, validators } from '../appliance/wire/messages.ts'
import { rollCallTopic, villageTopics } from '../appliance/wire/topics.ts'
import { sabotages } from '../bench/simulate/sabotage.ts'
import { quiet } from './hub-parts.ts'
import { furnish, openTestBox } from './test-box.ts'

/* Boxes that are each wrong in one way, behind a real broker: what somebody's own could be. For tests only. */

export const boxFaults = [
  'moves its cursor on PUBACK',
  'reuses a session',
  'sends unverified entries',
  'carries out a retained command',
] as const
export type BoxFault = (typeof boxFaults)[number]

/** The shipping sender over a journal of its own, and a line that is wrong. */
export async function startWrongBox(
  url: string,
  { village, hubKey, wrong }: { village: string; hubKey: string; wrong: BoxFault },
) {
  const box = await openTestBox({ village, hubKey })
  const { services } = await furnish(box)
  // More than a batch holds, so that there is something to go on with.
  for (let n = 0; n < 700; n++) box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  const topics = villageTopics(village)
  const filters = [topics.ack, topics.chunk, topics.command, rollCallTopic].map((topic) => ({ topic, qos: 1 as const }))
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const sending = (kind: UpKind, payload: Buffer): Buffer => {
    if (wrong !== 'sends unverified entries' || kind !== 'up') return payload
    const batch = unpackFrame(payload) as Batch
    const [first, ...rest] = batch.entries
    if (!first) return payload
    return packFrame({ ...batch, entries: [{ ...first, at: first.at + 1 }, ...rest] })
  }
  const shell = createSenderShell({
    ...{ store: box.store, journal: box.journal, identity: box.identity, hubKey, bytesPerHour: null },
    ...{ mostBytes: 64 * 1024, monotonicMs: () => performance.now(), random: Math.random, log: quiet },
    connect: () => link.connect(url),
    disconnect: () => link.drop(),
    publish(kind, payload) {
      link.publish(topics[kind], sending(kind, payload))
      // The PUBACK, as far as it matters here.
      setTimeout(() => uplink.take({ kind: 'tick' }), 50)
    },
    onHubTime() {},
    onConnected() {},
    onDamage() {},
    onOtherPast() {},
    onStep: plan,
  })
  const sabotage = sabotages['the cursor is moved by a PUBACK'].uplink ?? ((honest) => honest)
  const uplink = wrong === 'moves its cursor on PUBACK' ? sabotage(shell, { ...box, db: box.store.db }) : shell

  function plan(): void {
    clearTimeout(timer)
    const at = nextTickAt(shell.state())
    if (at !== null && !stopped)
      timer = setTimeout(() => uplink.take({ kind: 'tick' }), Math.max(0, at - performance.now()))
  }

  const link = createMqttConnection(
    { brokers: () => [url], clientId: village, credentials: () => ({}), time: box.clock.belief },
    filters,
    () => ({ topic: topics.presence, payload: Buffer.from('{}') }),
    {
      connected: (session) =>
        uplink.take({ kind: 'connected', session: wrong === 'reuses a session' ? 's'.repeat(16) : session }),
      closed: (trouble) => {
        if (!stopped) uplink.take({ kind: 'closed', trouble })
      },
      message(topic, payload, retained) {
        if (payload.length === 0) return
        const message = unpackFrame(payload)
        if (topic === topics.ack) uplink.readAck(message)
        if (topic === rollCallTopic && validators.rollCall.Check(message))
          uplink.take({ kind: 'roll-call', spread: 0, all: true })
        if (topic === topics.command && (!retained || wrong === 'carries out a retained command'))
          box.commands.take(message as Command)
      },
    },
  )
  const unlisten = box.journal.onRing(() => uplink.take({ kind: 'rang-unread' } as never))
  uplink.take({ kind: 'tick' })
  return {
    async stop(): Promise<void> {
      stopped = true
      unlisten()
      clearTimeout(timer)
      await link.close()
      await box.remove()
    },
  }
}
