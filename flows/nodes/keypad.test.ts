import { afterAll, beforeAll, expect, test } from 'vitest'
import { sink, startNodeRed, type TestNodeRed, tab } from '../testing/node-red.ts'
import { keyPress, layKeypads } from '../testing/stand-ins.ts'
import { createKeyReader, hasDigits } from './evdev.js'
import { listKeypads, pickKeypad } from './find-keypad.js'

const mouse = { event: 'event0', name: 'USB Optical Mouse', keys: '70000 0 0 0 0' }
const near = { event: 'event1', name: 'SIGMACHIP USB Keypad', phys: 'usb-0000:01:00.0-1.1/input0' }
const buttons = { event: 'event2', name: 'SIGMACHIP USB Keypad System Control', keys: 'c000 100000 0' }
const far = { event: 'event10', name: 'SIGMACHIP USB Keypad', phys: 'usb-0000:01:00.0-1.2/input0' }

let red: TestNodeRed
const laid = layKeypads([mouse, near, buttons, far])

beforeAll(async () => {
  red = await startNodeRed({ balaiDevices: laid.devices })
})
afterAll(async () => {
  await red.stop()
  laid.remove()
})

test('keys come out by their names, in whatever pieces their bytes arrive; Num Lock and releases do not', () => {
  const heard: string[] = []
  const read = createKeyReader((key) => heard.push(key))
  const bytes = Buffer.concat([82, 69, 79, 96, 78, 14, 200].map(keyPress))
  for (let at = 0; at < bytes.length; at += 7) read(bytes.subarray(at, at + 7))
  expect(heard).toEqual(['0', '1', 'enter', '+', 'backspace', 'key-200'])
})

test('devices without digits are no keypads; two of a name are told apart by their port', async () => {
  expect(hasDigits('70000 0 0 0 0')).toBe(false)
  expect(hasDigits('1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe')).toBe(true)
  const all = await listKeypads(laid.devices.inputClass)
  expect(all.map(({ event }) => event)).toEqual(['event1', 'event10'])
  expect(pickKeypad(all, { name: '', port: '' })?.event).toBe('event1')
  expect(pickKeypad(all, { name: 'sigmachip', port: 'usb-0000:01:00.0-1.2' })?.event).toBe('event10')
  expect(pickKeypad(all, { name: 'Logitech', port: '' })).toBeNull()
})

test('a key is told once however it bounces, and a keypad that was unplugged is taken up again (stand-in for evdev)', async () => {
  await red.deploy([
    tab,
    {
      id: 'pad',
      type: 'balai keypad',
      z: 'tab',
      name: '',
      device: 'SIGMACHIP',
      port: '1.2',
      debounce: '80',
      wires: [['end']],
    },
    sink('end'),
  ])
  const pad = await laid.plug('event10')
  await pad.write(Buffer.concat([keyPress(96), keyPress(96), keyPress(79)]))
  expect((await red.received('end', 2)).map(({ payload }) => payload)).toEqual(['enter', '1'])
  await pad.close()
  await red.status('pad', /Keypad tidak terbaca/)
  const again = await laid.plug('event10')
  await again.write(keyPress(80))
  expect((await red.received('end', 3)).at(-1)).toMatchObject({ topic: 'SIGMACHIP', payload: '2', code: 80 })
  await again.close()
})

test('a keypad that is not there is named, with those that are', async () => {
  await red.deploy([tab, { id: 'other', type: 'balai keypad', z: 'tab', device: 'Logitech', port: '', wires: [[]] }])
  const { text } = await red.status('other', /Logitech/)
  expect(text).toContain('SIGMACHIP USB Keypad')
})
