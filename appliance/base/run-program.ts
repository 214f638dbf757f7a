import { execFile } from 'node:child_process'

/** A program that ended badly, could not be started or took too long; `message` is the last line that it said, where it said any. */
export class ProgramError extends Error {}

/**
 * Runs another program to its end and answers what it printed. `promisify(execFile)` is not the same in the packed program,
 * which wraps `execFile` and loses the way that Node promisifies it: it answers the text where Node answers an object.
 */
export const runProgram = (program: string, words: readonly string[], timeoutMs = 0): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(program, [...words], { timeout: timeoutMs }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const said = String(stderr).trim() || error.message
      reject(new ProgramError(said.split('\n').at(-1)?.slice(0, 300), { cause: error }))
    })
  })
