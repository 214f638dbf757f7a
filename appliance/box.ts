import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { backupFolder, keepNewest } from './backup/files.ts'
import { createNightly } from './backup/nightly.ts'
import { openRecovery, readRecoveryState } from './backup/recovery.ts'
import { createAlarms } from './base/alarms.ts'
import { brokerSettings } from './base/broker/broker-settings.ts'
import { openIdentity } from './base/broker/identity.ts'
import { createClock, type SystemClock, systemClock, zoneOffsetMs } from './base/clock.ts'
import { createJournal, type Hardware } from './base/journal/journal.ts'
import { startLooks } from './base/looks.ts'
import { openCatalogues } from './base/messages/catalogues.ts'
import { type OnClose, openInOrder } from './base/open-in-order.ts'
import { databasePath, lockFolder } from './base/store/folder.ts'
import { openStore } from './base/store/store.ts'
import { version } from './base/version.ts'
import { isLoopbackAddress } from './base/web/budgets.ts'
import { followNetwork } from './base/web/lan-network.ts'
import { listenHttp, listenHttps } from './base/web/listen.ts'
import { createLive } from './base/web/live.ts'
import { createNeighbours } from './base/web/neighbours.ts'
import type { Office } from './base/web/office-view.ts'
import { createMayStill, createResolveCaller } from './base/web/resolve-caller.ts'
import { createSessionTable } from './base/web/session-table.ts'
import { createSessions } from './base/web/sessions.ts'
import { createPages } from './box-pages.ts'
import type { BoxConfig } from './config.ts'
import { createDevices } from './devices/devices.ts'
import { createCertificates, type EnrolmentState } from './enrolment/certificates.ts'
import type { FileTrouble } from './enrolment/find-file.ts'
import { identityFile, openMembership } from './enrolment/membership.ts'
import { takeOverOffice } from './enrolment/move-office.ts'
import { createEstimateSource } from './estimate/inputs.ts'
import { createWaits } from './estimate/newest.ts'
import { startEstimates } from './estimate/worker.ts'
import { startHealth } from './health/health.ts'
import { healthFacts } from './health/health-message.ts'
import { readHardware } from './health/readings.ts'
import { createNetwork } from './network/network.ts'
import { stateFolder } from './network/request-files.ts'
import { createPeople } from './people/people.ts'
import { createSetupCode } from './people/setup-code.ts'
import { createPaper } from './print/paper.ts'
import { officeRules } from './print/printer-places.ts'
import { allProjections } from './projections.ts'
import { createQueue } from './queue/queue.ts'
import { createRelay } from './relay/relay.ts'
import { createPdfPress } from './reports/pdf.ts'
import { createReports } from './reports/reports.ts'
import { createQueueViews } from './screens/screens.ts'
import { createVoice } from './voice/voice.ts'

export type Box = Awaited<ReturnType<typeof openBox>>

export type BoxSurroundings = {
  log: FastifyBaseLogger
  /** A test's clock; the machine's own otherwise. */
  system?: SystemClock
  hardware?: Hardware
  /** Where systemd’s side says how a change of the network goes; a test’s folder. */
  networkFolder?: string
  /** The box’s address in its own Wi-Fi, and what visitors get there; a test’s own. */
  visitors?: { address: string; url: string }
  /** The kernel's table of network neighbours; a test's own. */
  arpFile?: string
  /** Where the enrolment file was found that this start took. */
  enrolmentPath?: string | null
  /** Why the enrolment file that lies there was not taken. */
  fileTrouble?: FileTrouble | null
  /** The journal that this office had under its old code. */
  oldJournal?: string | null
  /** Called while work goes on that takes long in one piece, for who watches over the process. */
  onProgress?: () => void
  /** The demo: a port that is taken is replaced by a free one. */
  otherPorts?: boolean
  /** A newer enrolment file was brought: the box has to be opened anew. */
  onNewFile?: () => void
}

/** Opens a whole box in order and returns what closes it in reverse. Tests and the demo start this same box. */
export const openBox = (config: BoxConfig, surroundings: BoxSurroundings) =>
  openInOrder((onClose) => openParts(config, surroundings, onClose))

async function openParts(config: BoxConfig, surroundings: BoxSurroundings, onClose: OnClose) {
  const { log, system = systemClock, hardware = readHardware() } = surroundings
  mkdirSync(config.data, { recursive: true, mode: 0o700 })

  // One process per data folder: a second one would write numbers that the first does not know.
  onClose(lockFolder(config.data))
  const clock = createClock(system)
  const onListenerFailure = (error: unknown) => log.error({ err: error }, 'who listens to a change failed')
  const alarms = createAlarms(() => clock.read().at, clock.monotonicMs, onListenerFailure)

  // The truth first: nothing else may start on a journal that is damaged, newer, or another village's.
  const store = openStore(databasePath(config.data), clock, onListenerFailure)
  onClose(store.close)
  const journal = createJournal(store, config.village, allProjections(store.db), surroundings.onProgress)
  const trusted = journal.trustedUntil()
  if (trusted) clock.raiseFloor(trusted)
  const membership = config.member && openMembership(config.data, config.member)
  store.mending(() => journal.open(hardware, { reissued: membership?.holdsNumbers() ?? false }))
  membership?.forgetHold()
  if (surroundings.oldJournal) {
    const count = takeOverOffice(store, journal, surroundings.oldJournal)
    if (count > 0) log.info({ count, from: surroundings.oldJournal }, 'the office goes on under its new code')
  }
  const cut = store.mending(journal.cutDamage)
  log.info({ rows: journal.lastRow(), cut }, 'the journal is open')

  // The rooms.
  const setupCode = createSetupCode(config.data)
  const people = createPeople(store, journal, clock, setupCode, (isGuessed) => alarms.set('people.guessed', isGuessed))
  if (people.needsSetup()) setupCode.make()
  const waits = createWaits(clock.monotonicMs)
  const queue = createQueue(store, journal, clock, config.zone, waits)
  const neighbours = createNeighbours(clock.monotonicMs, surroundings.arpFile)
  const devices = createDevices(store, journal, clock.monotonicMs, neighbours)
  // The two-minute lock waits while a person serves somebody.
  const serves = (account: string) =>
    queue.counters().some((counter) => counter.account === account && queue.ticketAt(counter.counter) !== null)
  // By even time: a date that is set right, or wrong, ends no session and makes none longer.
  const sessions = createSessions(createSessionTable(store.db, clock.even()), clock.even, serves)
  const resolveCaller = createResolveCaller({ devices, sessions, accounts: people })
  const identity = openIdentity(config.data, hardware)

  // What people see.
  const office = (): Office => {
    const { at, trust } = clock.read()
    return {
      village: config.village,
      name: config.name,
      district: config.district,
      zone: config.zone,
      now: at,
      clock: trust,
    }
  }
  const live = createLive(
    clock.monotonicMs,
    () => ({ now: clock.read().at, clock: clock.trust() }),
    (error) => log.error({ err: error }, 'a view failed'),
    createMayStill(resolveCaller),
  )
  const health = startHealth({
    machine: {
      folder: config.data,
      recoveryOf: () => readRecoveryState(config.data, config.member?.recovery ?? null),
      certificateFile: config.mqtt?.cert ?? (membership ? identityFile(config.data) : null),
      stickFolder: config.backup_stick,
    },
    store,
    clock,
    alarms,
    onRead: live.changed,
    onScarce: () => keepNewest(backupFolder(config.data), 1),
    onFailure: (error) => log.error({ err: error }, 'reading the machine failed'),
  })
  onClose(health.stop)
  const network = await followNetwork(config, clock, () => membership?.lan() ?? null)
  const certificates =
    membership &&
    createCertificates({
      ...{ membership, identity, clock, alarms, log },
      lanNames: network.lanNames,
      servesLan: network.isServed,
      onLan: () => network.renew(),
      foundAt: surroundings.enrolmentPath ?? null,
    })
  const enrolment = (): EnrolmentState => certificates?.state() ?? { state: 'by-hand', trouble: null, endsAt: null }
  const relay = createRelay(
    config.mqtt && brokerSettings(config.village, config.mqtt, clock, certificates?.credentials),
    {
      store,
      journal,
      clock,
      alarms,
      log,
      identity,
      version,
      hubKey: config.hub_key ?? null,
      certificates: certificates?.keeper ?? null,
      health: () => ({ version, ...healthFacts(queue, health, clock, paper.view()) }),
      onChange: () => {
        health.watchClock()
        live.changed()
      },
    },
  )
  const voice = createVoice({
    store,
    journal,
    alarms,
    recordedFolder: join(config.data, 'voice'),
    localHour: () => {
      const { at } = clock.read()
      return new Date(at + zoneOffsetMs(config.zone, at)).getUTCHours()
    },
    isOpen: live.has,
    displays: () =>
      devices
        .list()
        .map(({ device }) => device)
        .filter((device) => device.startsWith('display:')),
    monotonicMs: clock.monotonicMs,
  })
  onClose(voice.stop)
  const catalogues = openCatalogues()
  const paper = createPaper({
    store,
    journal,
    alarms,
    catalogues,
    office,
    onChange: live.changed,
    monotonicMs: clock.monotonicMs,
    // A box that only this machine reaches (the demo, a bench) has no other network for a printer.
    rules: officeRules({ loopback: isLoopbackAddress(config.lan.host) }),
  })
  onClose(paper.stop)
  const estimates = startEstimates({
    ...createEstimateSource(store.db, queue, clock, config.zone),
    onResult: (newest) => {
      waits.keep(newest)
      live.changed()
    },
    onFailure: (error) => log.error({ err: error }, 'estimating waits failed'),
    monotonicMs: clock.monotonicMs,
  })
  onClose(estimates.stop)
  const views = createQueueViews(queue, office, {
    voice: voice.view,
    printer: paper.view,
    wasSurveyed: queue.wasSurveyed,
    spoken: voice.recordings.services,
    ...waits,
    phoneBase: () => phoneBase(),
    relay: relay.view,
    alarms: alarms.list,
    personName: (account) => people.accounts().find((row) => row.account === account)?.name ?? null,
  })
  const reports = createReports(store.db, queue, office)
  const press = createPdfPress()
  onClose(press.stop)
  const machineNetwork = createNetwork({
    data: config.data,
    stateFolder: surroundings.networkFolder ?? stateFolder,
    alarms,
    log,
  })
  if (config.member) machineNetwork.begin(config.member.network)
  const ports = { http: config.lan.http_port, https: config.lan.https_port }
  const phoneBase = () => `http://${network.address()}${ports.http === 80 ? '' : `:${ports.http}`}`
  const app = await createPages({
    ...{ config, log, clock, store, journal, alarms, health, people, queue, views, devices, voice, paper, catalogues },
    ...{ sessions, resolveCaller },
    ...{ reports, press, relay, identity, live, machineNetwork, office, phoneBase },
    ...(surroundings.visitors ? { visitors: surroundings.visitors } : {}),
    lan: network,
    isEnrolling: () => enrolment().state === 'waiting',
    fileTrouble: surroundings.fileTrouble ?? null,
    httpsPort: () => ports.https,
    onNewFile: surroundings.onNewFile ?? (() => {}),
  })

  let lastCall = queue.lastCallRow()
  journal.onRing(() => {
    live.changed()
    const call = queue.lastCallRow()
    if (call === lastCall) estimates.changed()
    else estimates.called()
    lastCall = call
    voice.hear(() => views.display().calls)
  })
  alarms.onChange(live.changed)
  live.onPage((tag, open) => {
    if (tag.startsWith('display:')) voice.noticeDisplay(tag, open, live.changed)
  })

  onClose(() => app.close())
  const at = (port: number) => ({ host: config.lan.host, port, orAnother: surroundings.otherPorts ?? false })
  const http = await listenHttp(app, at(ports.http))
  const https = await listenHttps(app, at(ports.https), network.certificate())
  onClose(https.close)
  network.onChange(https.replace)
  onClose(live.close)
  ports.http = http.port
  ports.https = https.port

  // The first start makes the pair of a box without a fleet.
  const recipient = async () => (await openRecovery(config.data, config.member?.recovery ?? null)).recipient
  await recipient()
  const nightly = createNightly({
    store,
    journal,
    clock,
    alarms,
    zone: config.zone,
    dataFolder: config.data,
    stickFolder: config.backup_stick,
    recipient,
    verify: relay.cutDamage,
    log,
  })
  const looks = startLooks(
    {
      day: queue.keepDay,
      night: nightly.look,
      lan: network.look,
      network: machineNetwork.look,
      certificates: () => certificates?.look(),
    },
    {
      everyMs: 30_000,
      onFailure: (job, error) => log.error({ err: error, job }, 'a look failed; the next one tries again'),
    },
  )
  onClose(looks.stop)
  // What a look has begun on the line is given up before it is awaited.
  if (certificates) onClose(certificates.stop)
  await looks.look()
  if (certificates) certificates.start(relay)
  else relay.start()
  onClose(relay.stop)
  log.info({ http: http.port, https: https.port }, 'the pages are open')

  return {
    config,
    app,
    clock,
    store,
    journal,
    queue,
    views,
    people,
    devices,
    live,
    voice,
    paper,
    reports,
    relay,
    alarms,
    health,
    setupCode,
    identity,
    enrolment,
    http,
    https,
    /** What is looked at twice a minute: the day, the night's work, the network. */
    look: looks.look,
    phoneBase,
  }
}
