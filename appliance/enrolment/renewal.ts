import { request as requestHttps } from 'node:https'
import type { Identity } from '../base/broker/identity.ts'
import { openTls } from '../base/broker/tls.ts'
import type { Clock } from '../base/clock.ts'
import { newSession } from '../base/ids.ts'
import type { CertificateKeeper } from '../relay/relay.ts'
import { packFrame } from '../wire/frame.ts'
import type { CertificateAnswer } from '../wire/messages.ts'
import { type Log, readAnswer } from './enrolment.ts'
import { lifeOf, type Membership } from './membership.ts'
import { buildRequest, doesFit, isFromHub, makeKey, makeSigningRequest } from './request.ts'

type Parts = {
  membership: Membership
  identity: Identity
  clock: Clock
  log: Log
  lanNames: () => readonly string[]
  /** Whether the certificate of the LAN serves these names. */
  servesLan: (names: readonly string[]) => boolean
  /** Something new is there: what the broker is shown, or the LAN. */
  onRenewed: (what: { identity: boolean; lan: boolean }) => void
}

/** Between two askings that brought nothing. */
const askAgainMs = 10 * 60_000

export type Renewal = ReturnType<typeof createRenewal>

/**
 * Keeps an enrolled box’s certificates alive. It asks for the next ones when two thirds of a life are over, over the
 * relay’s own line; the old identity goes on until the new one has connected. Where the broker no longer takes it (it
 * ended while the office was away), the same request goes to the hub by HTTPS.
 */
export function createRenewal({ membership, identity, clock, log, lanNames, servesLan, onRenewed }: Parts) {
  const { member } = membership
  let asked: { session: string; key: string | null; lanKey: string | null } | null = null
  let notBefore = 0
  let ended = false
  const givenUp = new AbortController()

  /** By a time that is certain: a date that was mistyped asks for nothing. */
  const isLate = (certificate: string): boolean => {
    const { from, to } = lifeOf(certificate)
    return clock.certain() > from + ((to - from) * 2) / 3
  }

  /** What has to be asked for now, signed; null when all is well. */
  async function build(session: string) {
    const held = membership.identity()
    if (!held) return null
    const due = (ended || isLate(held.certificate)) && !membership.hasSuccessor()
    const key = due ? membership.keyFor('identity', makeKey) : null
    const lan = membership.lan()
    const lanKey = !lan || isLate(lan.certificate) || !servesLan(lanNames()) ? membership.keyFor('lan', makeKey) : null
    if (!key && !lanKey) return null
    asked = { session, key, lanKey }
    return buildRequest({
      ...{ member, identity, session },
      ...(key ? { csr: await makeSigningRequest(key, member.village) } : {}),
      ...(lanKey ? { lan: await makeSigningRequest(lanKey, 'Balai', lanNames()) } : {}),
    })
  }

  function take(answer: CertificateAnswer | null): void {
    if (!answer || !asked || answer.session !== asked.session) return
    const { key, lanKey } = asked
    asked = null
    if (!isFromHub(member, answer) || answer.refused) {
      log.warn({ refused: answer.refused ?? 'not by the hub’s key' }, 'the certificate was not renewed')
      return
    }
    const { certificate, lan } = answer
    const kept = {
      identity: Boolean(key && certificate && doesFit(certificate, { key, name: member.village, ca: member.ca })),
      lan: Boolean(lanKey && lan && doesFit(lan, { key: lanKey, name: 'Balai', ca: member.lanCa })),
    }
    if (kept.identity && key && certificate) membership.keepPair('identity', { certificate, key }, { atOnce: false })
    if (kept.lan && lanKey && lan) membership.keepPair('lan', { certificate: lan, key: lanKey }, { atOnce: true })
    ended = false
    log.info(kept, 'certificates were renewed')
    if (kept.identity || kept.lan) onRenewed(kept)
  }

  const mayAsk = (): boolean => {
    if (clock.monotonicMs() < notBefore) return false
    notBefore = clock.monotonicMs() + askAgainMs
    return true
  }

  /** By HTTPS: the hub knows the box by its Ed25519 key. */
  async function askByHttps(): Promise<void> {
    const request = await build(newSession())
    if (!request) return
    const { hostname, port, host } = new URL(member.hub)
    const time = clock.belief()
    const socket = await openTls({
      host: hostname,
      port: Number(port || 443),
      ca: member.ca,
      time,
      signal: givenUp.signal,
    })
    const body = JSON.stringify(request)
    const answer = await new Promise<Buffer>((resolve, reject) => {
      const headers = {
        host,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-balai': '1',
      }
      const path = `/v1/${member.village}/renew`
      const options = { createConnection: () => socket, method: 'POST', path, headers, signal: givenUp.signal }
      const sent = requestHttps(options, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve(Buffer.concat(parts)))
        response.on('error', reject)
      })
      sent.setTimeout(20_000, () => sent.destroy(new Error('No answer.')))
      sent.on('error', reject)
      sent.end(body)
    }).finally(() => socket.destroy())
    take(readAnswer(answer))
  }

  return {
    /** Twice a minute: the other road, where the broker said that the certificate has ended. */
    async checkRenewal(): Promise<void> {
      if (!ended || membership.hasSuccessor() || !mayAsk()) return
      await askByHttps().catch((error: Error) => log.warn({ cause: error.message }, 'the hub did not renew by HTTPS'))
    },
    connected(): void {
      ended = false
      membership.connected()
    },
    refused(trouble): void {
      membership.refused()
      if (trouble !== 'certificate-ended') return
      ended = true
      notBefore = Math.min(notBefore, clock.monotonicMs())
    },
    async due(session: string): Promise<Buffer | null> {
      const request = mayAsk() ? await build(session) : null
      return request && packFrame(request)
    },
    answered: (payload: Buffer) => take(readAnswer(payload)),
    /** Whatever is on its way is given up. */
    stop: () => givenUp.abort(),
  } satisfies CertificateKeeper & { [more: string]: unknown }
}
