import { existsSync, mkdirSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { type Logger, pino } from 'pino'
import { listBackups } from '../backup/files.ts'
import { keepOpeningKey } from '../backup/from-regency.ts'
import { restoreFromStick } from '../backup/restore-from-stick.ts'
import type { LastWord } from '../base/broker/last-word.ts'
import { systemClock } from '../base/clock.ts'
import { exitCode } from '../base/errors.ts'
import { type KeptLog, openKeptLog } from '../base/kept-log.ts'
import { createNotifyReady } from '../base/notify-ready.ts'
import { ownCommand } from '../base/program-files.ts'
import { databasePath, lockFolder } from '../base/store/folder.ts'
import { readWipeMark } from '../base/store/wipe-mark.ts'
import { startWatchdog } from '../base/watchdog.ts'
import { type BoxConfig, type BoxFile, isNobody, readBoxConfig, readBoxFile } from '../config.ts'
import { type FileTrouble, findEnrolmentFile } from '../enrolment/find-file.ts'
import { adopt, openMembership, readMember, wipe } from '../enrolment/membership.ts'
import { countUnsent, endMove, setOldJournalAside } from '../enrolment/move-office.ts'
import { openUnenrolledBox } from '../enrolment/unenrolled-box.ts'
import { readNtp } from '../health/readings.ts'
import { openBox } from '../open-box.ts'
import { createSetupCode } from '../people/setup-code.ts'
import { readCertainTime } from './certain-time.ts'
import { becomeOwner, type Command, configHelp, configPath } from './command.ts'
import { endOnFailure } from './end-on-failure.ts'
import { untilStopped } from './stop.ts'
import { endWiped } from './wiped.ts'

const stickWaitS = 20

export const serve: Command = {
  summary: 'run the box of a village office',
  help: `balai serve [--config balai.toml]

Runs one village box: its pages on the LAN, its journal, and the relay to the
regency's broker. Stops cleanly on Ctrl-C or SIGTERM; survives anything else.
A box that knows of no village waits for its enrolment file: on the boot
partition, on a USB stick, or by its page (balai setup-code).

${configHelp('balai.toml')}

The first start makes a setup code for the first technician: balai setup-code.
`,
  async run(args) {
    const { values } = parseArgs({ args, options: { config: { type: 'string' } } })
    const path = configPath('balai.toml', values.config)
    const file = readBoxFile(path)
    becomeOwner(file.data)
    const kept = openKeptLog(file.data, { mayWrite: () => readWipeMark(file.data) === null })
    process.once('exit', kept.close)
    const stdout = { level: 'trace', stream: pino.destination(1) } as const
    const log = pino({ level: file.log }, pino.multistream([stdout, { level: 'warn', stream: kept }]))
    // Under systemd the flows are a unit of their own, as another user.
    const flowHost = process.env.NOTIFY_SOCKET ? 'service' : ownCommand()
    const notifyReady = createNotifyReady((error) =>
      log.warn({ err: error }, 'systemd was not told that the pages answer'),
    )
    endOnFailure(log)
    if (readWipeMark(file.data)) return await endWiped(file.data, log)
    let stopping = false
    let restart: () => void = () => {}
    let lastWord: LastWord | null = null
    // The regency asks for it: this ends as by a signal, and systemd starts it anew.
    const asked = new Promise<void>((resolve) => {
      restart = resolve
    })
    const stopped = Promise.race([untilStopped(), asked]).then(() => {
      stopping = true
    })
    // Once for each enrolment file that is taken.
    while (!stopping) {
      const found = isNobody(file)
        ? { path: await waitForFile(file, log, stopped, notifyReady), trouble: null }
        : await takeNewFile(file, log)
      if (stopping || isNobody(file)) break
      const onWipe = (word: LastWord) => {
        lastWord = word
        restart()
      }
      await serveUntilNews(path, log, found, { stopped, restart, onWipe, flowHost, kept }, notifyReady)
      if (readWipeMark(file.data)) return await endWiped(file.data, log, lastWord)
    }
    return exitCode.ok
  },
}

/** The waiting room until a file is taken; answers where it was found. */
async function waitForFile(
  file: BoxFile,
  log: Logger,
  stopped: Promise<void>,
  notifyReady: () => void,
): Promise<string | null> {
  mkdirSync(file.data, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(file.data)
  const setupCode = createSetupCode(file.data)
  setupCode.make()
  const room = await openUnenrolledBox({
    ...{ data: file.data, folders: file.enrolment_folders, lan: file.lan, log, setupCode, readNtp },
  })
  notifyReady()
  const path = await Promise.race([room.taken, stopped.then(() => null)])
  await room.close()
  unlock()
  return path
}

/** Where a file was taken, and why one that is there was not. */
type FoundAtStart = { path: string | null; trouble: FileTrouble | null }
const nothing: FoundAtStart = { path: null, trouble: null }

/** A newer file on the card or a stick, for a box that is a member already. */
async function takeNewFile(file: BoxFile, log: Logger): Promise<FoundAtStart> {
  const member = readMember(file.data)
  if (!member && file.mqtt?.url) return nothing
  const village = member?.village ?? file.village ?? null
  const certain = await readCertainTime()
  const found = findEnrolmentFile(file.enrolment_folders, { member, village, certain })
  if (found?.trouble) log.warn({ path: found.path, trouble: found.trouble }, 'the enrolment file is not taken')
  if (found?.file?.movedFrom && found.file.village !== village && unsentOf(file.data) > 0) {
    log.warn({ path: found.path }, 'the regency lacks entries of the old code: the file is taken once they are sent')
    return { path: null, trouble: 'unsent' }
  }
  if (!found?.file) return { path: null, trouble: found?.trouble ?? null }
  if (found.file.sealed) {
    log.warn({ path: found.path }, 'the enrolment file is sealed; bring it by the technician page')
    return nothing
  }
  adopt(file.data, found.file)
  log.info({ path: found.path }, 'a newer enrolment file was taken')
  return { path: found.path, trouble: null }
}

/** Entries of a box that stands still. */
function unsentOf(data: string): number {
  if (!existsSync(databasePath(data))) return 0
  const db = new Database(databasePath(data), { readonly: true })
  try {
    return countUnsent(db)
  } finally {
    db.close()
  }
}

async function serveUntilNews(
  path: string,
  log: Logger,
  { path: enrolmentPath, trouble: fileTrouble }: FoundAtStart,
  {
    stopped,
    restart,
    onWipe,
    flowHost,
    kept,
  }: {
    stopped: Promise<void>
    restart: () => void
    onWipe: (word: LastWord) => void
    flowHost: 'service' | readonly string[]
    kept: KeptLog
  },
  notifyReady: () => void,
): Promise<void> {
  let tell: () => void = () => {}
  const news = new Promise<void>((resolve) => {
    tell = resolve
  })
  const config = readBoxConfig(path)
  await takeOver(config, enrolmentPath, log)
  const oldJournal = setOldJournalAside(config.data)
  let watchdog: ReturnType<typeof startWatchdog> | null = null
  const onProgress = () => watchdog?.beat()
  const hooks = { keptLog: kept.newest, onNewFile: tell, onRestart: restart, onWipe, onProgress }
  const box = await openBox(config, { log, enrolmentPath, fileTrouble, oldJournal, flowHost, ...hooks })
  endMove(config.data)
  // From here on: a start reads the whole file in one piece, which takes as long as the card is slow.
  watchdog = startWatchdog({
    isAlive: box.store.tryWrite,
    onFailure: (error) => log.error({ err: error }, 'the watchdog failed'),
  })
  notifyReady()
  // By itself Node keeps what it compiled (balai.js) at an end in good order only, not where the power goes.
  flushCompileCache()
  await Promise.race([stopped, news])
  watchdog.stop()
  await box.close()
}

/** After a swap the backups are on the stick, which the system may mount a moment later than this starts. */
async function takeOver(
  { data, village, backup_stick: stickFolder, member }: BoxConfig,
  enrolmentPath: string | null,
  log: Logger,
): Promise<void> {
  if (member === null) return
  const membership = openMembership(data, member)
  const key = membership.recoveryKey()
  const target = databasePath(data)
  if (membership.holdsNumbers() && !existsSync(target)) {
    for (let waited = 0; waited < stickWaitS && listBackups(stickFolder).length === 0; waited++) await sleep(1_000)
    if (!(await restoreFromStick({ target, stickFolder, village, key, now: systemClock.wall(), log })))
      log.warn({ stickFolder }, 'no backup on a stick: the box begins with what the regency has')
  }
  if (key === null) return
  // The file lies beside what its key opens, often on the same stick; what enrolment needs of it is on the box by now.
  if (enrolmentPath !== null) wipe(enrolmentPath)
  // The stick has had its turn; what the regency has sealed opens by the same key.
  keepOpeningKey(data, key)
  membership.forgetRecoveryKey()
}
