import { type Static, type TSchema, Type } from 'typebox'
import { compileLater, type LateValidator } from '../base/compile-later.ts'
import { answers } from './answers.ts'
import { answerStates } from './case-states.ts'
import { claimOutcomes } from './claim-outcomes.ts'
import { limits } from './messages.ts'
import { NoticeSignature, noticeBytes, noticeKinds } from './notices.ts'
import { villagePattern } from './topics.ts'
import { WipeOrder } from './wipe-order.ts'

/*
 * What a regency may ask of a box. The hub checks what people give by these schemas before it goes out, a box again before
 * it does anything.
 */

/** Settings of an office that a regency may set, each with its range: `version` rises for each of them. */
export const settingRanges = {
  earlyMinutes: { minimum: 0, maximum: 240 },
  normalsPerPriority: { minimum: 1, maximum: 9 },
  phonePercent: { minimum: 0, maximum: 100 },
} as const
export type SettingName = keyof typeof settingRanges
export const settingNames = Object.keys(settingRanges) as SettingName[]

/** Rises for each setting, and for moves of the broker. */
const Version = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** mqtts://host[:port], or https://host[:port] of a hub that takes boxes by HTTPS (SYNC-023). */
export const brokerPattern = '^(mqtts?|https)://[^\\s/@]+$'

const Text = (most: number) => Type.String({ minLength: 1, maxLength: most, pattern: '\\S' })

const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' })
const Village = Type.String({ pattern: villagePattern })
const BoxKey = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const Sealed = Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: 14_000 })
/** What goes in clear to a village: no number of a person stands in it. */
const WithoutNumbers = Type.String({ minLength: 1, maxLength: 200, pattern: '^(?!.*\\d{8})(?=.*\\S)' })

const schemas = {
  /** Shown at every desk until somebody has read it. */
  message: Type.Object({ text: Text(500), from: Text(60) }),
  /** Presence and health, again and now. */
  announce: Type.Object({}),
  /** Looks at the machine now; answers how many checks need somebody. */
  check: Type.Object({}),
  set: Type.Object({
    setting: Type.Enum(settingNames),
    value: Type.Integer(),
    version: Version,
  }),
  /** The night's backup, now. */
  backup: Type.Object({}),
  restart: Type.Object({}),
  /** Tried before it is kept; the brokers of before stay as fall-backs behind these. */
  'move-broker': Type.Object({
    version: Version,
    brokers: Type.Array(Type.String({ pattern: brokerPattern, maxLength: 200 }), { minItems: 1, maxItems: 4 }),
  }),
  /** What became of a proposal (`proposals.made`). It goes in clear: nobody's name or number. */
  answer: Type.Object({
    proposal: Id,
    answer: Type.Enum(answers),
    text: Type.Optional(WithoutNumbers),
  }),
  /** What an agency says of a case that it was sent (`cases.relayed`). It goes in clear: nobody's name or number. */
  'case-state': Type.Object({
    case: Id,
    state: Type.Enum(answerStates),
    text: Type.Optional(WithoutNumbers),
  }),
  /** SYNC-026: an agency has a document for a case, sealed to `recipient`; the box fetches it by `file`. */
  'case-document': Type.Object({
    ...{ case: Id, document: Id },
    file: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
    bytes: Type.Integer({ minimum: 1, maximum: limits.documentBytes }),
    recipient: Type.String({ pattern: '^age1[02-9ac-hj-np-z]{58}$' }),
  }),
  /** SYNC-022: another village's box asks for a letter of this one. `key`: of that box; `sealed`: code and birth date. */
  claim: Type.Object({ claim: Id, from: Village, key: BoxKey, sealed: Sealed }),
  /** What the village whose letter it is answers. `key`: of its box; `sealed`: the letter, of `given`. */
  'claim-answer': Type.Object({
    ...{ claim: Id, from: Village, key: BoxKey },
    outcome: Type.Enum(claimOutcomes),
    left: Type.Optional(Type.Integer({ minimum: 0 })),
    sealed: Type.Optional(Sealed),
  }),
  /** That village handed it out, `at` by its box, ms since 1970 UTC. */
  'claim-handed': Type.Object({ claim: Id, from: Village, at: Type.Integer() }),
  /** A birth or a death that a hospital or a midwife tells of: what it says only the village's box opens (notices.ts). */
  notice: Type.Object({
    notice: Id,
    kind: Type.Enum(noticeKinds),
    from: Text(60),
    sealed: Type.String({
      ...{ pattern: '^[A-Za-z0-9+/]+={0,2}$', minLength: 1, maxLength: Math.ceil(noticeBytes / 3) * 4 },
      description: 'An age file, base64',
    }),
    /** Its code, and what it has signed (notice-statement.ts); absent: of a hub that did not say so yet. */
    agency: Type.Optional(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })),
    signature: Type.Optional(NoticeSignature),
  }),
  /** A stolen box erases itself, by an order of the key that no hub has. */
  wipe: Type.Object({ order: WipeOrder }),
} as const satisfies Record<string, TSchema>

export type CommandType = keyof typeof schemas
export type CommandData<T extends CommandType> = Static<(typeof schemas)[T]>

export const commandTypes = Object.keys(schemas) as CommandType[]
/** What the hub hands on by itself from one village to another. */
export const relayedTypes = ['claim', 'claim-answer', 'claim-handed'] as const satisfies CommandType[]
export type RelayedType = (typeof relayedTypes)[number]
/** What people ask of boxes; an order to wipe one is the fleet tool's. */
export type GivenType = Exclude<CommandType, 'wipe' | RelayedType>
export const givenTypes = commandTypes.filter(
  (type): type is GivenType => type !== 'wipe' && !relayedTypes.some((one) => one === type),
)
export const isGivenType = (type: string): type is GivenType => givenTypes.some((one) => one === type)
export const isCommandType = (type: string): type is CommandType => Object.hasOwn(schemas, type)

const validators = Object.fromEntries(commandTypes.map((type) => [type, compileLater(schemas[type])])) as {
  [T in CommandType]: LateValidator<(typeof schemas)[T]>
}

/** The first member of a command's data that is not as it has to be; null: all are. */
export function findWrongMember(type: CommandType, data: unknown): string | null {
  if (!validators[type].Check(data)) {
    const [{ instancePath, keyword, params } = { instancePath: '', keyword: '', params: {} }] =
      validators[type].Errors(data)
    const missing = keyword === 'required' ? (params as { requiredProperties: string[] }).requiredProperties[0] : null
    return missing ?? instancePath.split('/')[1] ?? 'data'
  }
  if (type !== 'set') return null
  const { setting, value } = data as CommandData<'set'>
  const { minimum, maximum } = settingRanges[setting]
  return value < minimum || value > maximum ? 'value' : null
}
