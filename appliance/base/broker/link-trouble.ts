/** Why there is no line to the broker: relay.reason.<trouble>. */
export type LinkTrouble =
  | 'offline'
  | 'connect-refused'
  | 'certificate-revoked'
  | 'certificate-ended'
  | 'subscribe-refused'
  | 'foreign-box'
  | 'no-answer'
