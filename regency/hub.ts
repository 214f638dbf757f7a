import { mkdirSync, readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import { createClock, dateIn, type SystemClock, systemClock } from '../appliance/base/clock.ts'
import { newId } from '../appliance/base/ids.ts'
import { openCatalogues } from '../appliance/base/messages/catalogues.ts'
import { type OnClose, openInOrder } from '../appliance/base/open-in-order.ts'
import { readTextFile } from '../appliance/base/text-file.ts'
import type { PinCost } from '../appliance/people/pin.ts'
import { packFrame } from '../appliance/wire/frame.ts'
import { claimOf, districtOf, enrolTopics, rollCallTopic, villageTopics } from '../appliance/wire/topics.ts'
import { givePiece } from './agency/documents.ts'
import { startPhotoKeeping } from './agency/photo-keeping.ts'
import { createCasePhotos } from './agency/photos.ts'
import { readClockOffset, startAlarms } from './alarms/alarms.ts'
import { createHubNodes } from './alarms/hub-nodes.ts'
import { startBrokerLinks } from './base/broker-links.ts'
import { createClockCheck } from './base/clock-check.ts'
import type { HubConfig } from './base/config.ts'
import { openDatabase } from './base/database.ts'
import { followVillages } from './base/follow-villages.ts'
import { openHubKey } from './base/hub-key.ts'
import { openMembers } from './base/members.ts'
import { migrate } from './base/migrate.ts'
import { renewReaders } from './base/reader-role.ts'
import { loadContacts, parseContacts } from './base/village-contacts.ts'
import { loadVillages, parseVillages } from './base/villages.ts'
import { startSending } from './commands/sending.ts'
import { openConsole } from './console/open.ts'
import { startOffers } from './datasets/offers.ts'
import { startDayTotals } from './delivery/day-totals.ts'
import { openHttpsRoad } from './delivery/https-road.ts'
import { createHttpsSessions } from './delivery/https-sessions.ts'
import { createMeters } from './delivery/meters.ts'
import { createPresenceTable } from './delivery/presence-table.ts'
import { createReceiver } from './delivery/receiver.ts'
import { startRollCall } from './delivery/roll-call.ts'
import { createStrangers, topicOf } from './delivery/strangers.ts'
import { createEnrolments, openAuthorities } from './enrolment/enrolments.ts'
import { renewRoute } from './enrolment/renew-route.ts'
import type { Fold } from './folds/fold.ts'
import { foldVillage, startProjection } from './folds/folding.ts'
import { folds as allFolds } from './folds.ts'
import { startRetention } from './history/retention.ts'
import { startThinning } from './history/thinning.ts'
import { startClaimRelay } from './letters/claim-relay.ts'
import { startLetterList } from './letters/letter-list.ts'
import { startDaySummaries } from './notify/day-summary.ts'
import { createMailer } from './notify/mailer.ts'
import { startNotifying } from './notify/notifying.ts'
import { createWays } from './notify/ways.ts'
import { createFiles } from './releases/files.ts'
import { startRollouts } from './releases/rollout.ts'
import { importStick } from './sticks/import-stick.ts'
import { stickRoutes } from './sticks/routes.ts'

export type Hub = Awaited<ReturnType<typeof openHub>>

export type HubSurroundings = {
  log: Logger
  /** A test's clock; the machine's own otherwise. */
  system?: SystemClock
  /** Says that nobody wants this hub any more while it still waits for its PostgreSQL; without it, it does not wait. */
  waitUntil?: AbortSignal
  /** What hashing a PIN costs; a test's own. */
  pinCost?: PinCost
  /** So many villages may be missing in villages.csv. */
  drop?: number
  /** The demo: a port that is taken is replaced by a free one. */
  otherPorts?: boolean
  /** Other folds than the hub's own. */
  folds?: readonly Fold[]
}

/** Opens a whole hub in order and returns what closes it in reverse. Tests and the demo start this same hub. */
export const openHub = (config: HubConfig, surroundings: HubSurroundings) =>
  openInOrder((onClose) => openParts(config, surroundings, onClose))

async function openParts(
  config: HubConfig,
  { log, system = systemClock, otherPorts = false, drop = 0, waitUntil, folds = allFolds, pinCost }: HubSurroundings,
  onClose: OnClose,
) {
  const clock = createClock(system)
  // A server keeps its clock by NTP; boxes without one take their time from it.
  clock.setNtp(true)
  const now = () => clock.read().at
  const csv = readFileSync(config.villages)
  const offices = parseVillages(csv)
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  // Where boxes are enrolled, the fleet tool has told them the hub’s key: one of our own they would not believe (N9).
  const hubKey = openHubKey(config.data, { mayMake: config.authority === undefined })
  const authorities = config.authority ? await openAuthorities(config.authority) : null
  let doubtedAt = now()

  // The tables first: a PostgreSQL that is not there yet is waited for; one that refuses, or a schema of a newer program,
  // ends the start here.
  const database = await openDatabase({
    ...{ url: config.postgres.url, connections: config.postgres.pool, log },
    ...(waitUntil ? { waitUntil } : {}),
  })
  onClose(database.close)
  await migrate(database)
  await renewReaders(database)
  const clockCheck = createClockCheck(clock.monotonicMs)
  clockCheck.noteDatabase(await readClockOffset(database, now))
  const today = () => dateIn(config.zone, now())
  await loadVillages(database, offices, today(), { drop })
  await loadContacts(database, parseContacts(csv))
  const villages = followVillages({
    ...{ database, log, today },
    path: config.villages,
    taken: csv,
    count: offices.length,
  })

  const catalogues = openCatalogues()
  const notifying = startNotifying({
    ...{ database, log, now, catalogues, regency: config.name, link: config.console.url ?? null },
    ways: createWays(config, { catalogues, now }),
    districts: config.districts ?? null,
  })
  onClose(notifying.stop)
  const summaries = config.mail
    ? startDaySummaries({
        ...{ database, log, now, zone: config.zone, catalogues, regency: config.name },
        ...{ at: config.mail.summary_at, mail: createMailer(config.mail), districts: config.districts ?? null },
      })
    : null
  onClose(async () => summaries?.stop())

  // What people see. It comes before what brings news, so that news finds it.
  const console = await openConsole({
    ...{ config, database, clock, log, pinCost, onClose, notifying },
    facts: () => ({
      totals: receiver.totals(),
      linkUp: link.state() === 'connected',
      alarms: alarms.list(),
      backupAgeSeconds: alarms.backupAgeSeconds(),
      clockOffsetMs: clockCheck.databaseMs(),
    }),
  })
  const { app, accounts } = console

  // What comes in: batches are taken by the receiver, told to the projection, and folded when there is time.
  const projection = startProjection({
    ...{ database, log, folds },
    isBusy: () => receiver.isBusy(),
    onFolded() {
      console.changed()
      void claimRelay.look()
    },
  })
  onClose(projection.stop)
  const members = await openMembers(database, log, clock.monotonicMs)
  onClose(members.settle)
  const meters = createMeters(database, clock.monotonicMs)
  onClose(meters.close)
  const strangers = createStrangers(clock.monotonicMs)
  const contacts = createPresenceTable({
    ...{ database, clock, log, meters, strangers },
    onChanged: console.changed,
    onBoxTime: clockCheck.noteBox,
    onRefused: (village, refused) => receiver.noteRefused(village, refused),
  })
  onClose(contacts.settle)
  const dayTotals = startDayTotals(database, log)
  onClose(dayTotals.stop)
  const alarms = startAlarms({
    database,
    log,
    now,
    zone: config.zone,
    monotonicMs: clock.monotonicMs,
    backupStamp: config.backup_stamp ?? null,
    guessed: accounts.guessed,
    failing: () => [...notifying.failing(), ...(summaries?.failing() ?? []).map((village) => `mail (${village})`)],
    clockCheck,
    nodes: createHubNodes(database, { clientId: config.mqtt.client_id, districts: config.districts ?? null }),
    villages: villages.look,
  })
  onClose(alarms.stop)
  const sessions = createHttpsSessions({ monotonicMs: clock.monotonicMs, onLost: contacts.takePresence })
  onClose(sessions.close)
  /** By both roads: a box is on one of them, and what nobody hears costs little. */
  const say = (village: string, kind: 'data' | 'command', payload: Buffer) => {
    link.publish(villageTopics(village)[kind], payload)
    sessions.give(village, { kind, payload })
  }
  const offers = startOffers({
    ...{ database, log, hubKey: hubKey.key, serves: (village) => serves(village) },
    publish: (village, manifest) => say(village, 'data', manifest),
  })
  onClose(offers.stop)
  const commands = startSending({
    ...{ database, log, now, hubKey: hubKey.key, serves: (village) => serves(village) },
    publish: (village, command) => say(village, 'command', command),
  })
  onClose(commands.stop)
  const letterList = startLetterList({ database, log, now, zone: config.zone })
  onClose(letterList.stop)
  const claimRelay = startClaimRelay({ database, log, now, onGiven: () => void commands.look() })
  onClose(claimRelay.stop)
  const photoKeeping = startPhotoKeeping({ database, log, now, isClockDoubted: clockCheck.isDoubted })
  onClose(photoKeeping.stop)
  const rollouts = startRollouts({ database, log, now, changed: console.changed })
  onClose(rollouts.stop)
  const releaseFiles = createFiles(database)
  const photos = createCasePhotos(database)
  const receiver = createReceiver({
    database,
    clock,
    log,
    publish: (village, kind, answer) => link.publish(villageTopics(village)[kind], answer),
    hubKey: hubKey.key,
    isClockDoubted: clockCheck.isDoubted,
    doubtedAt: () => doubtedAt,
    onTaken: projection.ring,
    datasets: offers,
    files: {
      give: async (village, want) => (await givePiece(database, village, want)) ?? releaseFiles.give(village, want),
    },
    photos,
    commands,
    ...{ meters, strangers },
  })
  onClose(receiver.close)

  const enrolments =
    authorities &&
    createEnrolments({
      ...{ database, log, now, meters, strangers, monotonicMs: clock.monotonicMs, hubKey: hubKey.key, authorities },
    })
  /** Villages of its districts, and those whose box comes to this hub by HTTPS. */
  const serves = (village: string) =>
    !config.districts || config.districts.includes(districtOf(village)) || sessions.has(village)
  /** Certificates, by whatever road they are asked for: answered by the hub of the village's district. */
  const answerRequest = async (village: string, payload: Buffer, place: string) =>
    enrolments && serves(village) && members.has(village) ? await enrolments.answer(village, payload, place) : null
  const answerFrame = async (...asked: Parameters<typeof answerRequest>) => {
    const answer = await answerRequest(...asked).catch(() => null) // too many strangers: no answer
    return answer && packFrame(answer)
  }
  const answering = new Set<Promise<void>>()
  onClose(async () => void (await Promise.all(answering)))
  const answerAt = (topic: string, ...asked: Parameters<typeof answerRequest>): void => {
    const answered = answerFrame(...asked).then((frame) => {
      if (frame) link.publish(topic, frame)
      answering.delete(answered)
    })
    answering.add(answered)
  }

  renewRoute(app, answerRequest)
  stickRoutes(app, {
    database,
    take: (file) =>
      importStick(file, {
        ...{ receiver, hubKey: hubKey.key, isMember: members.has, now, photos },
        fold: (village) => foldVillage(database, village, folds),
      }),
  })
  const http = await console.listen(otherPorts)

  // The broker last: from here on boxes are answered.
  const rollCall = startRollCall({
    hub: newId(),
    villages: villages.count,
    call(message) {
      const payload = Buffer.from(JSON.stringify(message))
      link.publish(rollCallTopic, payload)
      sessions.giveAll({ kind: 'roll-call', payload })
    },
  })
  onClose(rollCall.stop)
  const link = startBrokerLinks({
    mqtt: config.mqtt,
    districts: config.districts ?? 'all',
    log,
    onReady: rollCall.callAll,
    onMessage: (village, kind, payload, retained) => {
      // What a stranger names is no village of this regency: it leaves no row.
      if (!members.has(village)) return
      if (kind === 'presence') contacts.takePresence(village, payload)
      else if (kind === 'health') contacts.takeHealth(village, payload, { retained })
      // Rule 16: what a broker had in store of hello, up, want and renew is dropped.
      else if (retained) return
      else if (kind === 'renew') answerAt(villageTopics(village).renewed, village, payload, topicOf(village))
      else receiver.take(village, kind, payload)
    },
    onEnrol:
      enrolments &&
      ((village, payload) => answerAt(enrolTopics(claimOf(village)).answer, village, payload, `claim ${village}`)),
  })
  onClose(link.stop)
  const byHttps =
    config.https &&
    (await openHttpsRoad({
      ...{
        https: config.https,
        ca: readTextFile(config.mqtt.ca ?? ''),
        database,
        log,
        sessions,
        isMember: members.has,
      },
      onEnrol: (village, payload) => answerFrame(village, payload, `claim ${village}`),
      async onMessage(village, kind, payload) {
        if (kind === 'renew') return await answerFrame(village, payload, topicOf(village))
        if (kind === 'presence') contacts.takePresence(village, payload)
        else if (kind === 'health') contacts.takeHealth(village, payload, { retained: false })
        else return new Promise((resolve) => receiver.take(village, kind, payload, resolve))
        return null
      },
    }))
  if (byHttps) onClose(byHttps.close)
  const isLinked = () => link.state() === 'connected'
  const thinning = startThinning({
    ...{ database, log, now, zone: config.zone, isLinked },
    isClockDoubted: clockCheck.isDoubted,
  })
  onClose(thinning.stop)
  const retention = startRetention({
    ...{ database, log, now, zone: config.zone, retention: config.retention ?? null },
    isClockDoubted: clockCheck.isDoubted,
  })
  onClose(retention.stop)
  database.onRecovered(() => {
    doubtedAt = now()
    rollCall.callAll()
  })
  log.info({ port: http.port }, 'the hub is open')

  return {
    config,
    app,
    clock,
    database,
    accounts,
    receiver,
    lookAtOffers: offers.look,
    lookAtCommands: commands.look,
    lookAtRollout: rollouts.look,
    lookAtLetters: letterList.look,
    lookAtPhotos: photoKeeping.look,
    /** Asks every box for its hello. */
    callBoxes: rollCall.callAll,
    contacts,
    alarms,
    thinning,
    notifying,
    /** Null: hub.toml has no `[mail]`. */
    summaries,
    http,
    flushMeters: meters.flush,
    lookAtAccounts: console.lookAtAccounts,
    refreshPages: console.refreshPages,
    linkState: link.state,
    /** Where boxes come by HTTPS; null: hub.toml has no `[https]`. */
    httpsPort: byHttps?.port ?? null,
    /** What goes into balai.toml as `hub_key`. */
    publicKey: hubKey.publicKey,
  }
}
