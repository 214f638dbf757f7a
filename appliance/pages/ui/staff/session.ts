import { computed, signal } from '@preact/signals'
import type { Office } from '../../../base/web/office-view.ts'
import { ask, codeOf, Refusal } from '../api.ts'
import { setClock } from '../clock.ts'

export type Person = { account: string; name: string; role: string; counter: string | null }
export type Me = Omit<Person, 'counter'>
export type Session = {
  me: Me | null
  locked: boolean
  /** Of a wall screen; left out where there are none. */
  watch?: boolean
  setup: boolean
  people: Person[]
  counters: { counter: string; name: string }[]
  /** Whether a code is asked for besides the PIN; left out where there is no such thing. */
  secondFactor?: 'on' | 'off' | 'demanded'
  office: Office
}

// One page has one session: the cookie is the browser's.
export const session = signal<Session | null>(null)
export const unreachable = signal(false)
// The page covers itself even when the box cannot be told.
const coveredHere = signal(false)

export const me = computed(() => session.value?.me ?? null)
export const locked = computed(() => me.value !== null && (coveredHere.value || session.value?.locked === true))
export const mayWatch = () => me.peek() !== null && !locked.peek()

/** For what the box refuses: whoever was logged out or locked meanwhile is shown so. */
export function heedRefusal(error: unknown) {
  if (['unknown-caller', 'locked'].includes(codeOf(error))) void refreshSession()
}

/** Asks what is up: at the start, and whenever the box refuses something for want of a log-in. */
export async function refreshSession() {
  try {
    accept(await ask<Session>('GET', '/api/session'))
    if (coveredHere.value && session.value?.me && !session.value.locked) await ask('POST', '/api/session/lock', {})
  } catch {
    unreachable.value = true
  }
}

/** `code`: of a second factor, where there is one. */
export const logIn = (account: string, pin: string, code?: string) =>
  enter('/api/session', { account, pin, ...(code ? { code } : {}) })

export const setUp = (code: string, name: string, pin: string) => enter('/api/setup', { code, name, pin })

/** The box lets somebody in by a cookie: whoever comes back without it would stand before the names again. */
async function enter(path: string, body: object) {
  await ask('POST', path, body)
  const fresh = await ask<Session>('GET', '/api/session')
  if (!fresh.me) throw new Refusal({ code: 'keeps-no-cookie', message: '', details: {} }, 401)
  accept(fresh)
  coveredHere.value = false
}

export async function logOut() {
  await ask('DELETE', '/api/session', {})
  coveredHere.value = false
  await refreshSession()
}

/** Covers the page at once; what was typed stays beneath. */
export async function lock() {
  if (!me.value || coveredHere.value) return
  coveredHere.value = true
  // The cover stays without the answer, and refreshSession() tells the box later.
  await ask('POST', '/api/session/lock', {}).catch(() => {})
}

export async function unlock(pin: string) {
  await ask('POST', '/api/session/unlock', { pin })
  coveredHere.value = false
  await refreshSession()
}

export const stayActive = () => ask('POST', '/api/session/active', {}).catch(() => {})

export const changePin = (pin: string, newPin: string) => ask('POST', '/api/session/pin', { pin, newPin })

function accept(fresh: Session) {
  setClock(fresh.office)
  session.value = fresh
  unreachable.value = false
}
