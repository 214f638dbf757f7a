import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasDigits } from './evdev.js'

/** @typedef {{ event: string, name: string, port: string }} Keypad */

/**
 * Input devices with digits, by what Linux tells of them; `port` says where it is plugged in, which tells two alike apart.
 * @param {string} folder usually /sys/class/input
 * @returns {Promise<Keypad[]>}
 */
export async function listKeypads(folder) {
  const events = (await readdir(folder)).filter((name) => /^event\d{1,3}$/.test(name))
  const read = (/** @type {string[]} */ ...path) => readFile(join(folder, ...path), 'utf8').catch(() => '')
  const all = await Promise.all(
    events.map(async (event) => ({
      event,
      name: (await read(event, 'device', 'name')).trim(),
      port: (await read(event, 'device', 'phys')).trim(),
      keys: await read(event, 'device', 'capabilities', 'key'),
    })),
  )
  return all
    .filter(({ keys }) => keys.trim() && hasDigits(keys))
    .map(({ event, name, port }) => ({ event, name, port }))
    .sort((a, b) => Number(a.event.slice(5)) - Number(b.event.slice(5)))
}

/**
 * The one whose name holds what was asked for, whole names first; without a name, the first whose name says keypad.
 * @param {readonly Keypad[]} keypads @param {{ name: string, port: string }} wanted
 */
export function pickKeypad(keypads, { name, port }) {
  const here = keypads.filter((one) => port === '' || one.port.includes(port))
  const asked = name.toLowerCase()
  const called = (/** @type {Keypad} */ one) => one.name.toLowerCase()
  if (asked === '') return here.find((one) => /key ?pad|numeric/i.test(one.name)) ?? null
  return here.find((one) => called(one) === asked) ?? here.find((one) => called(one).includes(asked)) ?? null
}
