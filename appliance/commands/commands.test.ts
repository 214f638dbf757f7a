import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { furnish, monday, openTestBox, type TestBox, testVillage } from '../../testing/test-box.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { defaultSettings, WholeSettings } from '../office/settings.ts'
import { rooms } from '../rooms.ts'
import { computeChain } from '../wire/chain.ts'
import { settingRanges } from '../wire/commands.ts'
import { epochStart } from '../wire/hash.ts'
import type { Command, WireEntry } from '../wire/messages.ts'
import { publicKeyOf, signDown } from '../wire/sign.ts'
import { signOrder, type WipeOrder } from '../wire/wipe-order.ts'
import { createCommands, type Deeds } from './commands.ts'

const { privateKey: hub } = generateKeyPairSync('ed25519')
const hubKey = publicKeyOf(hub)
const dayMs = 86_400_000

const boxes: TestBox[] = []
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove()
})
async function openBox(options: Parameters<typeof openTestBox>[0] = {}) {
  const box = await openTestBox({ hubKey, ...options })
  boxes.push(box)
  return box
}

/** As the regency sends it. */
function command(type: string, data: object = {}, { by = hub, village = testVillage, expires = monday + dayMs } = {}) {
  const unsigned = { id: newId(), type, expires, data: data as Record<string, unknown> }
  return { ...unsigned, sig: signDown(by, village, unsigned) } satisfies Command
}
const message = (text = 'Rapat jam 9') => command('message', { text, from: 'Dinas Dukcapil' })
const setting = (version: number, value: number) => command('set', { setting: 'earlyMinutes', value, version })

async function obey({ commands }: TestBox, ...given: Command[]): Promise<void> {
  for (const one of given) commands.take(one)
  await commands.settle()
}

type Written = { key: string | null; actor: string; data: Record<string, unknown> }
const outcomes = ({ store }: TestBox): Written[] =>
  store.db
    .prepare<[], { key: string; actor: string; data: string }>(
      "SELECT key, actor, data FROM entry WHERE type = 'commands.carried-out' ORDER BY row",
    )
    .all()
    .map(({ data, ...rest }) => ({ ...rest, data: JSON.parse(data) }))
const saidOf = (box: TestBox) =>
  outcomes(box).map(({ data }) => [data.type, data.outcome, data.detail].filter(Boolean).join(' '))

function expectRebuildsTheSame({ store }: TestBox): void {
  const again = new Database(':memory:')
  migrate(again, 'again')
  const result = rebuild(store.db, again, foldingOf(rooms, again), tablesOf(rooms))
  again.close()
  expect(result).toMatchObject({ differences: [], failed: [] })
}

test('SYNC-018: a message of the regency is at every desk, the oldest first, until somebody has read it', async () => {
  const box = await openBox()
  const { counters, clerks } = await furnish(box)
  const [first, second] = [message('Rapat jam 9'), message('Besok libur')]
  await obey(box, first, second)
  const shown = () => counters.map((counter) => box.screens.desk(counter).messages.map(({ text }) => text))
  expect(shown()).toEqual([
    ['Rapat jam 9', 'Besok libur'],
    ['Rapat jam 9', 'Besok libur'],
  ])
  expect(box.screens.desk(null).messages[0]).toEqual({
    ...{ command: first.id, from: 'Dinas Dukcapil', text: 'Rapat jam 9', at: monday },
  })
  expect(outcomes(box)[0]).toEqual({
    ...{ key: first.id, actor: 'hub' },
    data: { command: first.id, type: 'message', outcome: 'done' },
  })

  const read = { command: first.id, actor: clerks[0], key: newId() }
  box.commands.markRead(read)
  box.commands.markRead(read) // the page asked twice
  box.commands.markRead({ ...read, actor: clerks[1], key: newId() }) // and a colleague at the same time
  expect(shown()).toEqual([['Besok libur'], ['Besok libur']])
  const entries = box.store.db.prepare("SELECT actor FROM entry WHERE type = 'commands.message-read'").pluck().all()
  expect(entries).toEqual([clerks[0]])
  expect(() => box.commands.markRead({ ...read, command: newId(), key: newId() })).toThrow('There is no message')
  expectRebuildsTheSame(box)
})

test('what the regency wrote stands in no entry, and is gone from the box once it was read', async () => {
  const box = await openBox()
  const { clerks } = await furnish(box)
  const told = message('Pak Budi mohon dihubungi')
  await obey(box, told)
  const everything = () => JSON.stringify(box.store.db.prepare('SELECT data FROM entry').pluck().all())
  expect(everything()).not.toMatch(/Budi|Dukcapil/)
  box.commands.markRead({ command: told.id, actor: clerks[0], key: newId() })
  expect(everything()).not.toMatch(/Budi|Dukcapil/)
  expect(box.store.db.prepare('SELECT count(*) FROM office_message').pluck().get()).toBe(0)
})

test('SYNC-018, F37: a command that comes again is carried out once, also after a start and a rebuild', async () => {
  const box = await openBox()
  const [told, set] = [message(), setting(1, 45)]
  await obey(box, told, told, set)
  await obey(box, told, set)
  await box.close()
  boxes.pop()
  const again = await openBox({ folder: box.folder })
  await obey(again, set, told)
  expect(saidOf(again)).toEqual(['message done', 'set done'])
  expect(again.commands.messages()).toHaveLength(1)
  expectRebuildsTheSame(again)
})

test('SYNC-018, F62: a card that lost everything carries out nothing whose outcome came back as history', async () => {
  const lost = await openBox()
  const [told, set] = [message(), setting(7, 45)]
  await obey(lost, told, set)
  const { epoch } = lost.journal.head()
  const entries = lost.journal.readBehind(epoch, 0, 1_000).map(
    ({ key, data, type, at, clock, actor }): WireEntry => ({
      ...{ type, at, clock, actor, data: JSON.parse(data) },
      ...(key ? { key } : {}),
    }),
  )
  const box = await openBox()
  box.office.changeNotice({ text: 'siang', actor: 'box', key: null }) // it has written on: all of this comes late
  const start = epochStart(testVillage, epoch)
  const head = computeChain(testVillage, epoch, 1, start, entries).at(-1)?.hash.toString('base64url') ?? ''
  box.journal.takeHistory([{ epoch, first: 1, entries, head }], () => {})
  const before = outcomes(box).length
  await obey(box, told, set)
  expect(outcomes(box)).toHaveLength(before)
  await obey(box, setting(7, 50))
  expect(saidOf(box).at(-1)).toBe('set refused older')
  expectRebuildsTheSame(box)
})

test('SYNC-018: a command that is not signed for this village leaves nothing', async () => {
  const box = await openBox()
  const { privateKey: stranger } = generateKeyPairSync('ed25519')
  const data = { text: 'x', from: 'y' }
  await obey(
    box,
    command('message', data, { by: stranger }),
    command('message', data, { village: '3510242009' }),
    { ...message(), data: { text: 'another', from: 'y' } },
    { ...message(), expires: monday + 9 * dayMs },
  )
  const believesNobody = await openTestBox()
  boxes.push(believesNobody)
  await obey(believesNobody, message())
  for (const one of [box, believesNobody]) {
    expect(outcomes(one)).toEqual([])
    expect(one.commands.messages()).toEqual([])
  }
})

test('SYNC-018, F38: what has expired or is not understood is refused, and says what is wrong', async () => {
  const box = await openBox()
  await obey(
    box,
    command('message', { text: 'x', from: 'y' }, { expires: monday }),
    command('dance'),
    command('constructor'),
    command('message', { text: '  ', from: 'y' }),
    command('message', { text: 'x'.repeat(501), from: 'y' }),
    command('message', { text: 'x' }),
    command('set', { setting: 'recalls', value: 3, version: 1 }),
    command('set', { setting: 'earlyMinutes', value: 241, version: 1 }),
    command('set', { setting: 'earlyMinutes', value: 1.5, version: 1 }),
    command('set', { setting: 'earlyMinutes', value: 10, version: 0 }),
  )
  expect(saidOf(box)).toEqual([
    'message expired',
    'dance refused unknown-type',
    'constructor refused unknown-type',
    'message refused wrong-data.text',
    'message refused wrong-data.text',
    'message refused wrong-data.from',
    'set refused wrong-data.setting',
    'set refused wrong-data.value',
    'set refused wrong-data.value',
    'set refused wrong-data.version',
  ])
  expect(box.office.settings()).toEqual(defaultSettings)
  expect(box.commands.messages()).toEqual([])
})

test('F37: a setting takes a higher version only, each setting by itself, and the change is an entry of its room', async () => {
  const box = await openBox()
  await obey(
    box,
    setting(5, 45),
    setting(4, 10),
    setting(5, 20),
    command('set', { setting: 'phonePercent', value: 0, version: 3 }),
  )
  expect(box.office.settings()).toEqual({ ...defaultSettings, earlyMinutes: 45, phonePercent: 0 })
  expect(saidOf(box)).toEqual(['set done', 'set refused older', 'set refused older', 'set done'])
  const changes = box.store.db.prepare("SELECT actor FROM entry WHERE type = 'queue.settings-changed'").pluck().all()
  expect(changes).toEqual(['hub', 'hub'])
  await obey(box, setting(6, 50))
  expect(box.office.settings().earlyMinutes).toBe(50)
  expectRebuildsTheSame(box)
})

test('what a regency may set has the range that the office itself has', () => {
  for (const [name, { minimum, maximum }] of Object.entries(settingRanges)) {
    const own: object = WholeSettings.properties[name as keyof typeof settingRanges]
    expect(own, name).toMatchObject({ minimum, maximum })
  }
})

test('looking at the checks answers how many need somebody; a backup says how it went with the stick', async () => {
  const box = await openBox()
  box.alarms.set('backup.stick', true, 'warning')
  await obey(box, command('check'), command('announce'), command('backup'))
  const [checked, announced, backedUp] = saidOf(box)
  expect(checked).toMatch(/^check done [1-9]\d*$/)
  expect(announced).toBe('announce done')
  expect(backedUp).toBe('backup done no-stick')
})

/** The room alone, with deeds of the test's own. */
async function openAlone(deeds: Partial<Deeds>, wipeKey: string | null = null) {
  const box = await openBox()
  const done: string[] = []
  const commands = createCommands({
    ...{ store: box.store, journal: box.journal, clock: box.clock, hubKey, log: pino({ level: 'silent' }) },
    ...{ box: 'b'.repeat(22), wipeKey },
    configured: ['mqtts://one.example:8883'],
    deeds: {
      announce: () => void done.push('announce'),
      check: async () => 0,
      changeSetting: (name, value) => void done.push(`${name} ${value}`),
      backUp: async () => 'stick',
      whenSent: async () => {},
      restart: () => void done.push('restart'),
      async tryBroker(url) {
        done.push(`tries ${url}`)
        return null
      },
      answerProposal: () => null,
      takeRelayed: async () => null,
      markWipe: () => void done.push('mark'),
      wipe: () => void done.push('wipe'),
      takeCaseState: () => null,
      takeNotice: async () => null,
      takeCaseDocument: () => null,
      newBrokers: () => void done.push('goes there'),
      ...deeds,
    },
  })
  return { box, commands, done }
}

test('SYNC-018: commands are carried out one after the other in the order in which they came, never two at once', async () => {
  let end = () => {}
  const running = new Promise<void>((resolve) => {
    end = resolve
  })
  const { box, commands, done } = await openAlone({
    async backUp() {
      done.push('begins')
      await running
      done.push('ends')
      return 'stick'
    },
  })
  const given = [command('announce'), command('backup'), setting(1, 5), command('backup'), setting(2, 6)]
  for (const one of given) commands.take(one)
  for (const one of given) commands.take(one) // after another hello
  await expect.poll(() => done).toEqual(['announce', 'begins'])
  end()
  await commands.settle()
  expect(done).toEqual(['announce', 'begins', 'ends', 'earlyMinutes 5', 'begins', 'ends', 'earlyMinutes 6'])
  expect(saidOf(box)).toHaveLength(5)
})

const move = (version: number, ...brokers: string[]) => command('move-broker', { version, brokers })

test('a broker that was tried goes before those of before, with an entry that a rebuild reads; one without TLS is not tried', async () => {
  const { box, commands, done } = await openAlone({})
  const given = [
    move(5, 'mqtts://new.example:8883'),
    move(5, 'mqtts://other.example:8883'),
    move(6, 'mqtt://new.example'),
    move(7, 'http://new.example'),
  ]
  for (const one of given) commands.take(one)
  await commands.settle()
  expect(saidOf(box)).toEqual([
    'move-broker done',
    'move-broker refused older',
    'move-broker refused wrong-data.brokers',
    'move-broker refused wrong-data.brokers',
  ])
  expect(done).toEqual(['tries mqtts://new.example:8883', 'goes there'])
  expect(commands.brokers()).toEqual(['mqtts://new.example:8883', 'mqtts://one.example:8883'])
  expectRebuildsTheSame(box)
})

test('a trial that fails keeps the brokers of before; one that the end of the program cuts short leaves no outcome', async () => {
  let outcome: 'no-answer' | 'closing' = 'no-answer'
  const { box, commands, done } = await openAlone({ tryBroker: async () => outcome })
  commands.take(move(5, 'mqtts://new.example:8883'))
  await commands.settle()
  outcome = 'closing'
  commands.take(move(6, 'mqtts://new.example:8883'))
  await commands.settle()
  expect(saidOf(box)).toEqual(['move-broker failed broker-no-answer'])
  expect(done).toEqual([])
  expect(commands.brokers()).toEqual(['mqtts://one.example:8883'])
})

test('SYNC-018: an order to wipe that does not hold is refused, each with its reason, and nothing is lost', async () => {
  const { privateKey: wipe } = generateKeyPairSync('ed25519')
  const { privateKey: stranger } = generateKeyPairSync('ed25519')
  const own = { village: testVillage, box: 'b'.repeat(22) }
  /** The command of an order; what it names may be changed. */
  const ordered = (by: KeyObject, changes: Partial<WipeOrder> = {}) => {
    const id = newId()
    const order = signOrder(by, { ...own, id, at: monday, expires: monday + dayMs, ...changes })
    const unsigned = { id, type: 'wipe', expires: monday + dayMs, data: { order } }
    return { ...unsigned, sig: signDown(hub, testVillage, unsigned) } satisfies Command
  }
  const { box, commands, done } = await openAlone({}, publicKeyOf(wipe))
  const given = [
    ordered(stranger),
    ordered(hub),
    ordered(wipe, { village: '3510242009' }),
    ordered(wipe, { box: 'c'.repeat(22) }),
    ordered(wipe, { id: newId() }),
    ordered(wipe, { expires: monday }),
    command('wipe', { order: { ...own, at: monday } }),
    command('wipe'),
  ]
  for (const one of given) commands.take(one)
  await commands.settle()
  const without = await openAlone({})
  without.commands.take(ordered(wipe))
  await without.commands.settle()
  expect([...saidOf(box), ...saidOf(without.box)]).toEqual([
    ...['signature', 'signature', 'village', 'box', 'repeated', 'expired'].map((why) => `wipe refused wipe-${why}`),
    ...['wipe refused wrong-data.id', 'wipe refused wrong-data.order', 'wipe refused wipe-no-key'],
  ])
  expect([...done, ...without.done]).toEqual([])

  // And one that holds: marked, then said, then sent, then done; nothing that was asked afterwards is.
  const last = await openAlone(
    { whenSent: async () => void last.done.push(saidOf(last.box).join()) },
    publicKeyOf(wipe),
  )
  for (const one of [ordered(wipe), command('announce')]) last.commands.take(one)
  await last.commands.settle()
  expect(last.done).toEqual(['mark', 'wipe done', 'wipe'])
  expect(saidOf(last.box)).toEqual(['wipe done'])
})

test('a deed that fails says why and stops none behind it', async () => {
  const { box, commands } = await openAlone({
    backUp: () => Promise.reject(new AppError('unavailable', 'backup.full', 'There is no room.')),
    check: () => Promise.reject(new TypeError('a mistake of ours')),
  })
  for (const one of [command('backup'), command('check'), setting(1, 5)]) commands.take(one)
  await commands.settle()
  expect(saidOf(box)).toEqual(['backup failed backup.full', 'check failed unexpected', 'set done'])
})

test('a disk that takes nothing leaves no outcome: the command is carried out when it comes again', async () => {
  let fails = true
  const { box, commands } = await openAlone({
    changeSetting: () => {
      if (fails) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
    },
  })
  const set = setting(1, 5)
  commands.take(set)
  await commands.settle()
  expect(saidOf(box)).toEqual([])
  fails = false
  commands.take(set)
  await commands.settle()
  expect(saidOf(box)).toEqual(['set done'])
})

test('a restart comes after its outcome is on disk and has had its time to reach the regency', async () => {
  const order: string[] = []
  const { box, commands } = await openAlone({
    whenSent: async (withinMs) => void order.push(`${saidOf(box).join()} within ${withinMs}`),
    restart: () => void order.push('restart'),
  })
  const restart = command('restart')
  commands.take(restart)
  await commands.settle()
  commands.take(restart)
  await commands.settle()
  expect(order).toEqual(['restart done within 10000', 'restart'])
})

test('a box that closes begins nothing more, ends what runs, and leaves the rest for the next hello', async () => {
  let end = () => {}
  const { box, commands, done } = await openAlone({
    backUp: () =>
      new Promise((resolve) => {
        end = () => resolve(null)
      }),
  })
  commands.take(command('backup'))
  commands.take(command('announce'))
  await expect.poll(() => end.toString()).toContain('resolve(null)')
  commands.giveUp()
  end()
  await commands.stop()
  expect(done).toEqual([])
  expect(saidOf(box)).toEqual([])
})
