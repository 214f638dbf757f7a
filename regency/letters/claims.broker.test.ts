import { connectAsync } from 'mqtt'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../appliance/base/clock.ts'
import { newId } from '../../appliance/base/ids.ts'
import { readPrivateKey } from '../../appliance/wire/sign.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { type HubAndBoxes, hubSeed, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { furnish, type TestBox } from '../../testing/test-box.ts'
import { packCommand } from '../commands/sending.ts'

/* A letter of one village that is collected in another: through a real broker, and a hub that can read none of it. */

/** Two of each test: a second box of a village would not be its own. */
const villages = Array.from({ length: 6 }, (_, index) => `351001200${index + 1}`)
let used = 0
const birthDate = '1980-07-01'
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('claims', villages)
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(() => place.close())

/** An office with a head and one resident. */
async function openOffice(village: string, more: Parameters<HubAndBoxes['openOffice']>[1] = {}) {
  const box = await place.openOffice(village, { name: `Desa ${village.slice(-4)}`, ...more })
  await furnish(box)
  const head = await box.people.addAccount({
    ...{ as: 'head', name: 'Bu Kades', role: 'head', pin: '258014', actor: 'x', key: null },
  })
  const siti = { name: 'SITI AMINAH', nik: '3510014107800001', birthDate, birthPlace: 'GLENMORE' }
  const undated = { name: 'PAK TANPA', nik: '3510014107800002' }
  await bringResidents(box, residentSheet([siti, undated]), { actor: 'secretary-000' })
  return { box, head }
}

async function requestLetter(box: TestBox, head: string, who = 'siti'): Promise<string> {
  const resident = box.residents.find(who)[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'head', reason: 'present', note: '', actor: head, key: null })
  const signatory = box.letters.signatories()[0]?.signatory ?? ''
  const typed = { keperluan: 'Melamar pekerjaan di pabrik gula' }
  return await box.letters.request({ template: 'pengantar-skck', resident, signatory, typed, actor: head, key: null })
}

async function issueLetter(box: TestBox, head: string, who = 'siti'): Promise<{ letter: string; written: string }> {
  const letter = await requestLetter(box, head, who)
  return { letter, written: await box.letters.issue({ letter, as: 'head', actor: head, key: null }) }
}

const giveCode = (box: TestBox, letter: string, anew = false) =>
  box.claims.giveCode({ letter, anew, actor: 'x', key: newId() })

const stateOf = (box: TestBox, claim: string) => box.claims.view().asked.find((one) => one.claim === claim)

async function openBoth(more: Parameters<HubAndBoxes['openOffice']>[1] = {}) {
  const [issuer = '', asker = ''] = villages.slice(used, used + 2)
  used += 2
  const logs: string[] = []
  const hub = await place.openReadyHub([], pino({ level: 'trace' }, { write: (line: string) => void logs.push(line) }))
  const from = await openOffice(issuer, { ...more, onLog: (line) => void logs.push(line) })
  const to = await openOffice(asker, { ...more, onLog: (line) => void logs.push(line) })
  const { written } = await issueLetter(from.box, from.head)
  await until(
    async () => (await place.database.query('SELECT FROM letter WHERE written = $1', [written])).rowCount === 1,
  )
  // A list that is fresh is left for six hours.
  await place.database.query("UPDATE dataset_version SET at = at - interval '7 hours' WHERE dataset = 'letters'")
  await hub.lookAtLetters()
  await hub.lookAtOffers()
  await until(() => to.box.datasets.read('letters')?.keys.some(({ village }) => village === issuer) ?? false)
  return { hub, from, to, logs, issuer, asker }
}

async function settled(box: TestBox, claim: string): Promise<string> {
  const isOpen = () => ['here', 'waiting', undefined].includes(stateOf(box, claim)?.state)
  await until(() => !isOpen(), 45_000)
  return stateOf(box, claim)?.state ?? ''
}

test('SYNC-022: a letter is collected in another village by its code and a birth date, and nobody between can read it', async () => {
  const heard = await place.hearAll()
  const { from, to, logs, issuer, asker } = await openBoth()
  const { letter, written } = await issueLetter(from.box, from.head)
  const code = await giveCode(from.box, letter)
  expect(await giveCode(from.box, letter)).toBe(code)

  const key = newId()
  const ask = () => to.box.claims.ask({ code: code.toLowerCase(), birthDate, actor: 'clerk-------', key })
  const claim = await ask()
  expect(await ask()).toBe(claim)
  expect(await settled(to.box, claim)).toBe('given')
  const { mark: _mark, ...paper } = from.box.letters.paper(letter, from.head) ?? { mark: null }
  expect(to.box.claims.paper(claim)).toEqual({ ...paper, mark: null })
  expect(stateOf(to.box, claim)?.paper).toEqual({
    ...{ title: 'Surat Pengantar SKCK', written, name: 'SITI AMINAH', issuer: 'Desa 2001' },
  })
  expect(to.box.letters.check(to.box.claims.paper(claim).code ?? '', 'siti aminah')).toMatchObject({
    ...{ verdict: 'signed', name: true },
  })
  // The issuing box says to whom it was: on its page, and in the trail of the record.
  expect(from.box.claims.view().answered[0]).toMatchObject({ claim, village: asker, outcome: 'given', written })
  const resident = from.box.residents.find('siti')[0]?.resident ?? ''
  expect(from.box.residents.trail(resident, from.head).trail[0]).toMatchObject({ name: '35.10.01.2002' })
  expect(lineOf(from.box, letter)).toMatchObject({ collectedAt: null, claim: code })

  to.box.claims.handOut({ claim, actor: 'clerk-------', key: newId() })
  expect(stateOf(to.box, claim)).toMatchObject({ state: 'handed' })
  await until(() => lineOf(from.box, letter)?.collectedAt !== null)
  expect(lineOf(from.box, letter)).toMatchObject({ collectedVillage: asker })

  // What is private of it goes after its days; the row says so.
  const other = await to.box.claims.ask({
    ...{ code: await giveCode(from.box, (await issueLetter(from.box, from.head)).letter), birthDate },
    ...{ actor: 'clerk-------', key: newId() },
  })
  expect(await settled(to.box, other)).toBe('given')
  to.box.store.write((tx) => {
    to.box.journal.eraseParts(tx, [rowOf(to.box, other).answeredRow])
  })
  expect(stateOf(to.box, other)).toMatchObject({ state: 'erased', paper: null })
  expect(() => to.box.claims.paper(other)).toThrow(expect.objectContaining({ code: 'claims.no-paper' }))

  // The same commands once more, under another id, as a hub that was restored would give them: no second answer, no double.
  const before = from.box.claims.view()
  const { rows: commands } = await place.database.query<{ type: string; data: Record<string, unknown> }>(
    `SELECT type, data FROM command_given WHERE type LIKE 'claim%' AND data->>'claim' = $1 ORDER BY given`,
    [claim],
  )
  expect(commands.map(({ type }) => type)).toEqual(['claim', 'claim-answer', 'claim-handed'])
  const sender = await connectAsync(place.broker.url)
  place.onClose(() => sender.endAsync())
  for (const command of commands) {
    const village = command.type === 'claim-answer' ? asker : issuer
    const again = { ...command, id: newId(), expires: Date.now() + 3_600_000_000 }
    await sender.publishAsync(villageTopics(village).command, packCommand(readPrivateKey(hubSeed), village, again), {
      qos: 1,
    })
    await until(async () => (await outcomeOf(village, again.id)) === 'done')
  }
  expect(from.box.claims.view()).toEqual(before)

  const { rows } = await place.database.query(
    'SELECT c.village, c.issuer, c.handed_at IS NOT NULL AS handed, a.outcome, a.letter FROM letter_claim c JOIN letter_claim_answer a ON a.village = c.issuer AND a.asker = c.village AND a.claim = c.claim WHERE c.claim = $1',
    [claim],
  )
  expect(rows).toEqual([{ village: asker, issuer, handed: true, outcome: 'given', letter }])
  const { rows: all } = await place.database.query<{ text: string }>(
    `SELECT string_agg(t, ' ') AS text FROM (
       SELECT e::text AS t FROM entry e UNION ALL SELECT g::text FROM command_given g
       UNION ALL SELECT c::text FROM letter_claim c UNION ALL SELECT a::text FROM letter_claim_answer a) AS everything`,
  )
  expect(all[0]?.text).toContain(claim)
  expect(heard.join()).toContain(claim)
  for (const planted of [
    'SITI',
    '3510014107800001',
    birthDate,
    'pabrik gula',
    'GLENMORE',
    code,
    code.replaceAll('-', ''),
  ])
    expect([all[0]?.text, ...heard, ...logs].join('\n')).not.toContain(planted)
}, 60_000)

test('each code that gives no letter says why, and five wrong birth dates lock one, also over a restart', async () => {
  const { from, to, issuer } = await openBoth()
  const ask = (code: string, born = birthDate) =>
    to.box.claims.ask({ code, birthDate: born, actor: 'clerk-------', key: newId() })
  const outcome = async (code: string, born = birthDate) => settled(to.box, await ask(code, born))

  const waiting = await giveCode(from.box, await requestLetter(from.box, from.head))
  const { letter: voided } = await issueLetter(from.box, from.head)
  const voidCode = await giveCode(from.box, voided)
  await from.box.letters.makeVoid({ letter: voided, reason: 'Salah', actor: from.head, key: null })
  const { letter: collected } = await issueLetter(from.box, from.head)
  const collectedCode = await giveCode(from.box, collected)
  from.box.letters.collect({ letter: collected, actor: from.head, key: null })
  const undated = await giveCode(from.box, (await issueLetter(from.box, from.head, 'tanpa')).letter)
  expect(await outcome(waiting)).toBe('not-issued')
  expect(await outcome(voidCode)).toBe('void')
  expect(await outcome(collectedCode)).toBe('collected')
  expect(await outcome(undated)).toBe('undated')
  // Whoever has only the code learns nothing of the letter.
  expect(await outcome(voidCode, '1980-07-02')).toBe('wrong')

  const { letter } = await issueLetter(from.box, from.head)
  const code = await giveCode(from.box, letter)
  const first = await ask(code, '1980-07-02')
  expect(await settled(to.box, first)).toBe('wrong')
  expect(stateOf(to.box, first)).toMatchObject({ left: 4 })
  for (const day of ['1980-07-03', '1980-07-04']) expect(await outcome(code, day)).toBe('wrong')
  await from.box.close()
  const again = await place.openOffice(issuer, { folder: from.box.folder })
  expect(await outcome(code, '1980-07-05')).toBe('wrong')
  expect(await outcome(code, '1980-07-06')).toBe('locked')
  expect(await outcome(code)).toBe('locked')
  const other = await giveCode(again, letter, true)
  expect(other).not.toBe(code)
  expect(await outcome(code)).toBe('unknown')
  expect(await outcome(other)).toBe('given')

  const typo = `${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`
  await expect(ask(typo)).rejects.toMatchObject({ code: 'claims.mistyped', details: { field: 'code' } })
  await expect(ask('A001')).rejects.toMatchObject({ code: 'claims.short' })
  await expect(ask(code, '1980-02-31')).rejects.toMatchObject({ code: 'claims.wrong-day' })
  const own = await giveCode(to.box, (await issueLetter(to.box, to.head)).letter)
  await expect(ask(own)).rejects.toMatchObject({
    code: 'claims.own',
    details: { number: expect.stringContaining('/') },
  })
}, 60_000)

test('a request waits for a box that is off, and for the own line, and says which', async () => {
  // A clock that goes: a lost line is sought again after a while.
  const more = { system: systemClock }
  const { from, to, issuer } = await openBoth(more)
  const { letter } = await issueLetter(from.box, from.head)
  const code = await giveCode(from.box, letter)
  await from.box.close()
  // A box of an older program says that it knows no such command.
  const untaken = await to.box.claims.ask({ code, birthDate, actor: 'clerk-------', key: newId() })
  const refuse = `
    INSERT INTO command_outcome (village, id, at, outcome, detail)
    SELECT c.village, c.id, now(), 'refused', 'unknown-type'
    FROM command c JOIN command_given g USING (given) WHERE g.data->>'claim' = $1`
  await until(async () => (await place.database.query(refuse, [untaken])).rowCount === 1)
  expect(await settled(to.box, untaken)).toBe('untaken')
  const claim = await to.box.claims.ask({ code, birthDate, actor: 'clerk-------', key: newId() })
  await until(() => stateOf(to.box, claim)?.state === 'waiting')
  expect(to.box.claims.view().line).toBe('up')
  await place.broker.pause()
  const later = await to.box.claims.ask({ code, birthDate, actor: 'clerk-------', key: newId() })
  await until(() => to.box.claims.view().line === 'down')
  expect(stateOf(to.box, later)).toMatchObject({ state: 'here' })
  await place.broker.restart()
  const again = await place.openOffice(issuer, { ...more, folder: from.box.folder })
  expect(await settled(to.box, claim)).toBe('given')
  expect(await settled(to.box, later)).toBe('given')
  expect(again.claims.view().answered).toHaveLength(2)
}, 60_000)

const rowOf = (box: TestBox, claim: string) =>
  box.store.db
    .prepare<[string], { answeredRow: number }>('SELECT answered_row AS answeredRow FROM claim WHERE claim = ?')
    .get(claim) ?? { answeredRow: 0 }

const lineOf = (box: TestBox, letter: string) =>
  box.letters.register({ year: null, before: null }).lines.find((line) => line.letter === letter)

async function outcomeOf(village: string, id: string): Promise<string | undefined> {
  const { rows } = await place.database.query<{ data: { outcome: string } }>(
    `SELECT data FROM entry WHERE village = $1 AND type = 'commands.carried-out' AND data->>'command' = $2`,
    [village, id],
  )
  return rows[0]?.data.outcome
}
