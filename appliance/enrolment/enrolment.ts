import { type IClientOptions, MqttClient } from 'mqtt'
import type { Alarms } from '../base/alarms.ts'
import { openHttps } from '../base/broker/https-connection.ts'
import type { Identity } from '../base/broker/identity.ts'
import { isAway, troubleOf } from '../base/broker/link-trouble.ts'
import { type Credentials, openTls } from '../base/broker/tls.ts'
import type { Clock } from '../base/clock.ts'
import { newSession } from '../base/ids.ts'
import { packFrame, unpackFrame } from '../wire/frame.ts'
import { enrolPath } from '../wire/https-road.ts'
import { type CertificateAnswer, type CertificateRefusal, validators } from '../wire/messages.ts'
import { claimOf, enrolTopics } from '../wire/topics.ts'
import type { Claim, Membership } from './membership.ts'
import { buildRequest, doesFit, isFromHub, makeKey, makeSigningRequest } from './request.ts'

/** Why a box is not a member yet: codes of alarms, each with a sentence of what to do. */
export const enrolmentTroubles = [
  'enrolment.offline',
  'enrolment.dns-silent',
  'enrolment.name-unknown',
  'enrolment.no-broker',
  'enrolment.silent',
  'enrolment.foreign-server',
  'enrolment.server-date',
  'enrolment.broker-refused',
  'enrolment.no-answer',
  'enrolment.bad-answer',
  'enrolment.token-unknown',
  'enrolment.token-ended',
  'enrolment.token-used',
  'enrolment.token-revoked',
  'enrolment.rejected',
] as const
export type EnrolmentTrouble = (typeof enrolmentTroubles)[number]

export type Log = { info(details: object, what: string): void; warn(details: object, what: string): void }

type Parts = {
  membership: Membership
  identity: Identity
  clock: Clock
  alarms: Alarms
  log: Log
  /** Names and addresses of the pages on the LAN, as they are now. */
  lanNames: () => readonly string[]
  /** The certificates are here. */
  onDone: () => void
}

const answerMs = 30_000
const firstWaitMs = 5_000
const longestWaitMs = 10 * 60_000
/** What a person at the regency has to mend. */
const refusedWaitMs = 15 * 60_000

/**
 * Makes the box a member: with the claim of its enrolment file it asks the hub for its certificates, until they are
 * here. The office works meanwhile, however long the line is away.
 */
export function startEnrolment({ membership, identity, clock, alarms, log, lanNames, onDone }: Parts) {
  const { member } = membership
  let trouble: EnrolmentTrouble | null = null
  let tries = 0
  let stopped = false
  const givenUp = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let client: MqttClient | undefined

  async function attempt(): Promise<void> {
    const found = await ask().catch((error: Error) => {
      log.warn({ cause: error.message }, 'asking for the certificates failed')
      return troubleFrom(error)
    })
    if (stopped) return
    say(found)
    if (found === null) return onDone()
    tries++
    const longest = isCalm(found) ? longestWaitMs : refusedWaitMs
    timer = setTimeout(begin, Math.random() * Math.min(longest, firstWaitMs * 2 ** Math.min(tries, 20)))
    timer.unref()
  }

  let running: Promise<void> = Promise.resolve()
  const begin = () => {
    running = attempt().catch((error: Error) => log.warn({ cause: error.message }, 'the enrolment did not go on'))
  }

  function say(found: EnrolmentTrouble | null): void {
    if (found !== trouble) {
      if (found) log.warn({ broker: member.enrolBroker, trouble: found }, 'the box is not enrolled yet')
      else log.info({ village: member.village, regency: member.regency }, 'the box is enrolled')
    }
    trouble = found
    for (const one of enrolmentTroubles) {
      alarms.set(one, one === found, isCalm(one) ? 'warning' : 'action')
    }
  }

  /** One asking; null when the certificates are kept. */
  async function ask(): Promise<EnrolmentTrouble | null> {
    const claim = membership.claim()
    if (!claim) return null
    const key = membership.keyFor('identity', makeKey)
    const lanKey = membership.keyFor('lan', makeKey)
    const csr = await makeSigningRequest(key, member.village)
    const lan = await makeSigningRequest(lanKey, 'Balai', lanNames())
    const session = newSession()
    const request = buildRequest({ member, identity, session, csr, lan, token: claim.token })

    const answer = await askHub(claim, packFrame(request), session)
    if (!answer) return 'enrolment.no-answer'
    if (!isFromHub(member, answer)) return 'enrolment.bad-answer'
    if (answer.refused) return refusalOf(answer.refused.code)
    const { certificate, lan: lanCertificate } = answer
    if (!certificate || !doesFit(certificate, { key, name: member.village, ca: member.ca }))
      return 'enrolment.bad-answer'
    if (lanCertificate && doesFit(lanCertificate, { key: lanKey, name: 'Balai', ca: member.lanCa }))
      membership.keepPair('lan', { certificate: lanCertificate, key: lanKey }, { atOnce: true })
    membership.keepPair('identity', { certificate, key }, { atOnce: true })
    membership.forgetClaim()
    return null
  }

  /** By MQTT; where no port for that is open by HTTPS, if there is such a road. Rejects with what MQTT met. */
  async function askHub(claim: Claim, request: Buffer, session: string): Promise<CertificateAnswer | null> {
    const shown = { ca: member.ca, cert: claim.certificate, key: claim.key }
    const road = member.fallbackBrokers?.find((url) => url.startsWith('https:'))
    try {
      const { hostname, port } = new URL(member.enrolBroker)
      const address = { host: hostname, port: Number(port), time: clock.belief(), signal: givenUp.signal }
      const socket = await openTls({ ...address, ...shown })
      client = new MqttClient(() => socket, { ...pipe, clientId: claimOf(member.village) })
      return await converse(client, request, session).finally(() => client?.end(true))
    } catch (error) {
      if (!road || stopped || !isAway(troubleOf(error as Error))) throw error
      const answer = await postRequest(road, shown, request)
      if (answer) return answer.session === session ? answer : null
      throw error
    }
  }

  /** Null where there is no way, or no answer. */
  async function postRequest(url: string, shown: Credentials, request: Buffer): Promise<CertificateAnswer | null> {
    const https = openHttps({ url, credentials: () => shown, time: clock.belief })
    const giveUp = () => https.close()
    givenUp.signal.addEventListener('abort', giveUp)
    try {
      const { status, body } = await https.post(enrolPath(member.village), request)
      return status === 200 ? readAnswer(body) : null
    } catch (error) {
      log.warn({ url, cause: (error as Error).message }, 'asking by HTTPS failed, too')
      return null
    } finally {
      givenUp.signal.removeEventListener('abort', giveUp)
      https.close()
    }
  }

  /** The hub’s answer of this session; null when none came in time. */
  function converse(on: MqttClient, request: Buffer, session: string): Promise<CertificateAnswer | null> {
    const { request: up, answer: down } = enrolTopics(claimOf(member.village))
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => resolve(null), answerMs)
      const fail = (error: Error) => {
        clearTimeout(late)
        reject(error)
      }
      on.on('error', fail)
      on.on('close', () => fail(new Error('The connection was closed.')))
      on.on('message', (_topic, payload) => {
        const answer = readAnswer(payload)
        if (answer?.session !== session) return
        clearTimeout(late)
        resolve(answer)
      })
      on.subscribe(down, { qos: 1 }, (error, granted) => {
        if (error || granted?.some(({ qos }) => qos === 128))
          return fail(Object.assign(new Error('The broker refuses the subscription.'), { code: 5 }))
        on.publish(up, request, { qos: 1 })
      })
    })
  }

  begin()
  return {
    trouble: () => trouble,
    async stop(): Promise<void> {
      stopped = true
      givenUp.abort()
      clearTimeout(timer)
      client?.end(true)
      await running
    },
  }
}

const pipe = {
  protocolVersion: 4,
  clean: true,
  reconnectPeriod: 0,
  connectTimeout: 20_000,
  keepalive: 30,
  queueQoSZero: false,
} satisfies IClientOptions

/** A certificate answer, or null for anything else. */
export function readAnswer(payload: Buffer): CertificateAnswer | null {
  try {
    const message = unpackFrame(payload)
    return validators.certificateAnswer.Check(message) ? message : null
  } catch {
    return null
  }
}

/** It goes on by itself once the way is there. */
const isCalm = (trouble: EnrolmentTrouble): boolean => isAway(trouble.slice('enrolment.'.length))

function troubleFrom(error: Error): EnrolmentTrouble {
  const trouble = troubleOf(error)
  return isAway(trouble) ? `enrolment.${trouble}` : 'enrolment.broker-refused'
}

function refusalOf(code: CertificateRefusal): EnrolmentTrouble {
  const known = enrolmentTroubles.find((one) => one === `enrolment.${code}`)
  return known ?? 'enrolment.rejected'
}
