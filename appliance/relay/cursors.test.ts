import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { openTestBox, type TestBox } from '../../testing/test-box.ts'
import { openIdentity } from '../base/broker/identity.ts'
import { limits } from '../wire/messages.ts'
import { createSenderShell } from './sender-shell.ts'

let box: TestBox | null = null
afterEach(() => box?.remove())

const nothing = () => {}
const session = 's'.repeat(16)

/** The sender of a box, at a hub that has committed whatever it asks about. */
async function openSender() {
  const opened = await openTestBox()
  box = opened
  const { store, journal, time, folder, office } = opened
  const shell = createSenderShell({
    ...{ store, journal, hubKey: null, bytesPerHour: null, mostBytes: limits.batchWireBytes },
    identity: openIdentity(folder, { serial: 'test', card: 'test' }),
    monotonicMs: time.monotonic,
    random: () => 0.5,
    log: pino({ level: 'silent' }),
    ...{ connect: nothing, disconnect: nothing, publish: nothing, onHubTime: nothing, onConnected: nothing },
    ...{ onStep: nothing, onDamage: nothing, onOtherPast: nothing },
  })
  const answer = () => {
    const { epoch, seq, hash } = journal.head()
    return { session, window: 1, now: time.wall(), epoch, seq, hash: hash.toString('base64url') }
  }
  shell.take({ kind: 'tick' })
  shell.take({ kind: 'connected', session })
  const { epoch, seq, hash, ...hello } = answer()
  shell.readAck({
    ...{ ...hello, re: shell.state().hello?.n ?? 0, owner: null },
    epochs: [{ epoch, seq, hash, common: seq }],
  })
  return {
    box: opened,
    shell,
    /** The cursor on the disk. */
    stored: () => store.db.prepare<[], number>('SELECT seq FROM cursor').pluck().get(),
    /** Something is written, sent and acknowledged. Answers its place. */
    say(text: string): number {
      office.changeNotice({ text, actor: 'box', key: null })
      shell.ring()
      shell.readAck({ ...answer(), re: shell.state().open[0]?.n ?? 0 })
      return journal.head().seq
    },
    acked: () => shell.state().epochs[0]?.acked,
  }
}

test('of all that is acknowledged in ten minutes the disk is told once, and the rest before the store closes', async () => {
  const { box, shell, stored, say, acked } = await openSender()
  const first = box.journal.head().seq
  expect(stored()).toBe(first)
  let commits = 0
  box.store.onCommit(() => commits++)
  for (const text of ['satu', 'dua', 'tiga']) say(text)
  expect(commits).toBe(3)
  expect([stored(), acked()]).toEqual([first, first + 3])
  box.time.advance(10 * 60_000)
  const later = say('empat')
  expect([stored(), acked()]).toEqual([later, later])
  const last = say('lima')
  expect([stored(), acked()]).toEqual([later, last])
  shell.storeCursors()
  expect(stored()).toBe(last)
})

test('a cursor that is stored late is not raised behind a cut that came before', async () => {
  const { box, shell, stored, say } = await openSender()
  say('satu')
  const last = say('dua')
  box.store.db
    .prepare(`UPDATE entry SET actor = 'x' WHERE row = (SELECT row FROM place WHERE seq = @last)`)
    .run({ last })
  shell.cutDamage()
  shell.storeCursors()
  expect(stored()).toBe(last - 1)
})
