import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { newId } from '../appliance/base/ids.ts'
import type { createRandom } from '../bench/simulate/random.ts'
import { residentSheet } from './bring-residents.ts'
import { bringByHttp, type Caller, officePin, openCaller, setUpByHttp } from './office-by-http.ts'
import { startBox } from './programs.ts'

/* Clerks who write letters at once, over HTTP as their pages do, while the box is killed now and then. For tests only. */

const clerks = 4
const classification = '500.2'

export type Writing = Awaited<ReturnType<typeof openWriting>>

/** A box with one resident, four clerks who have the record open, and a head at four devices. */
export async function openWriting(folder: string) {
  const box = await startBox({ folder, village: '3510242008' })
  try {
    return await furnish(box, folder)
  } catch (error) {
    await box.pause()
    throw error
  }
}

async function furnish(box: Awaited<ReturnType<typeof startBox>>, folder: string) {
  const { technician, secretary } = await setUpByHttp(box.url, readFileSync(join(folder, 'setup-code'), 'utf8'))
  await secretary.call('POST', '/api/clock', { at: Date.now() })
  await technician.call('POST', '/api/people', { name: 'Kepala', role: 'head', pin: officePin })
  for (let n = 0; n < clerks; n++)
    await technician.call('POST', '/api/people', { name: `Penulis ${n}`, role: 'clerk', pin: officePin })
  const siti = { name: 'SITI AMINAH', nik: '3510244107800001', sex: 2, birthDate: '1980-07-01' }
  await bringByHttp(secretary, 'penduduk.csv', Buffer.from(residentSheet([siti])))
  await secretary.call('POST', '/api/imports/apply', {})
  const { body } = await secretary.send('POST', '/api/residents/find', { query: 'siti' })
  const resident = (body as { found: { resident: string }[] }).found[0]?.resident ?? ''
  const desks = await Promise.all(
    Array.from({ length: clerks }, async (_, n) => {
      const clerk = await logIn(box.url, `Penulis ${n}`)
      await clerk.call('POST', `/api/residents/${resident}/open`, { reason: 'present', note: '' })
      return { clerk, head: await logIn(box.url, 'Kepala') }
    }),
  )
  const { signatories } = (await secretary.call('GET', '/api/live/letters')) as { signatories: { signatory: string }[] }
  return { box, folder, resident, desks, signatory: signatories[0]?.signatory ?? '' }
}

async function logIn(url: string, name: string): Promise<Caller> {
  const caller = openCaller(url)
  const { people } = (await caller.call('GET', '/api/session')) as { people: { account: string; name: string }[] }
  const account = people.find((person) => person.name === name)?.account
  const { status } = await caller.send('POST', '/api/session', { account, pin: officePin })
  if (status !== 200) throw new Error(`${name} is not let in: ${status}`)
  return caller
}

/**
 * Writes and approves `count` letters, the four at once, each command repeated under its key until it is answered. Meanwhile
 * the box is killed `kills` times. Answers what was confirmed, letter and number.
 */
export async function writeLetters(
  { box, desks, resident, signatory }: Writing,
  { count, kills, random }: { count: number; kills: number; random: ReturnType<typeof createRandom> },
): Promise<Map<string, string>> {
  const confirmed = new Map<string, string>()
  let left = count
  const writing = desks.map(async ({ clerk, head }) => {
    while (left-- > 0) {
      const typed = { jenis_usaha: 'Warung', alamat_usaha: 'Krajan' }
      const body = { template: 'keterangan-usaha', resident, signatory, typed, key: newId() }
      const { letter } = await persist(clerk, '/api/letters', body)
      const { written } = await persist(head, `/api/letters/${letter}/issue`, { key: newId() })
      confirmed.set(String(letter), String(written))
    }
  })
  let over = false
  const killing = (async () => {
    for (let n = 0; n < kills && !over; n++) {
      await sleep(random.between(50, 900))
      if (over) return n
      await box.kill()
      await box.restart()
    }
    return kills
  })()
  try {
    await Promise.all(writing)
  } finally {
    over = true
    await killing
  }
  return confirmed
}

/** Until the box answers: a connection that broke says nothing of what was done, the same key asks again. */
async function persist(caller: Caller, path: string, body: object): Promise<Record<string, unknown>> {
  const giveUpAt = performance.now() + 60_000
  for (;;) {
    try {
      const { status, body: answer } = await caller.send('POST', path, body)
      if (status < 400) return answer
      // A box without NTP asks after each start, as its page does.
      if (answer.code === 'letters.date-doubtful') await caller.call('POST', '/api/clock', { at: Date.now() })
      else if (status < 500) throw new RangeError(`${path}: ${status} ${JSON.stringify(answer)}`)
    } catch (error) {
      if (error instanceof RangeError || performance.now() > giveUpAt) throw error
    }
    await sleep(20)
  }
}

/** What stands in the register of a box that is not running, beside what was confirmed. */
export function judgeRegister(folder: string, confirmed: ReadonlyMap<string, string>) {
  const db = new Database(join(folder, 'balai.db'), { readonly: true })
  try {
    const rows = db
      .prepare<{ series: string }, { number: number; letter: string; written: string }>(
        'SELECT number, letter, written FROM letter_number WHERE series = @series ORDER BY number',
      )
      .all({ series: classification })
    const numbers = rows.map(({ number }) => number)
    const byLetter = new Map(rows.map(({ letter, written }) => [letter, written]))
    return {
      issued: rows.length,
      gaps: Math.max(0, ...numbers) - new Set(numbers).size,
      doubled: numbers.length - new Set(numbers).size + rows.length - byLetter.size,
      lost: [...confirmed].filter(([letter, written]) => byLetter.get(letter) !== written).length,
    }
  } finally {
    db.close()
  }
}
