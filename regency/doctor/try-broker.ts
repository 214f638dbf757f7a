import type { X509Certificate } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { connect as connectPlain, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls'
import { type IClientOptions, MqttClient } from 'mqtt'
import { readTextFile } from '../../appliance/base/text-file.ts'
import { hubFilters } from '../../appliance/wire/topics.ts'
import type { HubConfig } from '../base/config.ts'

const timeoutMs = 5_000
/** By TLS 1.3 a broker says no to a certificate after the handshake is over. */
const secondThoughtsMs = 400

/** Why a hub cannot use a broker: doctor.broker-<trouble>. */
export type BrokerTrouble =
  | 'no-name'
  | 'closed'
  | 'no-way'
  | 'silent'
  | 'no-tls'
  | 'stranger'
  | 'other-name'
  | 'ended'
  | 'certificate'
  | 'not-let-in'
  | 'not-granted'

export type BrokerReading = { url: string; trouble: BrokerTrouble | null; reason: string; endsAt: number | null }

type Question = {
  mqtt: HubConfig['mqtt']
  districts: readonly string[] | 'all'
  /**
   * Whether to log in as the hub, which ends the line of one that runs with this client id: not where one does.
   */
  logIn: boolean
  /** ms since 1970 UTC */
  now: number
}

/**
 * Goes the hub's way to one broker step by step, so that what fails has a name: address, port, TLS, the broker's
 * certificate, the hub's own, log-in, topics. Publishes nothing. Never throws. `endsAt`: the end of the broker's
 * certificate, ms since 1970 UTC; null: it was not seen.
 */
export async function tryBroker(url: string, question: Question): Promise<BrokerReading> {
  const { protocol, hostname, port } = new URL(url)
  const address = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (protocol === 'mqtts:' ? 8883 : 1883)),
  }
  const seen: { endsAt: number | null } = { endsAt: null }
  let socket: Socket | null = null
  try {
    await step('no-name', lookup(address.host))
    socket = await openSocket(address)
    if (protocol === 'mqtts:') socket = await secure(socket, address.host, question, seen)
    if (question.logIn) await logIn(socket, question)
    return { url, trouble: null, reason: '', ...seen }
  } catch (error) {
    if (error instanceof Trouble) return { url, trouble: error.trouble, reason: error.message, ...seen }
    throw error
  } finally {
    socket?.destroy()
  }
}

/** How far it came, and what the machine said. */
class Trouble extends Error {
  readonly trouble: BrokerTrouble
  constructor(trouble: BrokerTrouble, reason: string) {
    super(reason)
    this.trouble = trouble
  }
}

const step = <T>(trouble: BrokerTrouble, work: Promise<T>): Promise<T> =>
  work.catch((error: Error) => {
    throw new Trouble(trouble, error.message)
  })

const openSocket = (address: { host: string; port: number }) =>
  new Promise<Socket>((resolve, reject) => {
    const socket = connectPlain({ ...address, timeout: timeoutMs })
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('error', refuse)
      resolve(socket)
    })
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(new Trouble(error.code === 'ECONNREFUSED' ? 'closed' : 'no-way', error.message))
    socket.once('error', refuse)
    socket.once('timeout', () => {
      socket.destroy()
      reject(new Trouble('silent', `no answer in ${timeoutMs / 1_000} s`))
    })
  })

async function secure(
  socket: Socket,
  host: string,
  { mqtt: { ca, cert, key }, now }: Question,
  seen: { endsAt: number | null },
): Promise<TLSSocket> {
  const read = (path: string | undefined) => (path === undefined ? undefined : readTextFile(path))
  const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host }
  const secured = connectTls({
    ...{ socket, host, ...named, ca: read(ca), cert: read(cert), key: read(key), rejectUnauthorized: false },
  })
  const failed = new Promise<never>((_, reject) => {
    secured.on('error', (error: NodeJS.ErrnoException) => reject(new Trouble(troubleOf(error), error.message)))
    secured.on('close', () => reject(new Trouble('no-tls', 'the connection was closed')))
  })
  failed.catch(() => {}) // whoever comes later hears of it by the socket
  const silent = sleep(timeoutMs).then(() => {
    throw new Trouble('silent', `no TLS answer in ${timeoutMs / 1_000} s`)
  })
  silent.catch(() => {})
  await Promise.race([new Promise((resolve) => secured.once('secureConnect', resolve)), failed, silent])
  const leaf = secured.getPeerX509Certificate()
  seen.endsAt = leaf?.validToDate.getTime() ?? null
  judge(leaf, host, secured.authorized ? null : String(secured.authorizationError), now)
  await Promise.race([sleep(secondThoughtsMs), failed])
  return secured
}

function judge(leaf: X509Certificate | undefined, host: string, fault: string | null, now: number): void {
  if (!leaf) throw new Trouble('stranger', 'it shows no certificate')
  if (leaf.validToDate.getTime() < now) throw new Trouble('ended', `its certificate ended on ${leaf.validTo}`)
  if (checkServerIdentity(host, leaf.toLegacyObject()))
    throw new Trouble('other-name', `its certificate is for ${leaf.subjectAltName ?? leaf.subject}`)
  if (fault) throw new Trouble('stranger', fault)
}

/** An alert of the other side is its word on our certificate; before that it does not speak TLS. */
const troubleOf = ({ code = '', message }: NodeJS.ErrnoException): BrokerTrouble =>
  /ALERT/.test(code) || /alert/.test(message) ? 'certificate' : 'no-tls'

async function logIn(socket: Socket, { mqtt, districts }: Question): Promise<void> {
  const { client_id: clientId, username, password } = mqtt
  const options: IClientOptions = {
    ...{ protocolVersion: 4, clientId, clean: true, reconnectPeriod: 0, connectTimeout: timeoutMs },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  }
  const client = new MqttClient(() => socket, options)
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve())
      client.once('error', (error) => reject(new Trouble(troubleOfLogIn(error), error.message)))
      client.once('close', () => reject(new Trouble('not-let-in', 'the connection was closed at the log-in')))
    })
    const codes = await new Promise<number[]>((resolve, reject) => {
      client.subscribe(hubFilters(districts), { qos: 1 }, (error, _granted, packet) => {
        if (packet && 'granted' in packet) resolve(packet.granted.map(Number))
        else reject(new Trouble('not-granted', error?.message ?? 'no answer'))
      })
    })
    if (codes.some((code) => code >= 128)) throw new Trouble('not-granted', `codes ${codes.join(', ')}`)
  } finally {
    client.end(true)
  }
}

function troubleOfLogIn(error: Error & { code?: unknown }): BrokerTrouble {
  if (typeof error.code === 'number') return 'not-let-in'
  return /alert/i.test(`${error.code} ${error.message}`) ? 'certificate' : 'silent'
}
