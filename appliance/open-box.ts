import { mkdirSync } from 'node:fs'
import { openBackup } from './backup/open.ts'
import { createAlarms } from './base/alarms.ts'
import { brokerSettings } from './base/broker/broker-settings.ts'
import { openIdentity } from './base/broker/identity.ts'
import { createClock, systemClock } from './base/clock.ts'
import { createJournal } from './base/journal/journal.ts'
import { startLooks } from './base/looks.ts'
import { openCatalogues } from './base/messages/catalogues.ts'
import { type OnClose, openInOrder } from './base/open-in-order.ts'
import type { Base } from './base/rooms/base.ts'
import { foldingOf } from './base/rooms/room.ts'
import { databasePath, lockFolder } from './base/store/folder.ts'
import { openStore } from './base/store/store.ts'
import { isLoopbackAddress } from './base/web/budgets.ts'
import { openWeb } from './base/web/open.ts'
import { createResolveCaller } from './base/web/resolve-caller.ts'
import { openBookings } from './bookings/open.ts'
import type { BoxConfig } from './config.ts'
import { openDevices } from './devices/open.ts'
import { identityFile, openMembership } from './enrolment/membership.ts'
import { takeOverOffice } from './enrolment/move-office.ts'
import { openEnrolment } from './enrolment/open.ts'
import { openEstimate } from './estimate/open.ts'
import { openHealth } from './health/open.ts'
import { readHardware } from './health/readings.ts'
import { openNetwork } from './network/open.ts'
import { hotspotAddress } from './network/profiles.ts'
import { openOffice } from './office/open.ts'
import { openPeople } from './people/open.ts'
import { openPrint } from './print/open.ts'
import { officeRules } from './print/printer-places.ts'
import { openQueue } from './queue/open.ts'
import { openRelay } from './relay/open.ts'
import { openReports } from './reports/open.ts'
import { rooms } from './rooms.ts'
import { openScreens } from './screens/open.ts'
import type { BoxSurroundings } from './surroundings.ts'
import { openSurvey } from './survey/open.ts'
import { openVoice } from './voice/open.ts'

export type Box = Awaited<ReturnType<typeof openBox>>

/** Opens a whole box in order and returns what closes it in reverse. Tests and the demo start this same box. */
export const openBox = (config: BoxConfig, surroundings: BoxSurroundings) =>
  openInOrder((onClose) => openParts(config, surroundings, onClose))

async function openParts(config: BoxConfig, around: BoxSurroundings, onClose: OnClose) {
  const { data, village, zone, lan, member } = config
  const { log, system = systemClock, hardware = readHardware() } = around
  mkdirSync(data, { recursive: true, mode: 0o700 })

  // One process per data folder: a second one would write numbers that the first does not know.
  onClose(lockFolder(data))
  const clock = createClock(system)
  const onListenerFailure = (error: unknown) => log.error({ err: error }, 'who listens to a change failed')
  const alarms = createAlarms(() => clock.read().at, clock.monotonicMs, onListenerFailure)

  // The truth first: nothing else may start on a journal that is damaged, newer, or another village's.
  const store = openStore(databasePath(data), clock, onListenerFailure)
  onClose(store.close)
  const journal = createJournal(store, village, foldingOf(rooms, store.db), around.onProgress)
  clock.raiseFloor(journal.trustedUntil() ?? 0)
  const membership = member && openMembership(data, member)
  store.mending(() => journal.open(hardware, { reissued: membership?.holdsNumbers() ?? false }))
  membership?.forgetHold()
  if (around.oldJournal) {
    const count = takeOverOffice(store, journal, around.oldJournal)
    if (count > 0) log.info({ count, from: around.oldJournal }, 'the office goes on under its new code')
  }
  const cut = store.mending(journal.cutDamage)
  log.info({ rows: journal.lastRow(), cut }, 'the journal is open')

  // The doors are built, and stay shut until every room has its own.
  const web = await openWeb({
    ...{ title: `Balai ${config.name}`, data, lan, log, clock, onClose },
    fromRegency: () => membership?.lan() ?? null,
    visitors: around.visitors ?? visitorsOf(lan.http_port),
    orAnother: around.otherPorts ?? false,
  })
  const { app, live, network, phoneBase } = web
  const head = () => {
    const { at: now, trust } = clock.read()
    return { village, name: config.name, district: config.district, zone, now, clock: trust }
  }
  const catalogues = openCatalogues()
  const base: Base = { data, zone, log, clock, alarms, store, journal, catalogues, app, live, head, phoneBase, onClose }

  // The rooms. What an earlier one asks of a later one it is handed as a function.
  const office = openOffice(base, {
    ticketAt: (counter) => queue.ticketAt(counter),
    keepDay: (tx) => queue.keepDay(tx),
    onHoursChanged: (tx, actor) => bookings.closeUnkept(tx, actor),
  })
  const queue = openQueue(
    base,
    { office },
    {
      foreseen: {
        countBooked: (service, day) => bookings.countBooked(service, day),
        expectedMs: (service) => estimate.expectedMs(service),
        promised: (service) => estimate.promised(service),
        waitOf: (ticket) => estimate.waitOf(ticket),
        waitFor: (service) => estimate.waitFor(service),
      },
      wasSurveyed: (ticket) => survey.wasSurveyed(ticket),
      onDayEnds: (tx, day) => estimate.scoreDay(tx, day),
      print: (ticket, language) => paper.print(ticket, language),
    },
  )
  const bookings = openBookings(base, { office, queue }, { print: (ticket, language) => paper.print(ticket, language) })
  const survey = openSurvey(base, { office, queue })
  const estimate = openEstimate(base, { office, queue })
  const people = openPeople(base, { office, queue })
  const devices = openDevices(base, around.arpFile)
  const voice = openVoice(base, { office, devices }, { calls: () => screens.display().calls })
  // A box that only this machine reaches (the demo, a bench) has no other network for a printer.
  const paper = openPrint(base, { queue }, officeRules({ loopback: isLoopbackAddress(lan.host) }))
  const reports = openReports(base, { office, queue, survey, estimate, people })

  // The way to the regency.
  const identity = openIdentity(data, hardware)
  const enrolment = openEnrolment(base, {
    ...{ village, member, membership, identity, lan: network },
    byHand: config.mqtt !== null && member === null,
    foundAt: around.enrolmentPath ?? null,
    onNewFile: around.onNewFile ?? (() => {}),
  })
  const { certificates } = enrolment
  const relay = openRelay(
    base,
    {
      broker: config.mqtt && brokerSettings(village, config.mqtt, clock, certificates?.credentials),
      identity,
      hubKey: config.hub_key ?? null,
      certificates: certificates?.keeper ?? null,
    },
    {
      health: () => health.message(),
      onChange: () => {
        health.watchClock()
        live.changed()
      },
    },
  )

  // What people see, and the machine itself.
  const screens = openScreens(base, { office, queue, bookings, survey, estimate, people, devices, voice, paper, relay })
  const machineNetwork = openNetwork(base, { settings: member?.network ?? null, folder: around.networkFolder })
  const backup = await openBackup(base, {
    recovery: member?.recovery ?? null,
    stickFolder: config.backup_stick,
    verify: relay.cutDamage,
  })
  const health = openHealth(
    base,
    { queue, estimate, devices, voice, paper, relay },
    {
      box: identity.box,
      recovery: member?.recovery ?? null,
      certificateFile: config.mqtt?.cert ?? (membership ? identityFile(data) : null),
      stickFolder: config.backup_stick,
      isEnrolling: () => enrolment.state().state === 'waiting',
      fileTrouble: around.fileTrouble ?? null,
    },
  )

  // The doors open.
  web.resolveBy(createResolveCaller({ devices, sessions: people.sessions, accounts: people }))
  journal.onRing(live.changed)
  alarms.onChange(live.changed)
  const { http, https } = await web.listen()

  const lookAtDay = () => {
    queue.look()
    bookings.closeMissed()
  }
  const looks = startLooks(
    {
      day: lookAtDay,
      night: backup.look,
      lan: network.look,
      network: machineNetwork.look,
      certificates: enrolment.look,
    },
    {
      everyMs: 30_000,
      onFailure: (job, error) => log.error({ err: error, job }, 'a look failed; the next one tries again'),
    },
  )
  onClose(looks.stop)
  // What a look has begun on the line is given up before it is awaited.
  onClose(enrolment.stop)
  await looks.look()
  enrolment.start(relay)
  log.info({ http: http.port, https: https.port }, 'the pages are open')

  const line = { office, queue, bookings, survey, estimate, screens }
  const others = { people, devices, voice, paper, reports, relay, health, enrolment: enrolment.state }
  return {
    config,
    ...base,
    ...line,
    ...others,
    setupCode: people.setupCode,
    identity,
    http,
    https,
    lookAtDay,
    look: looks.look,
  }
}

const visitorsOf = (port: number) => ({
  address: hotspotAddress,
  url: `http://${hotspotAddress}${port === 80 ? '' : `:${port}`}/visitor`,
})
