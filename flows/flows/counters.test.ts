import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { tab } from '../testing/node-red.ts'
import { type OfficeWithFlows, openOfficeWithFlows, shipped } from '../testing/office-with-flows.ts'
import { keyPress, layGpioTools, layKeypads, openPseudoTerminal } from '../testing/stand-ins.ts'

/* Flows that stand at the counters. Lines and keys are stand-ins; box, journal and Node-RED are real. */

let all: OfficeWithFlows
let tools: ReturnType<typeof layGpioTools>
const keypads = layKeypads([{ event: 'event3', name: 'USB Keypad' }])

beforeAll(async () => {
  tools = layGpioTools('2.2.1')
  all = await openOfficeWithFlows(keypads.devices)
})
afterEach(async () => {
  await all.red.deploy([tab])
  all.red.forget()
})
afterAll(async () => {
  await all.close()
  tools.remove()
  keypads.remove()
})

const values = (line: number, calls: string[]) =>
  calls
    .filter((call) => call.startsWith('gpioset') && !call.includes('--toggle'))
    .flatMap((call) => new RegExp(`\\b${line}=([01])$`).exec(call)?.[1] ?? [])

test('1: a button calls, one more recalls, the keypad finishes and pauses; the lamp answers each, and a refusal otherwise', async () => {
  const { red } = all
  const wires = [17, 27, 22, 23].map((line) => tools.wire(line))
  await red.deploy(shipped('01-kotak-tombol'))
  const [next, recall] = await Promise.all(wires)
  const keypad = await keypads.plug('event3')
  const { label } = all.take()

  await next?.write('1\n2\n')
  expect(await red.received('balai-f1-yes')).toMatchObject([{ payload: { number: label } }])
  expect(all.entries('queue.ticket-called').at(-1)?.actor).toBe('flow:balai-f1-command')
  await expect.poll(() => values(24, tools.calls())).toEqual(['1', '0'])
  await recall?.write('1\n2\n')
  expect((await red.received('balai-f1-yes', 2)).at(-1)).toMatchObject({ payload: { number: label } })
  expect(all.entries('queue.ticket-recalled')).toHaveLength(1)

  await keypad.write(keyPress(74)) // -
  await red.received('balai-f1-yes', 3)
  expect(all.entries('queue.ticket-completed')).toHaveLength(1)
  await keypad.write(keyPress(98)) // /
  await red.received('balai-f1-yes', 4)
  expect(all.entries('queue.counter-paused')).toHaveLength(1)
  const blinks = values(24, tools.calls()).length
  await keypad.write(Buffer.concat([keyPress(55), keyPress(55)])) // * twice: nobody is there
  expect(await red.received('balai-f1-no')).toMatchObject([{ error: { message: expect.stringContaining('Loket 1') } }])
  await expect.poll(() => values(24, tools.calls()).length).toBeGreaterThanOrEqual(blinks + 6)
  expect(red.receivedSoFar('balai-f1-no')).toHaveLength(1)
  await Promise.all([...(await Promise.all(wires)), keypad].map((one) => one.close()))
})

test('2: the lamp above the counter that calls blinks, at a recall too, and no other', async () => {
  const { red } = all
  await red.deploy(shipped('02-lampu-panggilan'))
  await red.status('balai-f2-called', /baru di sini/)
  all.take()
  const before = tools.calls().length
  const called = all.next(1)
  await expect.poll(() => values(6, tools.calls().slice(before))).toEqual(['1', '0', '1', '0', '1', '0', '1', '0'])
  expect(values(5, tools.calls().slice(before))).toEqual([])
  all.box.queue.recall({ ticket: called.ticket, account: all.office.clerks[1], actor: all.office.clerks[1], key: null })
  await red.received('balai-f2-lamp2', 2)
})

test('7: a board on a serial line shows number and counter, with its checksum (pseudo-terminal)', async () => {
  const { red } = all
  const cable = await openPseudoTerminal()
  await red.deploy(shipped('07-papan-nomor', { 'balai-f7-port': { path: cable.path } }))
  await red.status('balai-f7-called', /baru di sini/)
  await red.status('balai-f7-port', /9600/)
  all.take()
  all.box.office.resume({
    counter: all.office.counters[0],
    account: all.office.clerks[0],
    actor: all.office.clerks[0],
    key: null,
  })
  const called = all.next(0)
  const body = Buffer.from(`01${called.label}01`)
  const sum = [...body, 3].reduce((sum, byte) => sum ^ byte, 0)
  await expect.poll(() => [...cable.heard()]).toEqual([2, ...body, 3, sum])
  await red.status('balai-f7-done', /selesai/)
  await cable.close()
})
