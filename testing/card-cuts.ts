import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { newId } from '../appliance/base/ids.ts'
import { createRandom } from '../bench/simulate/random.ts'
import type { EmulatedOffice } from './emulated-office.ts'
import { partitionOf, withSbin } from './emulated-pi.ts'
import { playPowerCuts, readWriteLog } from './lost-writes.ts'
import type { Caller } from './office-by-http.ts'

/** A number that a kiosk was told, and how long the record of the card's writes was then. */
export type Confirmed = { key: string; logBytes: number }

/** Kiosks that take numbers all at once, eighteen each: twenty in a row are given and not more. */
export async function takeManyNumbers(office: EmulatedOffice, writeLog: string, kiosks: number): Promise<Confirmed[]> {
  const callers: Caller[] = []
  while (callers.length < kiosks) callers.push(await office.addKiosk())
  const confirmed: Confirmed[] = []
  // Eight at a time: an office has not more of them.
  for (let first = 0; first < kiosks; first += 8)
    await Promise.all(
      callers.slice(first, first + 8).map(async (kiosk) => {
        for (let visitor = 0; visitor < 18; visitor++) {
          const key = newId()
          await kiosk.call('POST', '/api/tickets', { service: office.service(), key })
          confirmed.push({ key, logBytes: statSync(writeLog).size })
        }
      }),
    )
  return confirmed
}

type Cuts = {
  card: string
  /** A folder for what a cut leaves; in memory where there is room, since each is a copy. */
  folder: string
  writeLog: string
  /** The data partition as it was before the first write of the record; it is written on. */
  dataBefore: string
  confirmed: readonly Confirmed[]
  count: number
}

/**
 * Power cuts while numbers were given, each of which loses a random half of what was not flushed. Answers how many there
 * were, and how many confirmed numbers are missing after one; throws for data that does not mend itself.
 */
export function loseWrites({ card, folder, writeLog, dataBefore, confirmed, count }: Cuts) {
  const log = readWriteLog(writeLog)
  const busy = log.flushes.filter(({ endAt }) => endAt >= (confirmed[0]?.logBytes ?? 0))
  // Where there are fewer flushes than cuts, several cuts lose each another half.
  const cuts = Array.from({ length: count }, (_, index) => busy[Math.floor((index * busy.length) / count)]).filter(
    (cut) => cut !== undefined,
  )
  let lost = 0
  playPowerCuts({
    ...{ log, partition: dataBefore, startsAt: partitionOf(card, 4).start, cuts, random: createRandom(17) },
    onCut(file, cut) {
      assertMended(file)
      const keys = readTaken(file, folder)
      lost += confirmed.filter(({ key, logBytes }) => logBytes <= cut.endAt && !keys.has(key)).length
    },
  })
  return { cuts: cuts.length, lost }
}

function assertMended(file: string): void {
  const check = (word: string) => spawnSync('e2fsck', [word, file], { encoding: 'utf8', env: withSbin })
  const mended = check('-p')
  if ((mended.status ?? 8) >= 4) throw new Error(`e2fsck -p does not mend it: ${mended.stdout}${mended.stderr}`)
  const checked = check('-fn')
  if (checked.status !== 0) throw new Error(`e2fsck -fn still finds: ${checked.stdout}${checked.stderr}`)
}

/** The keys of all numbers in the box's database on a data partition; throws for one that SQLite finds damaged. */
function readTaken(partition: string, folder: string): Set<string> {
  const path = join(folder, 'balai.db')
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  for (const suffix of ['', '-wal'])
    execFileSync('debugfs', ['-R', `dump /var/lib/balai/balai.db${suffix} ${path}${suffix}`, partition], {
      ...{ stdio: 'ignore', env: withSbin },
    })
  const db = new Database(path)
  try {
    const found = db.pragma('integrity_check', { simple: true })
    if (found !== 'ok') throw new Error(`SQLite finds: ${found}`)
    return new Set(db.prepare<[], string>(`SELECT key FROM entry WHERE type = 'queue.ticket-taken'`).pluck().all())
  } finally {
    db.close()
  }
}
