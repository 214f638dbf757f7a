import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sink, startNodeRed, type TestNodeRed, tab } from '../testing/node-red.ts'
import { openPseudoTerminal } from '../testing/stand-ins.ts'
import { createCutter, parseDelimiter, parsePort, sttyArguments } from './serial-port.js'

let red: TestNodeRed
let cable: Awaited<ReturnType<typeof openPseudoTerminal>>

beforeAll(async () => {
  red = await startNodeRed()
  cable = await openPseudoTerminal()
})
afterAll(async () => {
  await red.stop()
  await cable.close()
})

const port = (more: object = {}) => ({
  ...{ id: 'port', type: 'balai serial', z: 'tab', name: '', path: cable.path, speed: '9600', parity: 'none' },
  ...{ dataBits: '8', stopBits: '2', delimiter: '\\r\\n', append: '\\r\\n', bytes: false, wires: [['end']], ...more },
})

test('lines come and go by a terminal that is set as asked (pseudo-terminal)', async () => {
  await red.deploy([tab, port(), sink('end')])
  await red.status('port', /9600/)
  const set = execFileSync('stty', ['-F', cable.path, '-a'], { encoding: 'utf8' })
  expect(set).toMatch(/speed 9600 baud/)
  for (const one of ['cs8', '-parenb', 'cstopb', '-crtscts', '-echo', '-icanon', '-opost']) expect(set).toContain(one)
  cable.say('A0')
  cable.say('12;2\r\nA013')
  cable.say(';1\r\n')
  expect((await red.received('end', 2)).map(({ payload }) => payload)).toEqual(['A012;2', 'A013;1'])
  red.give('port', { payload: 'HALO' })
  expect(await red.completed('port')).toEqual([null])
  await expect.poll(() => cable.heard().toString('latin1')).toBe('HALO\r\n')
})

test('bytes go out as they are, and come in as a Buffer when asked', async () => {
  red.forget()
  const before = cable.heard().length
  await red.deploy([tab, port({ bytes: true, dataBits: '8', delimiter: '\\x03', append: '' }), sink('end')])
  await red.status('port', /9600/)
  red.give('port', { payload: Buffer.from([2, 0xff, 0x80, 3]) })
  await expect.poll(() => [...cable.heard().subarray(before)]).toEqual([2, 0xff, 0x80, 3])
  cable.say(Buffer.from([2, 0xfe, 3]))
  expect(await red.received('end')).toMatchObject([{ payload: Buffer.from([2, 0xfe]) }])
})

test.each([
  '/etc/passwd',
  '/dev/sda',
  '/dev/../etc/passwd',
  '/dev/serial/by-id/../../sda',
  '/dev/tty1',
  '/dev/console',
  '-F',
])('%s is no serial port', async (path) => {
  red.forget()
  await red.deploy([tab, port({ path }), sink('end')])
  const { text } = await red.status('port', /bukan port serial/)
  expect(text).toContain(path)
  red.give('port', { payload: 'x' })
  expect(await red.completed('port')).toEqual([expect.stringContaining('tidak terbuka')])
})

test('speeds are those of serial lines; arguments go to stty as a list', () => {
  const config = {
    id: '',
    type: '',
    path: '/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0',
    parity: 'odd',
  }
  expect(() => parsePort({ ...config, speed: '9601' })).toThrow('bad-speed')
  const all = sttyArguments(parsePort({ ...config, speed: '2400' }))
  expect(all.slice(0, 2)).toEqual(['-F', config.path])
  expect(all).toEqual(expect.arrayContaining(['parenb', 'parodd', 'cs8', '-cstopb', '2400']))
})

test('a line is cut at its end however it arrives; one without an end is told when it is too long', () => {
  const lines: string[] = []
  const cut = createCutter(parseDelimiter('\\r\\n'), (line) => lines.push(line.toString()), 8)
  for (const part of ['a', 'b\r', '\nc\r\n\r\n', '123456789']) cut(Buffer.from(part))
  expect(lines).toEqual(['ab', 'c', '', '123456789'])
  expect([...parseDelimiter('\\x03\\t\\\\')]).toEqual([3, 9, 92])
})
