import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTokens } from '../../appliance/automation/tokens.ts'
import { listenLink } from '../../appliance/base/web/link-socket.ts'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { commandKey } from './command-key.js'
import { backOff, startEntryStream } from './entry-stream.js'
import { createLink, type LinkError } from './link.js'

let box: TestBox
let services: string[]
let link: ReturnType<typeof createLink>
let shut: () => Promise<void>
const folder = mkdtempSync(join(tmpdir(), 'link-'))

beforeAll(async () => {
  box = await openTestBox()
  const office = await furnish(box)
  services = office.services
  const token = createTokens(box.store, box.journal).make({
    ...{ name: 'Uji', scopes: ['read'] },
    ...{ actor: office.technician, key: null },
  })
  const socketPath = join(folder, 'link.sock')
  shut = await listenLink(box.app, socketPath, '/api/flows/')
  link = createLink({ socketPath, token })
})
afterAll(async () => {
  link.close()
  await shut()
  await box.remove()
  rmSync(folder, { recursive: true, force: true })
})

const take = () => box.queue.takeTicket({ service: services[0] ?? '', ...by('kiosk:1') }).label
type Hear = { entries?: string[]; onEntry?: () => void; onOpen?: () => void; onTrouble?: (error: unknown) => void }

const read = (
  reader: string,
  { entries = [], onEntry = () => {}, onOpen = () => {}, onTrouble = () => {} }: Hear,
  silence?: number,
) =>
  startEntryStream({
    ...{ link, reader, types: 'queue.ticket-taken', onOpen, onTrouble, random: () => 0 },
    async take({ data }) {
      entries.push((data as { label: string }).label)
      onEntry()
    },
    ...(silence === undefined ? {} : { silence }),
  })

test('a reader that is ended again and again misses nothing, and nothing comes out of order', async () => {
  await new Promise<void>((resolve) => {
    const first = read('often', { onOpen: () => void first.stop().then(resolve) })
  })
  const taken = Array.from({ length: 60 }, take)
  const entries: string[] = []
  while (new Set(entries).size < taken.length) {
    const wanted = Math.min(taken.length, new Set(entries).size + 13)
    await new Promise<void>((resolve) => {
      const onEntry = () => {
        if (new Set(entries).size === wanted) void stream.stop().then(resolve)
      }
      const stream = read('often', { entries, onEntry })
    })
  }
  const once = entries.filter((label, index) => entries.indexOf(label) === index)
  expect(once).toEqual(taken)
})

test('a link on which nothing comes is given up and opened again', async () => {
  const troubles: string[] = []
  const entries: string[] = []
  let opened = 0
  let twice = () => {}
  const openedTwice = new Promise<void>((resolve) => {
    twice = resolve
  })
  const stream = read(
    'quiet',
    {
      entries,
      onOpen: () => ++opened === 2 && twice(),
      onTrouble: (error) => troubles.push((error as LinkError).code),
    },
    50,
  )
  await openedTwice
  const label = take()
  await expect.poll(() => entries).toEqual([label])
  expect(troubles[0]).toBe('silent')
  await stream.stop()
})

test('waits grow from half a second to half a minute, half of them by chance', () => {
  expect([0, 1, 2, 5, 20].map((failures) => backOff(failures, () => 0))).toEqual([500, 1_000, 2_000, 15_000, 15_000])
  expect(backOff(20, () => 1)).toBe(30_000)
})

test('a command’s key is the box’s kind, the same for an entry that comes again, another for each node and part', () => {
  const entry = { name: 'n4me' }
  const key = commandKey('node-a', { entry })
  expect(key).toMatch(/^[A-Za-z0-9_-]{12}$/)
  expect(commandKey('node-a', { entry, payload: 'other' })).toBe(key)
  const others = [
    commandKey('node-b', { entry }),
    commandKey('node-a', { entry: { name: 'other' } }),
    commandKey('node-a', { entry, parts: { index: 0 } }),
    commandKey('node-a', { entry, parts: { index: 1 } }),
    commandKey('node-a', { entry, key: 'today' }),
    commandKey('node-a', {}),
    commandKey('node-a', {}),
  ]
  expect(new Set([key, ...others]).size).toBe(others.length + 1)
  expect(commandKey('node-a', { key: 'today' })).toBe(commandKey('node-a', { key: 'today', entry }))
})
