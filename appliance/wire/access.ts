import { enrolTopics, rollCallTopic, topicsUnder } from './topics.ts'

/*
 * Who may do what at the broker, in words that every broker knows. Topics may hold `+`; `user` is a name, or the sign
 * that the broker puts the name of whoever is connected for (Mosquitto: `%u`).
 */

export type AccessRule = { may: 'read' | 'write' | 'readwrite'; topic: string }

/** A village office: its own topics, and the roll call that goes to all. Its user name is its code. */
export function villageAccess(user: string): AccessRule[] {
  const own = topicsUnder('+', user)
  return [
    { may: 'readwrite', topic: own.presence },
    { may: 'write', topic: own.health },
    { may: 'write', topic: own.hello },
    { may: 'write', topic: own.up },
    { may: 'write', topic: own.want },
    { may: 'write', topic: own.renew },
    { may: 'read', topic: own.ack },
    { may: 'read', topic: own.chunk },
    { may: 'read', topic: own.data },
    { may: 'read', topic: own.command },
    { may: 'read', topic: own.renewed },
    { may: 'read', topic: rollCallTopic },
  ]
}

/** A hub: what the villages say, and its answers. */
export function hubAccess(): AccessRule[] {
  const all = topicsUnder('+', '+')
  const enrol = enrolTopics('+')
  return [
    { may: 'read', topic: all.presence },
    { may: 'read', topic: all.health },
    { may: 'read', topic: all.hello },
    { may: 'read', topic: all.up },
    { may: 'read', topic: all.want },
    { may: 'read', topic: all.renew },
    { may: 'write', topic: all.ack },
    { may: 'write', topic: all.chunk },
    { may: 'write', topic: all.data },
    { may: 'write', topic: all.command },
    { may: 'write', topic: all.renewed },
    { may: 'write', topic: rollCallTopic },
    { may: 'read', topic: enrol.request },
    { may: 'write', topic: enrol.answer },
  ]
}

/** Whoever holds a claim certificate: asks for a certificate and hears the answer, nothing else. */
export function claimAccess(user: string): AccessRule[] {
  const own = enrolTopics(user)
  return [
    { may: 'write', topic: own.request },
    { may: 'read', topic: own.answer },
  ]
}
