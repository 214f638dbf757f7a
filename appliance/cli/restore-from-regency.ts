import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { hasOpeningKey } from '../backup/from-regency.ts'
import type { Reopening } from '../backup/views.ts'
import { AppError, exitCode } from '../base/errors.ts'
import type { BoxConfig } from '../config.ts'
import { type Box, openBox } from '../open-box.ts'

const lookMs = 500

/**
 * `balai restore --from-regency`: the box without its doors, until all that the regency holds of the village is here and
 * opened. Typed again after a power cut it goes on where it was, without the words.
 */
export async function restoreFromRegency(config: BoxConfig, askWords: () => Promise<string>): Promise<number> {
  if (!config.mqtt)
    throw new AppError(
      'invalid',
      'restore.no-regency',
      'This box knows of no regency. Bring it its enrolment file and start it once, stop it, and type this again.',
    )
  const words = hasOpeningKey(config.data) ? null : await askWords()
  const log = pino({ level: 'silent' })
  const lan = { ...config.lan, host: '127.0.0.1', http_port: 0, https_port: 0 }
  const { here, opened, failed } = await follow(await openBox({ ...config, lan }, { log }), words)
  // What was opened after its entry had been folded is folded now.
  await (await openBox({ ...config, lan, mqtt: null }, { log })).close()
  const left = failed === 0 ? '' : `${failed} stay sealed: other words belong to them. `
  process.stdout.write(`${here} entries are here, ${opened} private parts were opened. ${left}Start the box.\n`)
  return exitCode.ok
}

/** Tells each piece of news until all is here and opened, and closes the box. */
async function follow(box: Box, words: string | null): Promise<Reopening> {
  try {
    if (words !== null) await box.fromRegency.takeWords(words)
    for (let told = ''; ; await sleep(lookMs)) {
      const view = box.fromRegency.view()
      if (view.step === 'done') return view
      const line = describe(view, box.relay.view().state, box.identity.box)
      if (line !== told) process.stdout.write(`${line}\n`)
      told = line
    }
  } finally {
    await box.close()
  }
}

function describe({ step, isOther, here, missing, closed, opened }: Reopening, line: string, box: string): string {
  if (step === 'opening') return `opening: ${opened} private parts, ${closed} to go`
  if (line !== 'connected') return 'waiting for the line to the regency …'
  if (isOther)
    return `The regency names another box as the village's. This one is ${box}: balai fleet reissue,\nor at the hub balai hub owner. It goes on by itself then.`
  return missing === 0 ? 'asking the regency …' : `history: ${here} entries are here, ${missing} to come`
}
