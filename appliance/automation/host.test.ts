import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCaller } from '../../testing/office-by-http.ts'
import { furnish, openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { flowTypes } from '../wire/flow-types.ts'

/* The real Node-RED in a process of its own, driven as its editor drives it: through the box. */

/** Flows have what the machine does not need otherwise (SCHED_IDLE): beside two busy test files that is little. */
const endMs = 120_000
let box: TestBox
let made: Awaited<ReturnType<typeof furnish>>

beforeEach(async () => {
  box = await openTestBox({ flows: true })
  made = await furnish(box)
  await running()
}, 2 * endMs)
afterEach(() => box.remove())

const state = () => box.automation.view().state
const running = () => expect.poll(state, { timeout: endMs }).toBe('running')

type Answer = { status: number; body: string }

/** Somebody at the editor, with the session that the box gave him. */
async function openEditor(account: string) {
  const caller = openCaller(`http://localhost:${box.http.port}`)
  expect((await caller.send('POST', '/api/session', { account, pin: testPin })).status).toBe(200)
  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          ...{ host: 'localhost', port: box.http.port, method, path: `/flows${path}` },
          headers: {
            ...{ cookie: caller.cookie(), 'content-type': 'application/json', 'node-red-api-version': 'v2' },
            ...(method === 'GET' ? {} : { origin: `http://localhost:${box.http.port}` }),
            ...headers,
          },
        },
        (answer) => {
          const parts: Buffer[] = []
          answer.on('data', (part: Buffer) => parts.push(part))
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() }))
        },
      )
      outgoing.once('error', reject)
      outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    })
  return {
    ...caller,
    ask,
    unlock: () => caller.call('POST', '/api/flows/unlock', {}),
    /** Deploys the present flows and these nodes besides; answers what the editor hears. */
    async deploy(nodes: object[], rev?: string): Promise<Answer> {
      const read = JSON.parse((await ask('GET', '/flows')).body) as { flows: object[]; rev: string }
      return ask(
        'POST',
        '/flows',
        { flows: [...read.flows, ...nodes], rev: rev ?? read.rev },
        { 'node-red-deployment-type': 'full' },
      )
    },
  }
}

const technician = async () => {
  const editor = await openEditor(made.technician)
  await editor.unlock()
  return editor
}

/** A promise that nobody waits for: Node ends a process by it. */
const falling = 'Promise.reject(new Error("jatuh"))'

/** A function node that does this at once, behind an inject that fires at the start. */
const atStart = (code: string) => [
  { id: 'uji-tab', type: 'tab', label: 'Uji' },
  {
    id: 'uji-inject',
    type: 'inject',
    z: 'uji-tab',
    once: true,
    onceDelay: 0.1,
    repeat: '',
    props: [],
    wires: [['uji-function']],
  },
  { id: 'uji-function', type: 'function', z: 'uji-tab', name: 'Uji', func: code, outputs: 0, wires: [] },
]

test('a technician deploys; the version has his name, its entry only size and hash, and the differences are in words', async () => {
  const editor = await technician()
  expect((await editor.deploy([{ id: 'uji-tab', type: 'tab', label: 'Lampu' }])).status).toBe(200)
  const [newest, first] = box.automation.view().versions
  expect(newest).toMatchObject({ version: 2, origin: 'editor', author: 'Teknisi', sound: false })
  expect(first).toMatchObject({ version: 1, origin: 'first', author: '' })
  const saved = box.store.db
    .prepare<[], { actor: string; data: string }>(`SELECT actor, data FROM entry WHERE type = 'automation.flows-saved'`)
    .all()
  expect(saved).toHaveLength(1)
  expect(saved[0]?.actor).toBe(made.technician)
  expect(saved[0]?.data).not.toContain('Lampu')
  const { differences } = await editor.call('GET', '/api/flows/versions/2/differences')
  expect(differences).toEqual([{ what: 'added', node: 'Lampu', type: 'tab' }])
})

test('a stale revision is a conflict, and what runs stays', async () => {
  const editor = await technician()
  expect((await editor.deploy([{ id: 'uji-tab', type: 'tab', label: 'Satu' }])).status).toBe(200)
  const stale = await editor.deploy([{ id: 'uji-tab-2', type: 'tab', label: 'Dua' }], '0000')
  expect(stale.status).toBe(409)
  expect(box.automation.view().versions[0]?.version).toBe(2)
})

test('who has not unlocked writing reads, a clerk is refused, a stranger too, and a page of elsewhere', async () => {
  const locked = await openEditor(made.technician)
  expect((await locked.ask('GET', '/flows')).status).toBe(200)
  expect((await locked.deploy([])).status).toBe(401)
  const clerk = await openEditor(made.clerks[0])
  expect((await clerk.ask('GET', '/flows')).status).toBe(403)
  const stranger = await fetch(`http://localhost:${box.http.port}/flows/flows`)
  expect(stranger.status).toBe(401)
  await locked.unlock()
  expect((await locked.ask('POST', '/flows', [], { origin: 'http://evil.example' })).status).toBe(403)
  expect((await locked.ask('POST', '/flows', [], { origin: '' })).status).toBe(403)
  // What says who he is only the box can write.
  expect((await clerk.ask('GET', '/flows', undefined, { 'x-balai-editor': 'x.e30' })).status).toBe(403)
})

test('nothing can be installed, and the shut nodes are not there', async () => {
  const editor = await technician()
  expect((await editor.ask('POST', '/nodes', { module: 'node-red-dashboard' })).status).toBe(404)
  const known = (await editor.ask('GET', '/nodes', undefined, { accept: 'application/json' })).body
  for (const type of ['"exec"', '"tcp in"', '"http in"', '"http request"', '"mqtt in"', '"file"'])
    expect(known).not.toContain(type)
  for (const type of ['"inject"', '"function"', '"balai entries"']) expect(known).toContain(type)
  // What a regency may publish is what boxes have, and no more. The hub's own node is here where its driver is: not on a box.
  const here = (JSON.parse(known) as { types: string[] }[]).flatMap(({ types }) => types)
  expect(here.filter((type) => !flowTypes.has(type) && type !== 'balai hub entries')).toEqual([])
})

test('an older version comes back by one press, and a flow file goes out and in', async () => {
  const editor = await technician()
  await editor.deploy([{ id: 'uji-tab', type: 'tab', label: 'Lampu' }])
  await editor.call('POST', '/api/flows/versions/1/back', {})
  await expect.poll(async () => (await editor.ask('GET', '/flows')).body).not.toContain('Lampu')
  expect(box.automation.view().versions[0]).toMatchObject({ version: 3, origin: 'back', of: 1 })
  const { bytes } = await editor.download('/api/flows/versions/2/file')
  await editor.call('POST', '/api/flows/import', { text: bytes.toString() })
  await expect.poll(async () => (await editor.ask('GET', '/flows')).body).toContain('Lampu')
  expect(box.automation.view().versions[0]).toMatchObject({ version: 4, origin: 'import' })
})

test.each([
  ['a type that is not here', '[{"id":"a","type":"exec"}]', 'flow.missing-types'],
  ['another kind of file', '{"hello":1}', 'flow.not-nodes'],
  ['no JSON', 'hello', 'flow.not-json'],
  ['credentials of another Node-RED', '[{"id":"a","type":"inject","credentials":{"x":"y"}}]', 'flow.credentials'],
])('a flow file with %s is refused by name, and the running flows go on', async (_what, text, code) => {
  const editor = await technician()
  const answer = await editor.send('POST', '/api/flows/import', { text, key: newId() })
  expect(answer).toMatchObject({ status: 400, body: { code } })
  expect(box.automation.view().versions).toHaveLength(1)
  expect(state()).toBe('running')
})

test(
  'a loop ends by itself, in a function by its time limit, in a callback by the guard, and the box says why',
  async () => {
    const editor = await technician()
    await editor.deploy(atStart('while (true) {}'))
    await expect.poll(() => box.automation.view().error, { timeout: 30_000 }).toMatch(/timed out/i)
    expect(state()).toBe('running')
    await editor.call('POST', '/api/flows/versions/1/back', {})
    await expect.poll(async () => (await editor.ask('GET', '/flows')).body).not.toContain('uji-tab')
    expect((await editor.deploy(atStart('setTimeout(() => { while (true) {} }, 50)'))).status).toBe(200)
    await expect.poll(() => box.automation.view().lastEnd?.why, { timeout: endMs }).toBe('silent')
    // The next end is not blamed on the last one's reason: why it was, the guard tells with the start behind it.
    await expect.poll(state, { timeout: 30_000 }).toBe('gone')
    expect(box.automation.view().lastEnd?.why).toBeNull()
  },
  3 * endMs,
)

test(
  'a leak of buffers is ended by the guard',
  async () => {
    const editor = await technician()
    await editor.deploy(atStart('const kept = []; setInterval(() => kept.push(Buffer.alloc(8e6, 1)), 30)'))
    await expect.poll(() => box.automation.view().lastEnd?.why, { timeout: endMs }).toBe('memory')
  },
  3 * endMs,
)

test(
  'a version that keeps ending gives way to the last sound one, and without one to safe mode',
  async () => {
    const editor = await technician()
    await editor.deploy([{ id: 'uji-baik', type: 'tab', label: 'Baik' }])
    box.automation.versions.noteRan(2)
    await editor.deploy(atStart(falling))
    await expect.poll(() => box.automation.view().versions[0]?.origin, { timeout: endMs }).toBe('fell-back')
    await running()
    expect(box.automation.view().versions[0]).toMatchObject({ version: 4, of: 2 })
    await expect.poll(() => box.alarms.list().map(({ code }) => code)).toContain('automation.fell-back')
    expect((await editor.ask('GET', '/flows')).body).not.toContain('jatuh')

    // The sound one does not hold either.
    await box.automation.versions.save({
      ...{ flows: JSON.stringify(atStart(falling)), credentials: '{}' },
      ...{ author: 'box', origin: 'fell-back', of: 2 },
    })
    await editor.ask('POST', '/flows', undefined, { 'node-red-deployment-type': 'reload' })
    await expect.poll(state, { timeout: endMs }).toBe('safe-mode')
    expect(box.alarms.list().map(({ code }) => code)).toContain('automation.safe-mode')
    // The editor is up, and the next deploy starts.
    await expect.poll(async () => (await editor.ask('GET', '/flows')).status, { timeout: 30_000 }).toBe(200)
    const { rev } = JSON.parse((await editor.ask('GET', '/flows')).body) as { rev: string }
    const mended = [{ id: 'uji-baik', type: 'tab', label: 'Baik' }]
    expect((await editor.ask('POST', '/flows', { flows: mended, rev })).status).toBe(200)
    await running()
  },
  3 * endMs,
)
