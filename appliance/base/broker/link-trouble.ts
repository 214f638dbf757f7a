/** Nobody said no: there is no way to the broker, or what answers is not it. It is tried again soon. */
const away = [
  'offline',
  'dns-silent',
  'name-unknown',
  'no-broker',
  'silent',
  'foreign-server',
  'server-date',
  'no-answer',
] as const
export type Away = (typeof away)[number]

/** Why there is no line to the broker: relay.reason.<trouble>, and what to do, relay.remedy.<trouble>. */
export type LinkTrouble =
  | Away
  | 'connect-refused'
  | 'certificate-revoked'
  | 'certificate-ended'
  | 'subscribe-refused'
  | 'foreign-box'

export const isAway = (trouble: string): trouble is Away => away.some((one) => one === trouble)

/** What the system says of an address, and a way that leads nowhere. */
const bySystem: Record<string, Away> = {
  EAI_AGAIN: 'dns-silent',
  ENOTFOUND: 'name-unknown',
  ECONNREFUSED: 'no-broker',
  ETIMEDOUT: 'silent',
  CERT_HAS_EXPIRED: 'server-date',
  CERT_NOT_YET_VALID: 'server-date',
}

/**
 * The cause of a connection that did not come about: by CONNACK's codes 1 to 5, an alert of TLS (the broker refuses this
 * side), a certificate that is not the regency's or no TLS at all (a network that asks people to log in first answers for
 * everybody), and the system's own codes.
 */
export function troubleOf(error: Error & { code?: unknown }): LinkTrouble {
  const { code, message } = error
  if (typeof code === 'number') return code >= 1 && code <= 5 ? 'connect-refused' : 'offline'
  if (typeof code !== 'string') return message === 'connack timeout' ? 'silent' : 'offline'
  const known = Object.hasOwn(bySystem, code) ? bySystem[code] : undefined
  if (known) return known
  if (/^ERR_SSL.*CERTIFICATE_REVOKED$/.test(code)) return 'certificate-revoked'
  if (/^ERR_SSL.*CERTIFICATE_EXPIRED$/.test(code)) return 'certificate-ended'
  if (/^ERR_SSL.*ALERT/.test(code)) return 'connect-refused'
  const notOurs = /^(ERR_SSL|ERR_TLS|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_CA)/
  return notOurs.test(code) ? 'foreign-server' : 'offline'
}
