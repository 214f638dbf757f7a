import { openAutomation } from './automation/open.ts'
import { openBackup } from './backup/open.ts'
import { mostPayload } from './base/broker/broker-settings.ts'
import { openIdentity } from './base/broker/identity.ts'
import { startLooks } from './base/looks.ts'
import { openCatalogues } from './base/messages/catalogues.ts'
import { type OnClose, openInOrder } from './base/open-in-order.ts'
import { createPdfPress } from './base/pdf/press.ts'
import type { Base } from './base/rooms/base.ts'
import { alarmChecksOf, pagesOf } from './base/rooms/room.ts'
import { markWipe } from './base/store/wipe-mark.ts'
import { openWeb } from './base/web/open.ts'
import { createResolveCaller } from './base/web/resolve-caller.ts'
import { openBookings } from './bookings/open.ts'
import { openCases } from './cases/open.ts'
import { openClaims } from './claims/open.ts'
import { openCommands } from './commands/open.ts'
import { authorityOf, type BoxConfig, keyFilesOf } from './config.ts'
import { openDatasets } from './datasets/open.ts'
import { openDevices } from './devices/open.ts'
import { openEnrolment } from './enrolment/open.ts'
import { openEstimate } from './estimate/open.ts'
import { openHealth } from './health/open.ts'
import { readHardware } from './health/readings.ts'
import { openImports } from './imports/open.ts'
import { openLetters } from './letters/open.ts'
import { openNetwork } from './network/open.ts'
import { visitorsOf } from './network/profiles.ts'
import { openOffice } from './office/open.ts'
import { openJournal } from './open-journal.ts'
import { openPeople } from './people/open.ts'
import { openPrint } from './print/open.ts'
import { openProposals } from './proposals/open.ts'
import { openQueue } from './queue/open.ts'
import { openRelay } from './relay/open.ts'
import { openReports } from './reports/open.ts'
import { openResidents } from './residents/open.ts'
import { rooms } from './rooms.ts'
import { openScreens } from './screens/open.ts'
import { openStick } from './stick/open.ts'
import type { BoxSurroundings } from './surroundings.ts'
import { openSurvey } from './survey/open.ts'
import { openUpdates } from './updates/open.ts'
import { openVoice } from './voice/open.ts'
import { type FileChunk, limits } from './wire/messages.ts'

export type Box = Awaited<ReturnType<typeof openBox>>

/** Opens a whole box in order and returns what closes it in reverse. Tests and the demo start this same box. */
export const openBox = (config: BoxConfig, surroundings: BoxSurroundings) =>
  openInOrder((onClose) => openParts(config, surroundings, onClose))

async function openParts(config: BoxConfig, around: BoxSurroundings, onClose: OnClose) {
  const { data, village, zone, member, backup_stick: stickFolder } = config
  // Another one than that of any box beside it, on a bench or where two offices share a house.
  const ownName = `balai-${village}.local`
  const lan = { ...config.lan, names: [...config.lan.names, ownName] }
  const { log, hardware = readHardware(), fileTrouble = null, keptLog = () => [] } = around
  const { clock, alarms, store, journal, membership } = openJournal(config, { ...around, hardware }, onClose)

  // The doors are built, and stay shut until every room has its own.
  const web = await openWeb({
    ...{ title: `Balai ${config.name}`, data, lan, log, clock, onClose, pages: pagesOf(rooms) },
    fromRegency: () => membership?.lan() ?? null,
    visitors: around.visitors ?? visitorsOf(lan.http_port),
    orAnother: around.otherPorts ?? false,
  })
  const { app, live, network, phoneBase } = web
  const head = () => {
    const { at: now, trust } = clock.read()
    const { draftLanguages: drafts } = office.settings()
    return { village, name: config.name, district: config.district, zone, now, clock: trust, drafts }
  }
  const catalogues = openCatalogues()
  const press = createPdfPress()
  onClose(press.stop)
  const lets = { app, live, head, phoneBase, onClose }
  const base: Base = { data, zone, log, clock, alarms, store, journal, catalogues, press, ...lets }

  // The rooms. What an earlier one asks of a later one it is handed as a function.
  const datasets = openDatasets(base, config, {
    // After the commit, in which it is still to be written.
    onSwitch(_tx, dataset) {
      if (dataset === 'flows') setImmediate(() => automation.look())
      if (dataset === 'system') setImmediate(() => updates.look())
    },
    onHeld: () => setImmediate(() => imports.look()),
  })
  const office = openOffice(
    base,
    { datasets },
    {
      ticketAt: (counter) => queue.ticketAt(counter),
      keepDay: (tx) => queue.keepDay(tx),
      onHoursChanged: (tx, actor) => bookings.closeUnkept(tx, actor),
    },
  )
  const queue = openQueue(
    base,
    { office },
    {
      estimate: () => estimate,
      countBooked: (service, day) => bookings.countBooked(service, day),
      wasSurveyed: (ticket) => survey.wasSurveyed(ticket),
      print: (ticket, language) => paper.print(ticket, language),
    },
  )
  const bookings = openBookings(base, { office, queue }, { print: (ticket, language) => paper.print(ticket, language) })
  const survey = openSurvey(base, { office, queue })
  const estimate = openEstimate(base, { office, queue })
  const people = openPeople(
    base,
    { office, queue },
    { pinCost: around.pinCost, isEditing: (account) => automation.isEditing(account) },
  )
  const residents = openResidents(base, { office, queue, people }, { regency: member?.regency ?? null })
  const identity = openIdentity(data, hardware)
  const imports = openImports(base, { datasets, people, residents }, identity)
  const proposals = openProposals(base, { people, residents })
  const paper = openPrint(base, { queue }, lan)
  const letters = openLetters(
    base,
    { datasets, paper, people, residents },
    {
      ...{ identity, regency: member?.regency ?? null, authority: () => authorityOf(config) },
      claimOf: (letter) => claims.claimOf(letter),
    },
  )
  const claims = openClaims(
    base,
    { datasets, office, queue, letters, people },
    {
      identity,
      print: (ticket, language) => paper.print(ticket, language),
      line() {
        const { state, waiting, oldestAt } = relay.view()
        if (state === 'off') return { state, sentBefore: 0 }
        const sentBefore = waiting === 0 ? Number.POSITIVE_INFINITY : (oldestAt ?? 0)
        return { state: state === 'connected' ? 'up' : 'down', sentBefore }
      },
    },
  )
  const cases = openCases(
    base,
    { datasets, letters, office, people, queue, residents },
    {
      ...{ key: identity.key, regency: member?.regency ?? null },
      mostBytes: mostPayload(config.mqtt?.max_packet_kb) ?? limits.chunkWireBytes,
      fetch: () => setImmediate(() => relay.fetch()),
    },
  )
  const devices = openDevices(base, around)
  const voice = openVoice(base, { office, devices }, { calls: () => screens.calls() })
  const reports = openReports(base, { office, queue, survey, estimate, people }, { regency: member?.regency ?? null })

  // The way to the regency, and what it asks from there.
  const commands = openCommands(
    base,
    { ...config, box: identity.box },
    {
      announce: () => relay.announce(),
      check: () => health.countTroubles(),
      changeSetting: (setting, value) =>
        office.changeSettings({ settings: { ...office.settings(), [setting]: value }, actor: 'hub', key: null }),
      backUp: () => backup.nightly.backUpNow(),
      whenSent: (withinMs) => relay.whenSent(journal.head(), withinMs),
      restart: around.onRestart ?? (() => {}),
      tryBroker: (url, command) => relay.tryBroker(url, command),
      newBrokers: () => relay.newBrokers(),
      answerProposal: proposals.takeAnswer,
      takeRelayed: claims.takeRelayed,
      takeCaseState: cases.takeState,
      takeNotice: cases.takeNotice,
      takeCaseDocument: cases.documents.takeNamed,
      markWipe: () => markWipe(data, { at: clock.read().at, elsewhere: keyFilesOf(config) }),
      wipe: () => around.onWipe?.(relay.keepLine()),
    },
  )
  const enrolment = openEnrolment(base, {
    ...{ village, member, membership, identity, lan: network },
    byHand: config.mqtt !== null && member === null,
    foundAt: around.enrolmentPath ?? null,
    unsent: () => relay.view().waiting,
    onNewFile: around.onNewFile ?? (() => {}),
  })
  const files = {
    // What citizens wait for comes before a system of some hundred megabytes.
    due: (session: string) => cases.documents.due(session) ?? updates.due(session),
    takeChunk: (chunk: FileChunk) => cases.documents.takeChunk(chunk) ?? updates.takeChunk(chunk),
  }
  const relay = openRelay(
    base,
    { datasets, files, uploads: cases.uploads },
    { ...config, identity },
    enrolment.certificates,
    {
      health: () => health.message(),
      onChange: () => {
        health.noteRelay()
        backup.fromRegency.look()
      },
      onTime: () => health.watchClock(),
      onCommand: commands.take,
      opener: () => backup.fromRegency.opener(),
      brokers: commands.brokers,
    },
  )

  // What people see, and the machine itself.
  const screens = openScreens(base, {
    ...{ datasets, office, queue, bookings, survey, estimate, people, devices, voice, paper, relay, commands, claims },
  })
  const machineNetwork = openNetwork(base, {
    ...{ settings: member?.network ?? null, folder: around.networkFolder },
    alias: { name: ownName, address: network.address },
  })
  const recovery = member?.recovery ?? null
  const backup = await openBackup(base, {
    ...{ recovery, stickFolder, cutDamage: relay.cutDamage },
    fromRegency: { history: relay.history, reopen: around.onNewFile ?? (() => {}) },
  })
  const stick = openStick(
    base,
    { relay },
    { name: config.name, box: identity.box, stickFolder, onTaken: () => health.noteRelay() },
  )
  const updates = openUpdates(
    base,
    { datasets },
    {
      ...{ stickFolder, machine: around.machine, mqtt: config.mqtt, fetch: relay.fetch, line: relay.technicianView },
      backUp: () => backup.nightly.backUpNow(),
    },
  )
  const automation = await openAutomation(
    base,
    { datasets, office, queue, people, paper },
    {
      ...{ enabled: config.flows?.enabled, nodeSets: config.flows?.nodes ?? [], host: around.flowHost ?? null },
      ...{
        announce: voice.announce,
        health: () => health.forFlows(),
        mayStill: web.mayStill,
        fingerprint: network.fingerprint,
      },
    },
  )
  const health = openHealth(
    base,
    { queue, estimate, devices, voice, paper, relay, enrolment, automation },
    {
      ...{ box: identity.box, recovery, model: around.model ?? null, stickFolder, fileTrouble, keptLog },
      alarmChecks: alarmChecksOf(rooms),
      certificateFile: config.mqtt?.cert ?? enrolment.certificateFile,
      past: backup.fromRegency.view,
    },
  )

  // The doors open.
  web.resolveBy(createResolveCaller({ devices, sessions: people.sessions, flows: automation, accounts: people }))
  journal.onRing(live.changed)
  alarms.onChange(live.changed)
  const { http, https } = await web.listen()
  const lookAtDay = () => {
    queue.checkDay()
    bookings.closeMissed()
  }
  const looks = startLooks(
    {
      day: lookAtDay,
      // Before the night's backup, which is not to hold who was erased.
      residents: residents.look,
      night: backup.nightly.checkNight,
      lan: network.checkAddresses,
      network: machineNetwork.checkChange,
      certificates: enrolment.checkCertificates,
      fromRegency: async () => backup.fromRegency.look(),
      flows: async () => automation.look(),
      updates: async () => updates.look(),
      imports: async () => imports.look(),
      claims: async () => claims.look(),
      stick: async () => stick.look(),
    },
    {
      everyMs: 30_000,
      onFailure: (job, error) => log.error({ err: error, job }, 'a look failed; the next one tries again'),
    },
  )
  onClose(looks.stop)
  // What a look has begun on the line is given up before it is awaited.
  onClose(enrolment.stop)
  onClose(backup.nightly.giveUp)
  onClose(commands.giveUp)
  await looks.look()
  enrolment.start(relay)
  await automation.start()
  log.info({ http: http.port, https: https.port }, 'the pages are open')

  const line = { office, queue, bookings, survey, estimate, screens }
  const others = {
    datasets,
    commands,
    people,
    residents,
    imports,
    proposals,
    letters,
    claims,
    cases,
    devices,
    voice,
    paper,
    reports,
    relay,
    fromRegency: backup.fromRegency,
    health,
    enrolment: enrolment.state,
    automation,
    stick,
    updates,
  }
  const doors = { http, https, lookAtDay, look: looks.look }
  return { config, ...base, ...line, ...others, setupCode: people.setupCode, identity, ...doors }
}
