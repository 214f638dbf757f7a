import { createInterface } from 'node:readline/promises'
import { Compile } from 'typebox/compile'
import { initFleet } from '../../provisioning/fleet/init.ts'
import { FleetToml } from '../../provisioning/fleet/settings.ts'
import { AppError } from '../base/errors.ts'
import { tidyBody } from '../base/tidy-text.ts'

const questions = {
  regency: 'Name of the regency, as on its sign (Kabupaten Banyuwangi): ',
  zone: 'Time zone of its offices (WIB, WITA or WIT): ',
  broker: 'Host name or address at which boxes reach the broker: ',
  hub: 'Host name or address at which boxes and people reach the hub: ',
} as const

type Given = { [option: string]: string | boolean | undefined }

/**
 * `balai fleet init`: asks on the terminal for what the options do not say, makes the folder, and says what goes where.
 * Throws one AppError (`config`) that names every option that is missing or wrong.
 */
export async function askAndInit(folder: string, given: Given, now: number): Promise<void> {
  const answers = await askForMissing(given)
  const validator = Compile(FleetToml)
  const typed = Object.entries(FleetToml.properties).flatMap(([key, node]) => {
    const text = answers[optionOf(key)]
    return text === undefined ? [] : [[key, tidyBody(toValue(text, 'type' in node ? node.type : 'string'))]]
  })
  const settings = validator.Default(Object.fromEntries(typed))
  if (!validator.Check(settings)) {
    const wrong = validator.Errors(settings).map(({ instancePath }) => instancePath.split('/')[1] ?? '')
    const lines = Object.entries(FleetToml.properties)
      .filter(([key]) => wrong.includes(key))
      .map(
        ([key, node]) => `--${optionOf(key)}: is not right; allowed: ${'description' in node ? node.description : ''}`,
      )
    throw new AppError('invalid', 'config', lines.join('\n'))
  }
  await initFleet(folder, settings, now)
  process.stdout.write(`${folder} is made. Next:
1. Move ${folder}/root to two USB sticks in two safes. Nothing needs it before
   an authority is replaced; whoever has it can be the regency.
2. ${folder}/broker goes to ${settings.broker_folder} on the broker's machine.
3. balai fleet issue villages.csv --folder ${folder}
4. ${folder}/hub-1, ${folder}/register.json and villages.csv go to the hub's
   machine. There: sudo balai hub init hub-1 --villages villages.csv, and
   sudo balai hub share register.json
Keep a copy of ${folder} itself where only you can read it.
`)
}

function toValue(text: string | boolean, type: string): unknown {
  if (type === 'integer') return Number(text)
  return type === 'array' ? String(text).split(',') : text
}

const optionOf = (key: string) => key.replaceAll('_', '-')

/** Asks on the terminal. Without one, what is missing is named at once. */
async function askForMissing(given: Given): Promise<Given> {
  const missing = (Object.keys(questions) as (keyof typeof questions)[]).filter((key) => !given[key])
  if (missing.length === 0) return given
  if (!process.stdin.isTTY) {
    throw new AppError('invalid', 'config', missing.map((key) => `--${key}: is missing`).join('\n'))
  }
  const answers: Given = { ...given }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  for (const key of missing) answers[key] = (await terminal.question(questions[key])).trim()
  terminal.close()
  return answers
}
