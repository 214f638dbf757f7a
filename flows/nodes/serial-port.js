import { execFile } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { ReadStream } from 'node:tty'
import { Problem } from './node-words.js'

/*
 * A serial line without a native module: stty sets it, and Node's own terminal streams read and write it without
 * holding a thread. RS-485 adapters that switch their direction by themselves need nothing more.
 */

const speeds = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200]
const allowed =
  /^\/dev\/(tty(USB|ACM|AMA|S|AS|GS)\d{1,3}|serial\d|rfcomm\d{1,2}|pts\/\d{1,4}|serial\/by-(id|path)\/[A-Za-z0-9._:+,@-]{1,200})$/

/** @typedef {{ path: string, speed: number, parity: 'none' | 'even' | 'odd', dataBits: 7 | 8, stopBits: 1 | 2 }} PortSettings */

/** @param {import('./red.d.ts').Config} config @returns {PortSettings} */
export function parsePort({ path, speed, parity, dataBits, stopBits }) {
  const place = String(path ?? '').trim()
  if (!allowed.test(place) || place.includes('..')) throw new Problem('bad-port', { said: place })
  if (!speeds.includes(Number(speed))) throw new Problem('bad-speed', { said: String(speed), known: speeds.join(', ') })
  return {
    path: place,
    speed: Number(speed),
    parity: parity === 'even' || parity === 'odd' ? parity : 'none',
    dataBits: Number(dataBits) === 7 ? 7 : 8,
    stopBits: Number(stopBits) === 2 ? 2 : 1,
  }
}

/** Ports that are plugged in, by the names that stay; those without one by the kernel's. */
export async function listPorts() {
  const named = await readdir('/dev/serial/by-id').catch(() => [])
  if (named.length > 0) return named.map((name) => `/dev/serial/by-id/${name}`).filter((path) => allowed.test(path))
  const plugged = await readdir('/dev').catch(() => [])
  return plugged.filter((name) => /^tty(USB|ACM|AMA)\d+$/.test(name)).map((name) => `/dev/${name}`)
}

/** @param {PortSettings} settings @returns {string[]} */
export const sttyArguments = ({ path, speed, parity, dataBits, stopBits }) => [
  '-F',
  path,
  ...['raw', '-echo', '-echoe', '-echok', '-echoctl', '-echoke', 'clocal', 'cread', '-crtscts', '-ixon', '-ixoff'],
  ...[`cs${dataBits}`, stopBits === 2 ? 'cstopb' : '-cstopb'],
  ...(parity === 'none' ? ['-parenb'] : ['parenb', parity === 'odd' ? 'parodd' : '-parodd']),
  ...['min', '1', 'time', '0', String(speed)],
]

/** Opens and sets a line. @param {PortSettings} settings @returns {Promise<ReadStream>} both ways */
export async function openPort(settings) {
  await setLine(settings)
  const fd = open(settings.path)
  try {
    return new ReadStream(fd)
  } catch (error) {
    closeSync(fd)
    throw new Problem('serial', { path: settings.path, said: error instanceof Error ? error.message : String(error) })
  }
}

/** @param {PortSettings} settings @returns {Promise<void>} */
const setLine = (settings) =>
  new Promise((resolve, reject) => {
    execFile('stty', sttyArguments(settings), { timeout: 10_000 }, (error, _out, complaint) => {
      if (error) reject(new Problem('serial', { path: settings.path, said: complaint.trim() || error.message }))
      else resolve()
    })
  })

/** @param {string} path */
function open(path) {
  try {
    return openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK)
  } catch (error) {
    throw new Problem('serial', { path, said: error instanceof Error ? error.message : String(error) })
  }
}

/** `\n` and `\x03` as the editor keeps them. @param {unknown} said */
export const parseDelimiter = (said) =>
  Buffer.from(
    String(said ?? '').replace(/\\(r|n|t|\\|x[0-9a-fA-F]{2})/g, (_all, /** @type {string} */ mark) => {
      if (mark.startsWith('x')) return String.fromCharCode(Number.parseInt(mark.slice(1), 16))
      return { r: '\r', n: '\n', t: '\t' }[mark] ?? '\\'
    }),
    'latin1',
  )

/**
 * Cuts what comes at a delimiter; without one each piece goes on as it came.
 * @param {Buffer} delimiter @param {(line: Buffer) => void} tell @param {number} [longest] what has no end by then is told as it is
 */
export function createCutter(delimiter, tell, longest = 4_096) {
  let rest = Buffer.alloc(0)
  return (/** @type {Buffer} */ part) => {
    if (delimiter.length === 0) return tell(part)
    rest = Buffer.concat([rest, part])
    for (let end = rest.indexOf(delimiter); end >= 0; end = rest.indexOf(delimiter)) {
      tell(rest.subarray(0, end))
      rest = rest.subarray(end + delimiter.length)
    }
    if (rest.length <= longest) return
    tell(rest)
    rest = Buffer.alloc(0)
  }
}
