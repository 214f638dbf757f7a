import { toBase64url } from './base64url.ts'
import { find, t } from './messages.ts'

/** What the box answers when it refuses, and what this page says itself when no answer came (`unreachable`). */
export type Problem = { code: string; message: string; details: Record<string, string | number>; reference?: string }

/** A disk that failed in the middle, and one that a repair holds for a moment: worth trying again by itself. */
const maybeDone = ['store.io', 'store.in-use']

export class Refusal extends Error {
  readonly problem: Problem
  /** Nobody knows whether the command was carried out: it may be sent again with the same key. */
  readonly unclear: boolean
  /** Nothing was done, and nothing is wrong with what was asked: the box cannot now. */
  readonly unavailable: boolean

  constructor(problem: Problem, status: number) {
    super(problem.message)
    this.problem = problem
    this.unavailable = status === 503 && !maybeDone.includes(problem.code)
    this.unclear = status >= 500 && !this.unavailable
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Asks the box; a Blob is sent as it is, anything else as JSON. The answer's type is the contract's: the page trusts its box. */
export async function ask<Answer>(
  method: Method,
  path: string,
  body?: object,
  timeoutMs = 8000,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const init = {
    method,
    headers: { ...headers, 'x-balai': '1', ...(body ? { 'content-type': typeOf(body) } : {}) },
    ...(body ? { body: body instanceof Blob ? body : JSON.stringify(body) } : {}),
  }
  try {
    return await fetchWithin(timeoutMs, path, init, async (response) => {
      const text = await response.text()
      // A command that has nothing to say (204) is carried out all the same.
      if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as Answer
      throw new Refusal(readProblem(text), response.status)
    })
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal({ code: 'unreachable', message: String(error), details: {} }, 504)
  }
}

/** Fetches afresh and reads the answer, both within `timeoutMs`; throws after that, and its connection is free again. */
export async function fetchWithin<Answer>(
  timeoutMs: number,
  path: string,
  init: RequestInit,
  read: (response: Response) => Answer | Promise<Answer>,
): Promise<Answer> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), timeoutMs)
  try {
    return await read(await fetch(path, { ...init, cache: 'no-store', signal: stop.signal }))
  } finally {
    clearTimeout(timer)
  }
}

const typeOf = (body: object): string => (body instanceof Blob ? body.type : 'application/json')

export type Send = <Answer = unknown>(
  method: Method,
  path: string,
  body?: object,
  timeoutMs?: number,
) => Promise<Answer>

/**
 * Sends commands, each with a fresh key. A command whose end stayed unclear keeps its key when exactly the same is sent
 * again within `keepMs` and nothing else went through in between, so that pressing twice never does a thing twice.
 */
export function createSender(keepMs = 30_000): Send {
  let unclear: { what: string; key: string; until: number } | null = null
  return async <Answer>(method: Method, path: string, body: object = {}, timeoutMs?: number) => {
    const what = `${method} ${path} ${JSON.stringify(body)}`
    const again = unclear?.what === what && performance.now() < unclear.until
    const key = again && unclear ? unclear.key : newKey()
    try {
      const answer = await ask<Answer>(method, path, { ...body, key }, timeoutMs)
      unclear = null
      return answer
    } catch (error) {
      unclear = error instanceof Refusal && error.unclear ? { what, key, until: performance.now() + keepMs } : null
      throw error
    }
  }
}

/** Twelve random base64url characters. */
export const newKey = (): string => toBase64url(crypto.getRandomValues(new Uint8Array(9)))

/** The sentence for a person: what happened and what to do. */
export function explain(error: unknown): string {
  const problem = toProblem(error)
  const sentence = find(`error.${problem.code}`, problem.details)
  return (sentence ?? t('error.unknown')) + referenceOf(error)
}

/** The number by which an engineer finds this failure in the log, as the end of a sentence. */
export function referenceOf(error: unknown): string {
  const { reference } = toProblem(error)
  return reference ? ` ${t('ui.reference', { reference })}` : ''
}

export const codeOf = (error: unknown): string => toProblem(error).code

function toProblem(error: unknown): Problem {
  return error instanceof Refusal ? error.problem : { code: 'unknown', message: String(error), details: {} }
}

/** What the body of a refusal says; something between page and box may refuse as well, in words of its own. */
function readProblem(text: string): Problem {
  let problem: Partial<Problem> | null = null
  try {
    problem = JSON.parse(text) as Partial<Problem> | null
  } catch {
    // Not the box's: its status says enough.
  }
  return {
    code: problem?.code ?? 'unknown',
    message: problem?.message ?? '',
    details: problem?.details ?? {},
    ...(problem?.reference ? { reference: problem.reference } : {}),
  }
}
