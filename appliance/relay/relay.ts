import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Alarms } from '../health/alarms.ts'
import type { Journal } from '../journal/journal.ts'
import type { RelayView, TechnicianView } from '../queue/views.ts'
import type { Store } from '../store/store.ts'
import { hash8, markPlaces } from '../wire/chain.ts'
import { packFrame, unpackFrame } from '../wire/frame.ts'
import { epochStart } from '../wire/hash.ts'
import { type Health as HealthMessage, limits, validators } from '../wire/messages.ts'
import { rollCallTopic, villageTopics } from '../wire/topics.ts'
import { buildBatch } from './batch.ts'
import type { Identity } from './identity.ts'
import { type BrokerSettings, createLink } from './link.ts'
import { backlogOf, type Effect, type Input, initialState, nextTickAt, step } from './sender.ts'
import { times } from './timing.ts'

/** What the relay says about the box each minute; session, backlog and alarms it adds itself. */
export type HealthFacts = Omit<HealthMessage, 'session' | 'backlog_entries' | 'alarms'>

export type Relay = ReturnType<typeof createRelay>

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  alarms: Alarms
  log: FastifyBaseLogger
  identity: Identity
  version: string
  health: () => HealthFacts
  onChange: () => void
}

/** The shell around the sender: MQTT, the journal's rows, timers. It moves entries and knows nothing of tickets. */
export function createRelay(settings: BrokerSettings | null, parts: Parts) {
  const { store, journal, clock, alarms, log, identity, version, onChange } = parts
  const topics = villageTopics(journal.village)
  const selectCursor = store.db
    .prepare<{ epoch: string }, number>('SELECT seq FROM cursor WHERE epoch = @epoch')
    .pluck()
  const upsertCursor = store.db.prepare(
    'INSERT INTO cursor (epoch, seq) VALUES (@epoch, @seq) ON CONFLICT (epoch) DO UPDATE SET seq = excluded.seq',
  )
  const selectAt = store.db
    .prepare<{ epoch: string; seq: number }, number>(
      'SELECT at FROM place JOIN entry USING (row) WHERE epoch = @epoch AND seq = @seq',
    )
    .pluck()

  const progress = () =>
    journal
      .epochs()
      .map((epoch) => ({ epoch, last: journal.last(epoch)?.seq ?? 0, acked: selectCursor.get({ epoch }) ?? 0 }))
  let state = initialState(progress())
  let sentAsOf: number | null = null
  let roundTripMs: number | null = null
  let timer: NodeJS.Timeout | null = null
  let healthTimer: NodeJS.Timeout | null = null
  let stopped = true

  const link =
    settings &&
    createLink(
      settings,
      [topics.ack, rollCallTopic, topics.presence].map((topic) => ({ topic, qos: 1 as const })),
      (session) => ({
        topic: topics.presence,
        payload: plainJson({ state: 'lost', session, box: identity.box, version }),
      }),
      {
        connected(session) {
          log.info({ broker: addressOf(settings.url) }, 'connected to the broker')
          take({ kind: 'connected', session })
        },
        closed(trouble, error) {
          if (!stopped) log.warn({ trouble, cause: error?.message }, 'no connection to the broker')
          take({ kind: 'closed', trouble })
        },
        message: read,
      },
    )

  /** Feeds the sender and does what it says. */
  function take(input: Input): void {
    if (stopped) return
    const before = state.link
    const next = step(state, input, clock.monotonicMs(), Math.random)
    state = next.state
    if (before !== 'up' && state.link === 'up') announce()
    for (const effect of next.effects) perform(effect)
    if (input.kind !== 'tick' && input.kind !== 'rang') watch()
    plan()
  }

  function perform(effect: Effect): void {
    switch (effect.kind) {
      case 'connect':
        link?.connect()
        break
      case 'disconnect':
        link?.drop()
        break
      case 'store-cursor':
        store.write(() => upsertCursor.run({ epoch: effect.epoch, seq: effect.seq }))
        break
      case 'send-hello':
        sendHello(effect.n)
        break
      case 'send-batch':
        sendBatch(effect)
        break
    }
  }

  function sendHello(n: number): void {
    const epochs = journal.epochs().map((epoch) => {
      const last = journal.last(epoch)?.seq ?? 0
      const marks = markPlaces(last).map((seq) => [seq, hash8(ownHash(epoch, seq) ?? Buffer.alloc(8))])
      return { epoch, last, marks }
    })
    link?.publish(
      topics.hello,
      packFrame({ session: state.session, n, box: identity.box, key: identity.publicKey, epochs }),
    )
  }

  function sendBatch({ n, epoch, from, maxBytes }: Effect & { kind: 'send-batch' }): void {
    const { session } = state
    if (!session) return
    const entries = journal.readBehind(epoch, from, limits.batchEntries)
    const after = from === 0 ? agreedBefore(epoch) : undefined
    const { payload, last } = buildBatch(
      { village: journal.village, session, n, epoch, ...(after ? { after } : {}) },
      entries,
      maxBytes,
      identity,
    )
    link?.publish(topics.up, payload)
    take({ kind: 'batch-built', n, last })
  }

  /** What box and hub agree on in the epochs before this one. */
  function agreedBefore(epoch: string): [string, number, string][] | undefined {
    const before = state.epochs.slice(
      0,
      state.epochs.findIndex((one) => one.epoch === epoch),
    )
    if (before.length === 0) return undefined
    return before.map((one) => [
      one.epoch,
      one.acked,
      (ownHash(one.epoch, one.acked) ?? Buffer.alloc(32)).toString('base64url'),
    ])
  }

  const ownHash = (epoch: string, seq: number): Buffer | null =>
    seq === 0 ? epochStart(journal.village, epoch) : journal.hashAt(epoch, seq)
  const ownHashText = (epoch: string, seq: number): string | null => ownHash(epoch, seq)?.toString('base64url') ?? null

  function read(topic: string, payload: Buffer, retained: boolean): void {
    try {
      if (topic === topics.ack && !retained) readAck(unpackFrame(payload))
      else if (topic === rollCallTopic && !retained) readRollCall(unpackFrame(payload))
      else if (topic === topics.presence && payload.length > 0) readPresence(unpackFrame(payload))
    } catch (error) {
      log.warn({ topic, cause: (error as Error).message }, 'a message of the broker was not understood')
    }
  }

  function readAck(message: unknown): void {
    const asked = state.hello ?? state.open[0]
    if (validators.helloAck.Check(message)) {
      if (message.session !== state.session) return
      clock.syncWithHub(message.now)
      roundTripMs = asked ? Math.round(clock.monotonicMs() - asked.sentAt) : roundTripMs
      take({
        kind: 'hello-ack',
        ack: message,
        own: new Map(message.epochs.map(({ epoch, seq }) => [epoch, ownHashText(epoch, seq)])),
      })
      publishHealth() // a hub that was not there before knows how it goes here
    } else if (validators.batchAck.Check(message)) {
      if (message.session !== state.session) return
      clock.syncWithHub(message.now)
      if (message.refused) log.error({ epoch: message.epoch, ...message.refused }, 'the hub refused a batch')
      take({ kind: 'batch-ack', ack: message, own: ownHashText(message.epoch, message.seq) })
    } else throw new TypeError('Neither a hello’s answer nor a batch’s.')
  }

  function readRollCall(message: unknown): void {
    if (validators.rollCall.Check(message)) take({ kind: 'roll-call', spread: message.spread, all: message.all })
  }

  /** Another box with this village’s identity: both would cut each other off for ever (F12). A `lost` proves nothing. */
  function readPresence(message: unknown): void {
    if (!validators.presence.Check(message)) return
    const foreign = message.state === 'online' && message.box !== identity.box
    if (foreign) take({ kind: 'foreign-box' })
    alarms.set('relay.foreign-box', foreign)
  }

  /** On connecting, before anything else: live state is never behind a backlog. */
  function announce(): void {
    const { session } = state
    link?.publish(topics.presence, plainJson({ state: 'online', session, box: identity.box, version }), {
      retain: true,
    })
    publishHealth()
  }

  function publishHealth(): void {
    if (state.link !== 'up' || !state.session) return
    const message = {
      ...parts.health(),
      session: state.session,
      backlog_entries: backlogOf(state),
      alarms: alarms.list().map(({ code, since }) => ({ code, since })),
    } satisfies HealthMessage
    link?.publish(topics.health, plainJson(message), { qos: 0 })
  }

  function watch(): void {
    const now = clock.monotonicMs()
    if (state.ready && backlogOf(state) === 0) sentAsOf = clock.read().at
    alarms.set(
      'relay.backlog-stuck',
      state.stuckSince !== null && now - state.stuckSince >= times.stuckMs,
      state.link === 'up' ? 'action' : 'warning',
    )
    alarms.set('relay.refused-connection', state.trouble === 'connect-refused')
    alarms.set('relay.refused-subscription', state.trouble === 'subscribe-refused')
    alarms.set(
      'relay.other-past',
      state.epochs.some((epoch) => epoch.stopped === 'other-past'),
    )
    alarms.set(
      'relay.batch-refused',
      state.epochs.some((epoch) => epoch.stopped === 'refused' || epoch.stopped === 'not-taken'),
    )
    onChange()
  }

  function plan(): void {
    if (timer) clearTimeout(timer)
    const at = nextTickAt(state)
    timer =
      at === null ? null : setTimeout(() => take({ kind: 'tick' }), Math.max(0, Math.ceil(at - clock.monotonicMs())))
    timer?.unref()
  }

  function view(): RelayView {
    const waiting = backlogOf(state)
    const oldest = state.epochs.find((epoch) => epoch.acked < epoch.last)
    const refused =
      state.trouble === 'connect-refused' || state.trouble === 'subscribe-refused' || state.trouble === 'foreign-box'
    return {
      state: link === null ? 'off' : refused ? 'refused' : state.link === 'up' ? 'connected' : 'offline',
      waiting,
      sentAsOf: waiting === 0 && state.ready ? clock.read().at : sentAsOf,
      oldestAt: oldest ? (selectAt.get({ epoch: oldest.epoch, seq: oldest.acked + 1 }) ?? null) : null,
    }
  }

  const unlisten = journal.onRing(() => {
    if (!stopped) take({ kind: 'rang', epochs: progress() })
  })

  return {
    view,
    technicianView: (): TechnicianView['relay'] => {
      const { epoch, seq } = journal.head()
      return { ...view(), broker: settings && addressOf(settings.url), reason: state.trouble, roundTripMs, epoch, seq }
    },
    start(): void {
      if (!link) return
      stopped = false
      take({ kind: 'rang', epochs: progress() }) // what was written while the box was opening goes too
      healthTimer = setInterval(() => {
        watch()
        publishHealth()
      }, times.healthMs)
      healthTimer.unref()
    },
    async stop(): Promise<void> {
      unlisten()
      if (timer) clearTimeout(timer)
      if (healthTimer) clearInterval(healthTimer)
      if (state.link === 'up') {
        link?.publish(
          topics.presence,
          packFrame({ state: 'lost', session: state.session, box: identity.box, version }),
          { retain: true },
        )
      }
      stopped = true
      await link?.close()
    },
  }
}

/** The broker's address without credentials. */
const addressOf = (url: string): string => {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

/** Presence and health stay readable for whoever listens at the broker with common tools. */
const plainJson = (message: unknown): Buffer => Buffer.from(JSON.stringify(message))
