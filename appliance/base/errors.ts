/** What kind of failure it is, for whoever must act on it. Each has one HTTP status, below. */
export type ErrorKind =
  | 'invalid'
  | 'unknown-caller'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-many'
  | 'unavailable'
  | 'internal'

/**
 * An expected failure. `code` (`queue.service-closed`) is the key of its sentence in the message catalogues
 * (`error.<code>`); `message` is for logs and engineers; `details` fills the sentence's placeholders.
 */
export class AppError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly details: Record<string, string | number>

  constructor(kind: ErrorKind, code: string, message: string, details: Record<string, string | number> = {}) {
    super(message)
    this.name = 'AppError'
    this.kind = kind
    this.code = code
    this.details = details
  }
}

/** The HTTP status for each kind of error (RFC 9110; 429 is RFC 6585). */
export const httpStatus = {
  invalid: 400,
  'unknown-caller': 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-many': 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorKind, number>

/** Exit codes of `balai`; 64, 70 and 78 are those of sysexits.h, which systemd units name in RestartPreventExitStatus. */
export const exitCode = { ok: 0, failed: 1, usage: 64, internal: 70, config: 78 } as const
