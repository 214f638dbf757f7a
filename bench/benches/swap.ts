import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { writeBackup } from '../../appliance/backup/backup.ts'
import { makeRecoveryKey, recipientOf } from '../../appliance/backup/recovery.ts'
import { restoreFromStick } from '../../appliance/backup/restore-from-stick.ts'
import { databasePath } from '../../appliance/base/store/folder.ts'
import { openKiosk, startBox, startBoxWith, startHub } from '../../testing/programs.ts'
import { freePort, startMosquitto, startPostgres } from '../../testing/servers.ts'
import { countHubEntries, fillJournal, prepareOffice } from '../offices.ts'
import type { Bench } from '../run.ts'
import { printTable, round } from '../statistics.ts'

const village = '3510242008'
/** About what a busy office writes in a quarter, and on the last day, which is after the newest backup. */
const backedUp = 100_000
const sinceThen = 1_500

const balai = join(import.meta.dirname, '..', '..', 'appliance', 'balai.js')

/** A dead box is replaced: restored from its stick, the last day back from the regency, until a citizen gets a number. */
export const bench: Bench = {
  name: 'swap',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-swap-'))
    const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
    try {
      const [broker, postgres] = await Promise.all([startMosquitto(), startPostgres()])
      closers.push(broker.stop, postgres.stop)
      const hubFolder = join(folder, 'hub')
      const hub = await startHub({
        folder: hubFolder,
        brokerUrl: broker.url,
        postgresUrl: postgres.url,
        villages: [village],
      })
      closers.push(hub.stop)
      const [dead, stick, data] = [join(folder, 'dead'), join(folder, 'stick'), join(folder, 'new')]
      for (const one of [stick, data]) mkdirSync(one)
      const [service = ''] = await prepareOffice(dead, village)
      await fillJournal(dead, village, backedUp)
      const db = new Database(databasePath(dead))
      const recoveryKey = makeRecoveryKey()
      await writeBackup(db, stick, Date.now(), 'stick', await recipientOf(recoveryKey))
      db.close()
      await fillJournal(dead, village, sinceThen)
      const old = await startBox({ folder: dead, village, brokerUrl: broker.url })
      while ((await countHubEntries(postgres.url, village)) < backedUp + sinceThen) await sleep(500)
      await old.pause()

      const began = performance.now()
      const since = () => (performance.now() - began) / 1_000
      const log = { info: () => {}, warn: () => {} }
      await restoreFromStick({
        ...{ target: databasePath(data), stickFolder: stick, village, key: recoveryKey, now: Date.now(), log },
      })
      const restored = since()
      const key = run('hub', 'key', '--config', hub.config).match(/[A-Za-z0-9_-]{43}/)?.[0] ?? ''
      const port = await freePort()
      const config = join(data, 'balai.toml')
      writeFileSync(
        config,
        `village = "${village}"\nname = "Desa Uji"\ndistrict = "Uji"\nzone = "WIB"\ndata = "${data}"\nhub_key = "${key}"\n` +
          `log = "warn"\n[lan]\nhost = "127.0.0.1"\nhttp_port = ${port}\nhttps_port = 0\n[mqtt]\nurl = "${broker.url}"\n`,
      )
      const box = await startBoxWith(config, `http://127.0.0.1:${port}`, '/metrics')
      closers.push(box.pause)
      const open = since()
      // What a reissued enrolment file says by itself.
      let id: string | undefined
      while (!id) {
        await sleep(200)
        id = run('hub', 'boxes', village, '--config', hub.config).match(/^(\S+) {2}(?!owner)/m)?.[1]
      }
      run('hub', 'owner', village, id, '--config', hub.config)
      const kiosk = await openKiosk(box.url)
      for (;;) {
        const taken = await kiosk.take(service).catch(() => null)
        if (taken) break
        await sleep(200)
      }
      const number = since()
      printTable([
        [`${backedUp} entries on the stick, ${sinceThen} more at the regency`, 's'],
        ['backup checked and in place', round(restored, 1)],
        ['pages open', round(open, 1)],
        ['history back, first number given', round(number, 1)],
      ])
      return { restoredS: round(restored, 1), openS: round(open, 1), firstNumberS: round(number, 1) }
    } finally {
      for (const close of closers.reverse()) await close()
    }
  },
}

const run = (...words: string[]): string =>
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', balai, ...words], { encoding: 'utf8' })
