import { isIPv6 } from 'node:net'
import { AppError } from '../errors.ts'
import { type Allowance, createBuckets } from './buckets.ts'
import type { Caller } from './callers.ts'

/** Whose bucket it is: of a ticket or booking, of an address, of its network (/24, IPv6 /64), of all strangers together. */
type Level = 'subject' | 'address' | 'network' | 'office'

type Levels = Partial<Record<Level | 'kiosk', Allowance>>

/**
 * What strangers may cause, and how fast a kiosk gives numbers. A route names its budget in `spends`. People who are
 * logged in spend nothing, and no stranger spends what a kiosk has: so much of the office is theirs whatever comes in.
 */
export const budgets = {
  /**
   * Booking a time. The share of a day that phones may take is a setting of the office. No booking has to be confirmed: a
   * citizen has nothing to confirm by but the page itself, which a script presses as well.
   */
  booking: {
    code: 'budget.booking',
    address: { most: 3, everyS: 300 },
    network: { most: 30, everyS: 60 },
    office: { most: 60, everyS: 30 },
  },
  /** A step that becomes an entry: giving way, leaving the line, taking that back, arriving, the survey. */
  step: {
    code: 'budget.step',
    subject: { most: 6, everyS: 600 },
    address: { most: 6, everyS: 15 },
    network: { most: 40, everyS: 4 },
    office: { most: 80, everyS: 2.5 },
  },
  /** A photo from a phone that a clerk has paired: several in a row, and each a quarter of a megabyte to keep. */
  photo: {
    code: 'budget.photo',
    address: { most: 12, everyS: 10 },
    network: { most: 30, everyS: 4 },
    office: { most: 60, everyS: 2.5 },
  },
  /** A PIN or a setup code, which costs a hundred milliseconds of a core. No level that a stranger could use up for clerks. */
  'log-in': {
    code: 'budget.log-in',
    address: { most: 12, everyS: 5 },
  },
  /** A screen that asks every three seconds which device it is, a log-out: little work, and no entry. */
  small: {
    code: 'budget.small',
    address: { most: 60, everyS: 0.5 },
  },
  /** What is made for whoever looks: offers, a ticket, the line. Two hundred phones behind one address ask each 3 s. */
  look: {
    code: 'budget.look',
    network: { most: 2_000, everyS: 1 / 200 },
    office: { most: 3_000, everyS: 1 / 300 },
  },
  /** Numbers of one kiosk: no row of visitors touches faster than every four seconds for long. */
  number: {
    code: 'queue.too-fast',
    kiosk: { most: 20, everyS: 4 },
  },
} as const satisfies Record<string, { code: string } & Levels>

export type Budget = keyof typeof budgets

export type Budgets = ReturnType<typeof createBudgets>

/** Holds callers to `budgets`. The box's own screens, on loopback, are held to none. */
export function createBudgets(monotonicMs: () => number) {
  const buckets = createBuckets(monotonicMs)
  return {
    /** Throws the budget's code with the seconds until this caller may try again. `subject`: what it is about. */
    spend(budget: Budget, caller: Caller, subject: string | null): void {
      const { code, ...levels }: { code: string } & Levels = budgets[budget]
      const spendings = Object.entries(levels).flatMap(([level, allowance]) => {
        const key = keyOf(level as Level | 'kiosk', caller, subject)
        return key === null ? [] : [{ key: `${budget} ${level} ${key}`, units: 1, allowance }]
      })
      const seconds = buckets.spend(spendings)
      if (seconds > 0)
        throw new AppError('too-many', code, `The budget of ${budget} is spent for ${seconds} s.`, {
          seconds,
          minutes: Math.ceil(seconds / 60),
        })
    },
  }
}

function keyOf(level: Level | 'kiosk', { kind, actor, device }: Caller, subject: string | null): string | null {
  if (isLoopbackAddress(device)) return null
  if (level === 'kiosk') return kind === 'kiosk' ? actor : null
  if (kind !== 'anyone') return null
  if (level === 'subject') return subject
  if (level === 'address') return device
  return level === 'network' ? networkOf(device) : 'all'
}

export const isLoopbackAddress = (address: string): boolean =>
  address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1'

/** The network of an address: its /24, or its /64 in IPv6, where one device has as many addresses as it likes. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain.split('.').slice(0, 3).join('.')
  const [head = '', tail] = plain.toLowerCase().split('::')
  const first = head ? head.split(':') : []
  const last = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length
  return [...first, ...Array.from({ length: zeros }, () => '0'), ...last]
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a call costs strangers and kiosks; every route of the box by which a stranger may change anything says it. */
    spends?: Budget
  }
}
