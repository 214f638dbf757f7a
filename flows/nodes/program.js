import { spawn } from 'node:child_process'

const keptComplaint = 300

/**
 * Runs a program, its arguments as a list and never through a shell, until it is stopped. One that ends by itself is told
 * with the last of what it complained of.
 * @param {string} command @param {readonly string[]} args
 * @param {{ onOutput?: (part: Buffer) => void, onEnd: (complaint: string) => void }} hear
 */
export function startProgram(command, args, { onOutput, onEnd }) {
  const child = spawn(command, args, { stdio: ['ignore', onOutput ? 'pipe' : 'ignore', 'pipe'] })
  let complaint = ''
  if (onOutput) child.stdout?.on('data', onOutput)
  child.stderr?.setEncoding('utf8').on('data', (part) => {
    complaint = (complaint + part).slice(-keptComplaint)
  })
  let stopped = false
  const ended = new Promise((/** @type {(value: void) => void} */ resolve) => {
    child.once('close', () => resolve())
    child.once('error', (error) => {
      complaint ||= error.message
      resolve()
    })
  }).then(() => {
    if (!stopped) onEnd(complaint.trim() || command)
  })
  return {
    /** Resolves when it has ended. @returns {Promise<void>} */
    stop() {
      stopped = true
      child.kill('SIGTERM')
      return ended
    },
  }
}
