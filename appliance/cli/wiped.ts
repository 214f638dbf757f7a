import type { Logger } from 'pino'
import type { LastWord } from '../base/broker/last-word.ts'
import { exitCode } from '../base/errors.ts'
import { finishWipe, readWipeMark, wipeFile } from '../base/store/wipe-mark.ts'

/**
 * The regency has ordered that this box is erased: what is left of it goes, the regency is told while there is a line
 * (`lastWord`), and the program ends with a sentence. systemd does not start it again by itself; whoever does gets the same.
 */
export async function endWiped(data: string, log: Logger, lastWord: LastWord | null = null): Promise<number> {
  const left = await finishWipe(data)
  if (left.length > 0) log.error({ left }, 'these could not be erased')
  if (lastWord && !(await lastWord.say())) log.warn('the regency could not be told that the box is erased')
  process.stderr.write(
    `This box was erased by order of its regency (${wipedOn(data)}) and serves no office any
more. Whoever is to use it for one again asks the regency for an enrolment file
and deletes ${wipeFile(data)} first.\n`,
  )
  return exitCode.config
}

/** The day on which it was ordered, by the box's clock: 2026-11-29. */
export const wipedOn = (data: string): string => new Date(readWipeMark(data)?.at ?? 0).toISOString().slice(0, 10)
