import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const argon2Async = promisify(argon2)

/** What a guess costs: argon2id's memory in KiB, and how often it goes over it. */
export type PinCost = { memory: number; passes: number }

/** OWASP's second recommendation for argon2id: 19 MiB, 2 passes, 1 lane; about 40 ms on a PC, 150 ms on a Pi 4. */
export const safePinCost: PinCost = { memory: 19_456, passes: 2 }

/** A PIN is six digits that are not the first ones anybody tries. */
export function isWeakPin(pin: string): boolean {
  if (!/^\d{6}$/.test(pin)) return true
  const steps = new Set(Array.from(pin.slice(1), (digit, index) => Number(digit) - Number(pin[index])))
  const [step] = steps
  return steps.size === 1 && step !== undefined && Math.abs(step) <= 1
}

/** `argon2id$m=<memory>,t=<passes>$<salt>$<tag>`, base64url. Its cost stands in it, so that another one can be chosen later. */
export async function hashPin(pin: string, cost: PinCost): Promise<string> {
  const salt = randomBytes(16)
  const tag = await digest(pin, salt, cost)
  return `argon2id$m=${cost.memory},t=${cost.passes}$${salt.toString('base64url')}$${tag.toString('base64url')}`
}

/** True when the PIN gives the stored hash. An unknown format is never right. */
export async function matchesPin(pin: string, stored: string): Promise<boolean> {
  const known = format.exec(stored)?.groups
  if (!known) return false
  const { memory, passes, salt = '', tag = '' } = known
  const cost = memory ? { memory: Number(memory), passes: Number(passes) } : safePinCost
  const expected = Buffer.from(tag, 'base64url')
  const actual = await digest(pin, Buffer.from(salt, 'base64url'), cost)
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

/** A hash without its cost is of an earlier program, which had one only. */
const format = /^argon2id(?:\$m=(?<memory>\d{1,6}),t=(?<passes>\d{1,3}))?\$(?<salt>[\w-]{11,})\$(?<tag>[\w-]+)$/

const digest = (pin: string, salt: Buffer, cost: PinCost): Promise<Buffer> =>
  argon2Async('argon2id', { message: pin, nonce: salt, parallelism: 1, tagLength: 32, ...cost })

/** Wrong PINs allowed before a lock. */
export const triesAllowed = 5

/** Wrong PINs of one account allowed from all devices together that a right one never came from. */
export const wideTriesAllowed = 30

/** Length of the next lock for all those devices, seconds: 15 minutes, doubling to four hours. */
export const nextWideLockSeconds = (lastSeconds: number): number =>
  Math.min(4 * 3_600, lastSeconds === 0 ? 15 * 60 : lastSeconds * 2)

/** Length of the next lock in seconds: one minute, doubling to 15. */
export const nextLockSeconds = (lastSeconds: number): number =>
  Math.min(15 * 60, lastSeconds === 0 ? 60 : lastSeconds * 2)
