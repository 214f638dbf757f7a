import type { FastifyBaseLogger } from 'fastify'
import type { Alarms } from '../base/alarms.ts'
import { createConnection } from '../base/broker/connection.ts'
import type { Identity } from '../base/broker/identity.ts'
import type { LastWord } from '../base/broker/last-word.ts'
import type { LinkTrouble } from '../base/broker/link-trouble.ts'
import type { BrokerSettings } from '../base/broker/mqtt-connection.ts'
import type { Clock } from '../base/clock.ts'
import type { Journal } from '../base/journal/journal.ts'
import { isDiskFailure } from '../base/store/failures.ts'
import type { Store } from '../base/store/store.ts'
import { packFrame, unpackFrame } from '../wire/frame.ts'
import {
  type Chunk,
  type Command,
  type Health as HealthMessage,
  limits,
  type Receipt,
  validators,
} from '../wire/messages.ts'
import { openParts, type PartOpener } from '../wire/private-parts.ts'
import { rollCallTopic, villageTopics } from '../wire/topics.ts'
import { createBrokers } from './brokers.ts'
import { createDownlink, type DatasetFetcher, type FileFetcher } from './downlink.ts'
import { createFileUplink, type FileSource } from './file-uplink.ts'
import { createLineAlarms } from './line-alarms.ts'
import { alarmsToSay } from './said-alarms.ts'
import { nextTickAt } from './sender.ts'
import { createSenderShell } from './sender-shell.ts'
import { backlogOf, type Input } from './sender-state.ts'
import { times } from './timing.ts'
import { type TrialOutcome, tryBroker } from './try-broker.ts'
import type { RelayDetail, RelayView } from './views.ts'

/** What the relay says about the box each minute; session, backlog and alarms it adds itself. */
export type HealthFacts = Omit<HealthMessage, 'session' | 'backlog_entries' | 'alarms'>

export type Relay = ReturnType<typeof createRelay>

/** Keeps the certificates of an enrolled box alive; what it asks for travels over the relay’s line. */
export type CertificateKeeper = {
  /** The broker let in what the box showed last. */
  connected(): void
  /** It did not. */
  refused(trouble: LinkTrouble): void
  /** What should be asked now in this session, or null. */
  due(session: string): Promise<Buffer | null>
  /** What came on `renewed`. */
  answered(payload: Buffer): void
}

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  alarms: Alarms
  log: FastifyBaseLogger
  identity: Identity
  version: string
  /** Ed25519 key by which the regency signs history; null: none is taken. */
  hubKey: string | null
  /** Null where balai.toml names the certificate, or there is none. */
  certificates: CertificateKeeper | null
  /** Null: none are fetched. */
  datasets: DatasetFetcher | null
  files: FileFetcher | null
  /** Files for the regency; without it none go. */
  uploads?: FileSource
  /** Opens private parts that come with history; null while the village's secret key is not here. */
  opener?: () => Promise<PartOpener | null>
  /** What the regency asks of this box; not before the history that this session's hello asked for is in (SYNC-018). */
  onCommand: (command: Command) => void
  health: () => HealthFacts
  /** What the pages show of the line is other now. */
  onChange: () => void
  /** The regency has said the time. */
  onTime: () => void
}

/** So long the broker has to take the last word. */
const lastWordMs = 10_000

/** The shell around the sender: MQTT, the journal's rows, timers. It moves entries and knows nothing of tickets. */
export function createRelay(settings: BrokerSettings | null, parts: Parts) {
  const { store, journal, clock, alarms, log, identity, version, certificates, onChange, onTime } = parts
  const topics = villageTopics(journal.village)
  const selectAt = store.db
    .prepare<{ epoch: string; seq: number }, number>(
      'SELECT at FROM place JOIN entry USING (row) WHERE epoch = @epoch AND seq = @seq',
    )
    .pluck()

  let sentAsOf: number | null = null
  let roundTripMs: number | null = null
  let timer: NodeJS.Timeout | null = null
  let healthTimer: NodeJS.Timeout | null = null
  let stopped = true
  let lineIsKept = false
  let asking: Promise<void> = Promise.resolve()
  let opening: Promise<void> = Promise.resolve()
  const whoWaits = new Set<() => void>()
  const lineAlarms = createLineAlarms({ alarms, journal })
  /** What `onChange` told last. */
  let toldShown = ''

  const will = (session: string) => ({
    topic: topics.presence,
    payload: plainJson({ state: 'lost', session, box: identity.box, version }),
  })
  const link =
    settings &&
    createConnection(
      settings,
      [
        ...[topics.ack, topics.chunk, topics.data, topics.command, rollCallTopic, topics.presence],
        ...(certificates ? [topics.renewed] : []),
      ].map((topic) => ({ topic, qos: 1 as const })),
      will,
      {
        connected(session) {
          brokers?.connected()
          log.info({ broker: brokers?.view().url }, 'connected to the broker')
          tellCertificates((keeper) => keeper.connected())
          take({ kind: 'connected', session })
        },
        closed(trouble, error) {
          if (!stopped)
            log.warn({ broker: brokers?.view().url, trouble, cause: error?.message }, 'no connection to the broker')
          if (uplink.state().link === 'connecting') brokers?.failed(trouble)
          if (isRefused(trouble)) tellCertificates((keeper) => keeper.refused(trouble))
          take({ kind: 'closed', trouble })
        },
        message: read,
      },
    )

  const uplink = createSenderShell({
    store,
    journal,
    identity,
    hubKey: parts.hubKey,
    bytesPerHour: settings?.bytesPerHour ?? null,
    mostBytes: Math.min(limits.batchWireBytes, settings?.mostPayloadBytes ?? limits.batchWireBytes),
    monotonicMs: clock.monotonicMs,
    random: Math.random,
    log,
    connect: () => brokers?.open(),
    disconnect: () => link?.drop(),
    publish: (kind, payload) => link?.publish(topics[kind], payload),
    onHubTime(now) {
      const asked = uplink.state().hello ?? uplink.state().open[0]
      roundTripMs = asked ? Math.round(clock.monotonicMs() - asked.sentAt) : roundTripMs
      clock.syncWithHub(now)
      onTime()
    },
    onConnected: () => announce(),
    onStep,
    onDamage: lineAlarms.lookAtJournal,
    onOtherPast: lineAlarms.otherPastMet,
  })

  const brokers =
    settings &&
    createBrokers({
      urls: settings.brokers,
      monotonicMs: clock.monotonicMs,
      connect: (url) => link?.connect(url),
      reconnect: () => take({ kind: 'new-credentials' }),
      tryOut: (url, command) =>
        tryBroker({
          ...{ settings, url, village: journal.village, topics, will, hello: uplink.helloOf },
          proof: command === null ? null : { command, hubKey: parts.hubKey ?? '' },
        }),
    })

  const downlink = createDownlink({
    ...{ log, datasets: parts.datasets, files: parts.files, onCommand: parts.onCommand },
    ...{ state: uplink.state, hasHistory: uplink.hasHistory },
    publishWant: (question) => link?.publish(topics.want, question),
    after,
  })

  const fileUplink =
    parts.uploads &&
    createFileUplink({
      ...{ source: parts.uploads, village: journal.village, key: identity.key },
      ...{ state: uplink.state, monotonicMs: clock.monotonicMs },
      publish: (payload) => link?.publish(topics.up, payload),
      spent: (bytes) => take({ kind: 'file-sent', bytes }),
      after,
    })

  function after(ms: number, work: () => void): void {
    setTimeout(() => {
      if (!stopped) unlessDiskFails(work)
    }, ms).unref()
  }

  function take(input: Input): void {
    if (!stopped) uplink.take(input)
  }

  function onStep(input: Input): void {
    if (input.kind === 'batch-ack') lineAlarms.batchAnswered(input.ack.refused?.code)
    if (input.kind === 'hello-ack') unlessDiskFails(publishHealth) // a hub that was not there before knows how it goes here
    unlessDiskFails(watchNumbers)
    downlink.noteStep(input)
    if (input.kind !== 'file-sent') unlessDiskFails(() => fileUplink?.look())
    for (const look of whoWaits) look()
    if (input.kind !== 'tick' && input.kind !== 'rang') unlessDiskFails(watch)
    plan()
  }

  /** What a failing disk refuses here is looked at again at the next input, and each minute; the timers go on. */
  function unlessDiskFails(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!isDiskFailure(error)) throw error
      log.error({ cause: (error as Error).message }, 'the disk failed beside the line to the regency')
    }
  }

  /** Rules 10 and 12: numbers wait for the regency's history, and stop where another box is the village's. */
  function watchNumbers(): void {
    const { isOwner } = uplink.state()
    if (isOwner !== null) journal.setForeignOwner(!isOwner)
    const isHeld = journal.numbersHeld('tickets') ?? journal.numbersHeld('letters')
    if (isOwner && uplink.hasHistory() && isHeld) store.write((tx) => journal.releaseNumbers(tx))
  }

  function read(topic: string, payload: Buffer, retained: boolean): void {
    try {
      if (topic === topics.ack && !retained) readAck(payload)
      else if (topic === topics.chunk && !retained) readChunk(payload)
      else if (topic === topics.data && !retained) downlink.readManifest(payload)
      else if (topic === topics.command) downlink.readCommand(payload, retained)
      else if (topic === topics.renewed && !retained) certificates?.answered(payload)
      else if (topic === rollCallTopic && !retained) readRollCall(unpackFrame(payload))
      else if (topic === topics.presence && payload.length > 0) readPresence(unpackFrame(payload))
    } catch (error) {
      log.warn({ topic, cause: (error as Error).message }, 'a message of the broker was not understood')
    }
  }

  /** Of a hello, a batch, or bytes of a file. */
  function readAck(payload: Buffer): void {
    const message = unpackFrame(payload)
    if (validators.filePutAck.Check(message)) unlessDiskFails(() => fileUplink?.takeAck(message))
    else uplink.readAck(message)
  }

  /** History, or bytes of a dataset or a file. Throws TypeError for what is neither. */
  function readChunk(payload: Buffer): void {
    const message = unpackFrame(payload, limits.unpackedBytes, limits.chunkJsonDepth)
    if (validators.chunk.Check(message)) takeHistory(message)
    else if (validators.datasetChunk.Check(message)) downlink.takeChunk(message)
    else if (validators.fileChunk.Check(message)) downlink.takeFileChunk(message)
    else throw new TypeError('Neither history nor bytes of a dataset or a file.')
  }

  /** What can be opened of the private parts is opened first: then rooms fold it with the rest. */
  function takeHistory(chunk: Chunk): void {
    const { sealed } = chunk
    if (!sealed) {
      uplink.takeChunk(chunk)
      return
    }
    opening = opening
      .then(async () => {
        const open = (await parts.opener?.()) ?? null
        const texts = open ? await openParts(sealed, open) : undefined
        if (!stopped) uplink.takeChunk(chunk, texts)
      })
      .catch((error) => log.error({ err: error }, 'history with private parts could not be taken'))
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
    const { session } = uplink.state()
    link?.publish(topics.presence, plainJson({ state: 'online', session, box: identity.box, version }), {
      retain: true,
    })
    unlessDiskFails(publishHealth)
    askCertificates()
  }

  /** What the keeper of the certificates cannot do now (a full disk) is said and tried again; entries go on. */
  function askCertificates(): void {
    const { session } = uplink.state()
    if (!session) return
    asking = Promise.resolve(certificates?.due(session) ?? null).then((request) => {
      if (request && uplink.state().session === session) link?.publish(topics.renew, request)
    }, certificatesFailed)
  }

  const certificatesFailed = (error: unknown) => log.error({ err: error }, 'the certificates could not be kept')

  function tellCertificates(tell: (keeper: CertificateKeeper) => void): void {
    try {
      if (certificates) tell(certificates)
    } catch (error) {
      certificatesFailed(error)
    }
  }

  function publishHealth(): void {
    const state = uplink.state()
    if (state.link !== 'up' || !state.session) return
    const message = {
      ...parts.health(),
      session: state.session,
      backlog_entries: backlogOf(state),
      alarms: alarmsToSay(alarms.list()),
    } satisfies HealthMessage
    link?.publish(topics.health, plainJson(message), { qos: 0 })
  }

  function watch(): void {
    const state = uplink.state()
    if (state.ready && backlogOf(state) === 0) sentAsOf = clock.read().at
    const { url, first } = brokers?.view() ?? { url: '', first: '' }
    lineAlarms.look(state, clock.monotonicMs(), { url, first })
    const shown = [lineState(), url, state.trouble, state.ready, backlogOf(state)].join(' ')
    if (shown === toldShown) return
    toldShown = shown
    onChange()
  }

  function plan(): void {
    if (timer) clearTimeout(timer)
    const at = nextTickAt(uplink.state())
    timer =
      at === null ? null : setTimeout(() => take({ kind: 'tick' }), Math.max(0, Math.ceil(at - clock.monotonicMs())))
    timer?.unref()
  }

  function lineState(): RelayView['state'] {
    const { trouble, link: line } = uplink.state()
    if (link === null) return 'off'
    if (isRefused(trouble) || trouble === 'subscribe-refused' || trouble === 'foreign-box') return 'refused'
    return line === 'up' ? 'connected' : 'offline'
  }

  function view(): RelayView {
    const state = uplink.state()
    const waiting = backlogOf(state)
    const oldest = state.epochs.find((epoch) => epoch.acked < epoch.last)
    return {
      state: lineState(),
      waiting,
      sentAsOf: waiting === 0 && state.ready ? clock.read().at : sentAsOf,
      oldestAt: oldest ? (selectAt.get({ epoch: oldest.epoch, seq: oldest.acked + 1 }) ?? null) : null,
    }
  }

  const unlisten = journal.onRing(() => {
    if (!stopped) uplink.ring()
  })

  const isSent = ({ epoch, seq }: { epoch: string; seq: number }) =>
    uplink.state().epochs.some((one) => one.epoch === epoch && one.acked >= seq)

  return {
    view,
    /** Waits until the regency has confirmed an entry; false when it has not within that time. */
    whenSent: (place: { epoch: string; seq: number }, withinMs: number): Promise<boolean> =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timeout)
          whoWaits.delete(look)
          resolve(isSent(place))
        }
        const look = () => {
          if (isSent(place) || stopped) end()
        }
        const timeout = setTimeout(end, withinMs)
        whoWaits.add(look)
        look()
      }),
    /**
     * How much of the village's past is here, and how much the regency is known to have behind it. A box that is not the
     * village's gets none of it.
     */
    history(): { here: number; missing: number; whole: boolean; isOwner: boolean | null } {
      const { epochs, missing, isOwner } = uplink.state()
      const ends = new Map(epochs.map(({ epoch, last }) => [epoch, last]))
      return {
        here: epochs.reduce((sum, { last }) => sum + last, 0),
        missing: missing.reduce((sum, { epoch, until }) => sum + Math.max(0, until - (ends.get(epoch) ?? 0)), 0),
        whole: uplink.hasHistory() && isOwner === true,
        isOwner,
      }
    },
    /** Verifies the whole journal and cuts what does not hold; the sender begins anew. */
    cutDamage: uplink.cutDamage,
    /** What the regency has not confirmed, as a stick carries it (SYNC-024); the key of its hub, without which nothing goes. */
    collect: () => uplink.collect(parts.uploads ?? null),
    /** Answers how many entries and files it has confirmed. */
    takeReceipt({ epochs, files = [] }: Pick<Receipt, 'epochs' | 'files'>): { entries: number; files: number } {
      const arrived = parts.uploads?.waiting().filter(({ file }) => files.includes(file)) ?? []
      for (const { file } of arrived) parts.uploads?.arrived(file)
      return { entries: uplink.takeReceipt(epochs), files: arrived.length }
    },
    /** Files that wait for the line, or a stick. */
    filesWaiting: (): number => parts.uploads?.waiting().length ?? 0,
    hubKey: parts.hubKey,
    /** Something may be there to fetch that was not. */
    fetch: downlink.askForMore,
    /** Says presence and health again, now. */
    announce(): void {
      if (uplink.state().link === 'up') announce()
    },
    /** Whether the regency's hub answers at another broker; `command`: by which it asks for that. The line goes on. */
    async tryBroker(url: string, command: string): Promise<TrialOutcome> {
      if (!brokers) return 'offline'
      const isThere = uplink.state().link === 'up' && uplink.state().ready && brokers.view().url === url
      return isThere ? null : brokers.tryNow(url, command)
    },
    /** The list of brokers is another one. */
    newBrokers: () => brokers?.begin(),
    technicianView: (): RelayDetail => {
      const { epoch, seq } = journal.head()
      const { url, first, why } = brokers?.view() ?? { url: null, first: null, why: null }
      return {
        ...view(),
        broker: url,
        fallback: url === null || url === first ? null : { first, why },
        reason: uplink.state().trouble,
        roundTripMs,
        epoch,
        seq,
      }
    },
    start(): void {
      if (!link) return
      stopped = false
      uplink.ring() // what was written while the box was opening goes too
      healthTimer = setInterval(() => {
        unlessDiskFails(watchNumbers)
        unlessDiskFails(watch)
        unlessDiskFails(publishHealth)
        askCertificates()
        downlink.askForMore()
        unlessDiskFails(() => fileUplink?.look())
        if (uplink.state().link === 'up') void brokers?.look()
      }, times.healthMs)
      healthTimer.unref()
    },
    /** What stops from here on leaves its line open for one more word: that this box has erased itself. */
    keepLine(): LastWord {
      const { session } = uplink.state()
      lineIsKept = true
      return {
        async say() {
          const payload = plainJson({ state: 'wiped', session, box: identity.box, version })
          const said = session !== null && (await link?.publishSurely(topics.presence, payload, lastWordMs)) === true
          await link?.close()
          return said
        },
      }
    },
    /** What the box shows to the broker has changed. */
    newCredentials: () => take({ kind: 'new-credentials' }),
    async stop(): Promise<void> {
      unlisten()
      if (timer) clearTimeout(timer)
      if (healthTimer) clearInterval(healthTimer)
      const { link: line, session } = uplink.state()
      if (line === 'up' && !lineIsKept) {
        link?.publish(topics.presence, packFrame({ state: 'lost', session, box: identity.box, version }), {
          retain: true,
        })
      }
      stopped = true
      uplink.storeCursors()
      for (const look of whoWaits) look()
      await asking
      await opening
      await brokers?.stop()
      if (!lineIsKept) await link?.close()
    },
  }
}

/** Whether the broker did not want what the box showed. */
const isRefused = (trouble: string | null): boolean =>
  trouble === 'connect-refused' || trouble === 'certificate-revoked' || trouble === 'certificate-ended'

/** Presence and health stay readable for whoever listens at the broker with common tools. */
const plainJson = (message: unknown): Buffer => Buffer.from(JSON.stringify(message))
