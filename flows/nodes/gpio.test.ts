import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { sink, startNodeRed, type TestNodeRed, tab } from '../testing/node-red.ts'
import { layGpioTools } from '../testing/stand-ins.ts'
import { leaveArguments, monitorArguments, setArguments } from './gpio-tools.js'

let red: TestNodeRed
let tools: ReturnType<typeof layGpioTools> | undefined

beforeAll(async () => {
  red = await startNodeRed()
})
afterEach(async () => {
  await red.deploy([tab])
  red.forget()
  tools?.remove()
})
afterAll(() => red.stop())

const button = { type: 'balai gpio', z: 'tab', mode: 'in', chip: 'gpiochip0', bias: 'pull-up', activeLow: true }
const lamp = { type: 'balai gpio', z: 'tab', mode: 'out', chip: 'gpiochip0', line: '24', bias: 'as-is', wires: [[]] }
const edges = (calls: string[]) => calls.map((call) => /=([01])$/.exec(call)?.[1])

test('options of libgpiod 1.6 and 2.x', () => {
  const line = { chip: 'gpiochip0', line: 17, activeLow: true, bias: 'pull-up' } as const
  const plain = { ...line, activeLow: false, bias: 'as-is' } as const
  expect(monitorArguments(1, line).join(' ')).toBe(
    '--line-buffered --format=%e --active-low --bias=pull-up gpiochip0 17',
  )
  expect(monitorArguments(2, line).join(' ')).toBe('--format=%e --active-low --bias=pull-up --chip=gpiochip0 17')
  expect(monitorArguments(2, plain).join(' ')).toBe('--format=%e --chip=gpiochip0 17')
  expect(setArguments(1, plain, 1).join(' ')).toBe('--mode=signal --bias=as-is gpiochip0 17=1')
  expect(setArguments(2, line, 0).join(' ')).toBe('--active-low --bias=pull-up --chip=gpiochip0 17=0')
  expect(leaveArguments(1, plain, 0).join(' ')).toBe('--mode=exit --bias=as-is gpiochip0 17=0')
  expect(leaveArguments(2, plain, 0).join(' ')).toBe('--toggle=0 --chip=gpiochip0 17=0')
})

test.each(['1.6.3', '2.2.1'] as const)(
  'a bouncing button tells one press (stand-in for gpiomon %s)',
  async (version) => {
    tools = layGpioTools(version)
    const wired = tools.wire(17)
    await red.deploy([
      tab,
      { ...button, id: 'button', name: 'Berikutnya', line: '17', edges: 'both', wires: [['end']] },
      sink('end'),
    ])
    const contact = await wired
    // Numbers of edges: 1 rising, and falling is 0 in 1.6 but 2 in 2.x.
    const falling = version === '1.6.3' ? '0' : '2'
    await contact.write(`1\n${falling}\n1\n${falling}\n1\n`)
    await red.received('end')
    await contact.write(`${falling}\n`)
    const [press, release] = await red.received('end', 2)
    expect(press).toMatchObject({ topic: 'Berikutnya', payload: 1 })
    expect(release).toMatchObject({ payload: 0 })
    await contact.close()
  },
)

test('a line that cannot be had is said with the program’s own words; a missing program names its package', async () => {
  const path = process.env.PATH
  process.env.PATH = '/nonexistent'
  await red.deploy([tab, { ...button, id: 'button', line: '17', wires: [[]] }])
  expect(await red.status('button', /gpiod/)).toMatchObject({
    fill: 'red',
    text: expect.stringContaining('apt install gpiod'),
  })
  process.env.PATH = path
  tools = layGpioTools('2.2.1')
  await red.deploy([tab, { ...button, id: 'taken', line: '17', wires: [[]] }])
  expect((await red.status('taken', /Jalur tidak bisa dipakai/)).text).toContain('line-17')
})

test.each(['1.6.3', '2.2.1'] as const)(
  'a lamp is held, blinks, and is left off (stand-in for gpioset %s)',
  async (version) => {
    const laid = layGpioTools(version)
    tools = laid
    await red.deploy([tab, { ...lamp, id: 'lamp' }])
    red.give('lamp', { payload: true })
    expect(await red.completed('lamp')).toEqual([null])
    await expect.poll(() => edges(laid.calls())).toEqual(['1'])
    red.give('lamp', { payload: 'on', pulse: 50, times: 2 })
    await expect.poll(() => edges(laid.calls())).toEqual(['1', '0', '1', '0'])
    red.give('lamp', { payload: 1 })
    await red.completed('lamp', 3)
    await expect.poll(() => edges(laid.calls()).at(-1)).toBe('1')
    await red.deploy([tab])
    const last = laid.calls().at(-1)
    expect(last).toMatch(version === '1.6.3' ? /--mode=exit .*24=0$/ : /--toggle=0 .*24=0$/)
  },
)

test('what is no level, pulse, chip or line is refused in words and starts nothing', async () => {
  const laid = layGpioTools('2.2.1')
  tools = laid
  await red.deploy([
    tab,
    { ...lamp, id: 'lamp' },
    { ...lamp, id: 'chip', chip: 'gpiochip0 --help' },
    { ...lamp, id: 'line', line: '24; reboot' },
  ])
  red.give('lamp', { payload: 'maybe' })
  red.give('lamp', { payload: 1, pulse: -5 })
  red.give('chip', { payload: 1 })
  red.give('line', { payload: 1 })
  expect(await red.completed('lamp', 2)).toEqual([expect.stringContaining('“maybe”'), expect.stringContaining('“-5”')])
  expect(await red.completed('chip')).toEqual([expect.stringContaining('gpiochip0')])
  expect(await red.completed('line')).toEqual([expect.stringContaining('BCM')])
  expect(laid.calls()).toEqual([])
})
