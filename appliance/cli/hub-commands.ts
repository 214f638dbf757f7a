import type { Doer } from '../../regency/base/audit.ts'
import type { HubConfig } from '../../regency/base/config.ts'
import type { Database } from '../../regency/base/database.ts'
import { parsePlaces, readVillageCode } from '../../regency/base/places.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import { expiry, type Given, giveCommand, giveWipe } from '../../regency/commands/giving.ts'
import { type GivenCommand, listCommands, readOutcomes } from '../../regency/commands/outcomes.ts'
import { systemClock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { dayMs, hourMs } from '../base/time.ts'
import { answers } from '../wire/answers.ts'
import { answerStates } from '../wire/case-states.ts'
import { givenTypes, isGivenType, type SettingName, settingNames } from '../wire/commands.ts'
import type { WipeOrder } from '../wire/wipe-order.ts'

/* `balai hub command` and `commands`: what the regency asks of its boxes. The hub may be running meanwhile. */

export const commandActions = ['command', 'commands'] as const
export type CommandAction = (typeof commandActions)[number]

export type CommandOptions = {
  to: string
  text: string | undefined
  from: string | undefined
  setting: string | undefined
  value: string | undefined
  expires: string | undefined
  brokers: string[]
  proposal: string | undefined
  answer: string | undefined
  case?: string | undefined
  state?: string | undefined
  /** Text of the file that `balai fleet wipe` has made. */
  order: string | undefined
}

/** Carries it out and answers what to print. */
export async function runCommandAction(
  action: CommandAction,
  [word = '', ...more]: string[],
  config: HubConfig,
  options: Omit<CommandOptions, 'brokers'> & { by: Doer },
): Promise<string> {
  // Before anything is asked of PostgreSQL: whoever mistyped hears of it at once.
  const order = action === 'command' && word === 'wipe' ? readOrder(options.order) : null
  const giving =
    action === 'command' && !order
      ? {
          command: readGiven(word, { ...options, brokers: more }),
          places: parsePlaces(options.to),
          expiresMs: readExpiry(options.expires),
        }
      : null
  const village = !giving && !order && word ? readVillageCode(word) : null
  return await withDatabase(config.postgres.url, async (database) => {
    const now = systemClock.wall()
    if (order) {
      await database.inTransaction((client) => giveWipe(client, { order, now }, options.by))
      return `The order is sent to ${order.village}. What becomes of it: balai hub commands ${order.village}\n`
    }
    if (!giving) return village ? await describeVillage(database, now, village) : await describeAll(database, now)
    const { villages } = await database.inTransaction((client) => giveCommand(client, { ...giving, now }, options.by))
    return `${word} is sent to ${villages} ${villages === 1 ? 'village' : 'villages'}. What becomes of it: balai hub commands\n`
  })
}

/** Whether it is a whole order `giveWipe` says. */
function readOrder(text: string | undefined): WipeOrder {
  assertThere(text, '--order', 'the file that balai fleet wipe has made')
  try {
    return JSON.parse(text ?? '') as WipeOrder
  } catch {
    throw new AppError('invalid', 'commands.wrong-data', 'That is no order that balai fleet wipe has made.')
  }
}

/** What is sealed is so where it is written: at /agency. */
const isSealed = (type: string): type is 'notice' | 'case-document' => type === 'notice' || type === 'case-document'
const typedCommands = givenTypes.filter((type) => !isSealed(type))

function readGiven(
  type: string,
  { text, from = '', setting = '', value, brokers, proposal, answer, to, ...options }: CommandOptions,
): Given {
  if (!isGivenType(type) || isSealed(type))
    throw new AppError(
      'invalid',
      'commands.wrong-data',
      type
        ? `There is no command "${type}". There are: ${typedCommands.join(', ')}`
        : `Name a command: ${typedCommands.join(', ')}`,
    )
  if (type === 'message') {
    assertThere(text, '--text', 'what the office shall read')
    assertThere(from, '--from', 'who writes it')
    return { type, data: { text, from } }
  }
  if (type === 'answer') {
    readVillageCode(to)
    assertThere(proposal, '--proposal', 'which one, as balai hub proposals names it')
    const known = answers.find((one) => one === answer)
    if (!known) throw new AppError('invalid', 'commands.wrong-data', `--answer is missing: ${answers.join(', ')}`)
    return { type, data: { proposal, answer: known, ...(text === undefined ? {} : { text }) } }
  }
  if (type === 'case-state') {
    readVillageCode(to)
    assertThere(options.case, '--case', 'which one, as balai hub cases names it')
    const known = answerStates.find((one) => one === options.state)
    if (!known) throw new AppError('invalid', 'commands.wrong-data', `--state is missing: ${answerStates.join(', ')}`)
    return { type, data: { case: options.case, state: known, ...(text === undefined ? {} : { text }) } }
  }
  if (type === 'move-broker') {
    assertThere(brokers[0], 'mqtts://HOST:PORT', 'where the boxes shall go, the preferred broker first')
    return { type, data: { brokers } }
  }
  if (type !== 'set') return { type, data: {} }
  assertThere(setting, '--setting', `one of ${settingNames.join(', ')}`)
  assertThere(value, '--value', 'a whole number')
  return { type, data: { setting: setting as SettingName, value: Number(value) } }
}

function assertThere(given: string | undefined, option: string, what: string): asserts given is string {
  if (!given?.trim()) throw new AppError('invalid', 'commands.wrong-data', `${option} is missing: ${what}`)
}

/** `7d`, `12h`. */
function readExpiry(text: string | undefined): number {
  if (text === undefined) return expiry.usualMs
  const [, count, unit] = /^([0-9]{1,3})([dh])$/.exec(text) ?? []
  if (!count)
    throw new AppError('invalid', 'commands.wrong-expiry', `--expires is "${text}"; allowed: hours or days, 1h to 30d`)
  return Number(count) * (unit === 'd' ? dayMs : hourMs)
}

const describe = ({ type, data, doer, createdAt }: GivenCommand): string =>
  `${new Date(createdAt).toISOString().slice(0, 16)}Z  ${[
    type,
    data.setting,
    data.value,
    data.brokers,
    data.box,
    data.proposal,
    data.answer,
    data.case,
    data.state,
  ]
    .flat()
    .filter((one) => one !== undefined)
    .join(' ')}  by ${doer}`

/** Each with its counts; below it the villages that did not do it. */
async function describeAll(database: Database, now: number): Promise<string> {
  const lines: string[] = []
  for (const one of await listCommands(database, { now })) {
    const counts = Object.entries(one.counts).map(([state, count]) => `${count} ${state}`)
    const read = one.type === 'message' ? [`read in ${one.read}`] : []
    lines.push(`${describe(one)}: ${[...counts, ...read].join(', ')} of ${one.villages}`)
    if (one.villages === (one.counts.done ?? 0) + (one.counts.waiting ?? 0)) continue
    for (const { village, state, detail } of await readOutcomes(database, { now, given: one.given }))
      if (state !== 'done' && state !== 'waiting') lines.push(`  ${village}  ${state}${detail ? `: ${detail}` : ''}`)
  }
  return lines.map((line) => `${line}\n`).join('') || 'No command was ever given.\n'
}

async function describeVillage(database: Database, now: number, village: string): Promise<string> {
  const lines: string[] = []
  for (const one of await listCommands(database, { now, village })) {
    const outcomes = await readOutcomes(database, { now, given: one.given })
    const { state, detail, at, readAt } = outcomes.find((row) => row.village === village) ?? {}
    const when = at ? ` ${new Date(at).toISOString().slice(0, 16)}Z` : ''
    const read = one.type === 'message' && state === 'done' ? (readAt ? ', read' : ', not read yet') : ''
    lines.push(`${describe(one)}: ${state}${when}${detail ? ` (${detail})` : ''}${read}`)
  }
  return lines.map((line) => `${line}\n`).join('') || `${village} was never given a command.\n`
}
