import { type Static, Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import { Day } from '../base/schemas.ts'

/*
 * What a hospital or a midwife tells a village: a birth, a death. It travels sealed to the village's box (box-recipient.ts),
 * so that neither broker nor hub reads it; what it seals is this, as JSON.
 */

const closed = { additionalProperties: false } as const
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' })
const Sixteen = Type.String({ pattern: '^\\d{16}$' })
const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'Local time, 07:45' })
const Parent = Type.Object({ name: text(100), nik: Type.Optional(Sixteen) }, closed)

export const BirthNotice = Type.Object(
  {
    kind: Type.Literal('birth'),
    /** Absent: it has none yet. */
    name: Type.Optional(text(100)),
    sex: Type.Union([Type.Literal(1), Type.Literal(2)], { description: '1 male, 2 female' }),
    on: Type.String({ ...Day, description: 'Day of birth' }),
    time: Type.Optional(Time),
    place: text(100),
    weightGrams: Type.Optional(Type.Integer({ minimum: 200, maximum: 9_000 })),
    lengthCm: Type.Optional(Type.Integer({ minimum: 20, maximum: 80 })),
    mother: Parent,
    father: Type.Optional(Parent),
    kk: Type.Optional(Sixteen),
    /** Number of the birth letter. */
    letter: text(60),
  },
  closed,
)

export const DeathNotice = Type.Object(
  {
    kind: Type.Literal('death'),
    name: text(100),
    nik: Type.Optional(Sixteen),
    on: Type.String({ ...Day, description: 'Day of death' }),
    time: Type.Optional(Time),
    place: text(100),
    /** Number of the death letter. What somebody died of is no business of an office. */
    letter: text(60),
  },
  closed,
)

export const Notice = Type.Union([BirthNotice, DeathNotice])
export type Notice = Static<typeof Notice>

export const noticeKinds = ['birth', 'death'] as const
export type NoticeKind = (typeof noticeKinds)[number]

const validator = compileLater(Notice)
export const isNotice = (content: unknown): content is Notice => validator.Check(content)

/** Ed25519 over notice-statement.ts, base64url. */
export const NoticeSignature = Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' })

/** A sealed notice, as an age file: it has to pass in one command. */
export const noticeBytes = 6 * 1024
