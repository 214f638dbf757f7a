import { execFile } from 'node:child_process'
import { Problem } from './node-words.js'
import { startProgram } from './program.js'

/*
 * libgpiod's programs: no native module, no root, and the kernel's own interface. Debian 12 has 1.6, Debian 13 has 2.x;
 * their options differ. Arguments go as a list, never through a shell.
 */

/**
 * @typedef {'as-is' | 'pull-up' | 'pull-down' | 'disabled'} Bias
 * @typedef {{ chip: string, line: number, activeLow: boolean, bias: Bias }} Line
 */

const biases = ['as-is', 'pull-up', 'pull-down', 'disabled']

/**
 * What the editor kept, checked: a chip as `gpiochip0`, a line by its number there.
 * @param {import('./red.d.ts').Config} config
 * @returns {Line}
 */
export function parseLine({ chip = 'gpiochip0', line, activeLow, bias }) {
  const number = Number(line)
  if (!/^gpiochip\d{1,2}$/.test(String(chip))) throw new Problem('bad-chip', { said: chip })
  if (line === '' || !Number.isInteger(number) || number < 0 || number > 511)
    throw new Problem('bad-pin', { said: line })
  const known = biases.find((one) => one === bias)
  return {
    chip: String(chip),
    line: number,
    activeLow: activeLow === true,
    bias: /** @type {Bias} */ (known ?? 'as-is'),
  }
}

/** @param {'gpiomon' | 'gpioset'} tool @returns {Promise<1 | 2>} the major version; throws in words where it is missing */
export const readVersion = (tool) =>
  new Promise((resolve, reject) => {
    execFile(tool, ['--version'], { timeout: 10_000 }, (error, out) => {
      if (error?.code === 'ENOENT') return reject(new Problem('no-gpiod'))
      if (error) return reject(new Problem('gpio', { said: error.message }))
      const major = Number(/v?(\d+)\.\d+/.exec(out)?.[1])
      if (major === 1 || major === 2) return resolve(major)
      reject(new Problem('other-gpiod', { said: out.split('\n')[0] }))
    })
  })

/** @param {1 | 2} version @param {Line} line @returns {string[]} */
export function monitorArguments(version, { chip, line, activeLow, bias }) {
  const low = activeLow ? ['--active-low'] : []
  if (version === 1) return ['--line-buffered', '--format=%e', ...low, `--bias=${biasOf1(bias)}`, chip, String(line)]
  // Numbers of edges are 0 and 1 in 1.6, but 2 and 1 in 2.x.
  return ['--format=%e', ...low, ...biasOf2(bias), `--chip=${chip}`, String(line)]
}

/** Holds the line until it is ended. @param {1 | 2} version @param {Line} line @param {0 | 1} value @returns {string[]} */
export function setArguments(version, { chip, line, activeLow, bias }, value) {
  const low = activeLow ? ['--active-low'] : []
  if (version === 1) return ['--mode=signal', ...low, `--bias=${biasOf1(bias)}`, chip, `${line}=${value}`]
  return [...low, ...biasOf2(bias), `--chip=${chip}`, `${line}=${value}`]
}

/** Sets and ends: what a lamp or horn is left at. @param {1 | 2} version @param {Line} line @param {0 | 1} value */
export const leaveArguments = (version, line, value) =>
  version === 1
    ? setArguments(1, line, value).map((one) => (one === '--mode=signal' ? '--mode=exit' : one))
    : ['--toggle=0', ...setArguments(2, line, value)]

const biasOf1 = (/** @type {Bias} */ bias) => (bias === 'disabled' ? 'disable' : bias)
const biasOf2 = (/** @type {Bias} */ bias) => (bias === 'as-is' ? [] : [`--bias=${bias}`])

/**
 * Tells each edge, 1 for active, until it is stopped or the program ends (`onEnd`, with what it complained of).
 * @param {1 | 2} version @param {Line} line
 * @param {{ onEdge: (level: 0 | 1) => void, onEnd: (complaint: string) => void }} hear
 */
export function startMonitor(version, line, { onEdge, onEnd }) {
  let rest = ''
  const onOutput = (/** @type {Buffer} */ part) => {
    const lines = (rest + part.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const one of lines) onEdge(one.trim() === '1' ? 1 : 0)
  }
  return startProgram('gpiomon', monitorArguments(version, line), { onOutput, onEnd })
}

/**
 * Holds a line at a value until stopped.
 * @param {1 | 2} version @param {Line} line @param {0 | 1} value @param {(complaint: string) => void} onEnd
 */
export const startHold = (version, line, value, onEnd) =>
  startProgram('gpioset', setArguments(version, line, value), { onEnd })

/** @param {1 | 2} version @param {Line} line @param {0 | 1} value @returns {Promise<void>} */
export const leaveAt = (version, line, value) =>
  new Promise((resolve) => {
    execFile('gpioset', leaveArguments(version, line, value), { timeout: 5_000 }, () => resolve())
  })
