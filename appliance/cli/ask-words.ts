import { createInterface } from 'node:readline'

/** The words on one line or on several: reads until there are enough, or nothing more comes. */
export async function askWords(): Promise<string> {
  process.stderr.write('Type the 24 words of the recovery sheet, then Enter:\n')
  const terminal = createInterface({ input: process.stdin })
  let typed = ''
  for await (const line of terminal) {
    typed += `${line}\n`
    if (line.trim() === '' || (typed.match(/[a-z]+/gi) ?? []).length >= 24 || /AGE-SECRET-KEY-1/i.test(typed)) break
  }
  terminal.close()
  return typed
}
