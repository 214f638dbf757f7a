import { Socket } from 'node:net'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import type { Logger } from 'pino'
import { readTextFile } from '../../appliance/base/text-file.ts'
import {
  enrolFilter,
  hubFilters,
  parseEnrolTopic,
  parseUpwardTopic,
  type UpwardKind,
} from '../../appliance/wire/topics.ts'
import type { HubConfig } from './config.ts'

export type LinkState = 'connecting' | 'connected' | 'refused' | 'offline'

export type LinkParts = {
  mqtt: HubConfig['mqtt']
  /** Nodes of one broker, the preferred one first: the next one is tried when one fails. */
  urls: readonly string[]
  districts: readonly string[] | 'all'
  log: Logger
  /** A message from a box. `retained`: the broker had it in store. */
  onMessage: (village: string, kind: UpwardKind, payload: Buffer, retained: boolean) => void
  /** A box without a certificate of its own asks for one; null where this hub signs none. */
  onEnrol: ((village: string, payload: Buffer) => void) | null
  /** The broker let us in and granted every subscription. */
  onReady: () => void
}

const longestWaitMs = 40_000
const refusedWaitMs = 60_000
const keepaliveS = 30

/**
 * The line to the broker. mqtt.js is a pipe here: clean session, no store, no queue, its own reconnecting off. The link
 * connects again after random(0, min(40 s, 1 s · 2ⁿ)), checks every SUBACK code (F08), and hands on what comes in.
 */
export function startBrokerLink({ mqtt: options, urls, districts, log, onMessage, onEnrol, onReady }: LinkParts) {
  let client: MqttClient | undefined
  let state: LinkState = 'connecting'
  let failures = 0
  let node = 0
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  function connect(): void {
    state = 'connecting'
    let started: MqttClient
    try {
      started = mqtt.connect(urls[node % urls.length] ?? options.url, clientOptions(options))
    } catch (error) {
      // A certificate that is being replaced cannot be read for a moment: no reason to end.
      leave(`its certificates cannot be read (${(error as Error).message})`)
      return
    }
    client = started
    let refusal: string | null = null
    let isSaid = false

    started.on('connect', () => {
      // An answer does not wait 40 ms for the broker to acknowledge what went before it.
      if (started.stream instanceof Socket) started.stream.setNoDelay()
      started.subscribe(
        [...hubFilters(districts), ...(onEnrol ? [enrolFilter] : [])],
        { qos: 1 },
        (error, _granted, packet) => {
          const codes = packet && 'granted' in packet ? packet.granted.map(Number) : []
          if (!error && codes.length > 0 && codes.every((code) => code < 128)) {
            state = 'connected'
            failures = 0
            log.info('the broker is connected and granted all subscriptions')
            onReady()
            return
          }
          refusal = `subscription refused (${error?.message ?? codes.join(', ')})`
          started.end(true)
        },
      )
    })
    started.on('message', (topic, payload, packet) => {
      const place = parseUpwardTopic(topic)
      if (place) return onMessage(place.village, place.kind, payload, packet.retain)
      const asking = parseEnrolTopic(topic)
      if (asking && !packet.retain) onEnrol?.(asking, payload)
    })
    started.on('error', (error) => {
      const { code } = error as { code?: unknown }
      // A number is a CONNACK's: the broker heard us and said no.
      if (typeof code === 'number') refusal = `connection refused (${error.message})`
      // A TLS socket says the same twice.
      else if (!isSaid) log.warn({ reason: reasonOf(error) }, 'the line to the broker failed')
      isSaid = true
    })
    started.on('close', () => {
      if (client === started) leave(refusal)
    })
  }

  function leave(refusal: string | null): void {
    client = undefined
    if (stopped) return
    state = refusal ? 'refused' : 'offline'
    if (refusal) log.error({ reason: refusal }, 'the hub is not let to the broker')
    const mostMs = refusal ? refusedWaitMs : Math.min(longestWaitMs, 1_000 * 2 ** failures)
    failures++
    node++
    timer = setTimeout(connect, Math.random() * mostMs)
  }

  connect()

  return {
    state: () => state,
    /** QoS 1, lost if there is no connection: whoever waits for it asks again. */
    publish(topic: string, payload: Buffer | string): void {
      if (state === 'connected') client?.publish(topic, payload, { qos: 1 }, () => {})
    },
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      const last = client
      client = undefined
      state = 'offline'
      if (last) await last.endAsync(!last.connected)
    },
  }
}

/** OpenSSL's own word where there is one, without the places in its sources. */
function reasonOf(error: Error): string {
  const [, word] = /SSL routines:[^:]*:([^:]+):/.exec(error.message) ?? []
  return word ? `TLS: ${word}` : error.message || `${(error as { code?: unknown }).code ?? error.name}`
}

/** Certificates are read anew for each connection: one that was renewed counts from the next. */
function clientOptions({ client_id, username, password, ca, cert, key }: HubConfig['mqtt']): IClientOptions {
  return {
    protocolVersion: 4,
    clientId: client_id,
    clean: true,
    keepalive: keepaliveS,
    reconnectPeriod: 0,
    connectTimeout: 20_000,
    queueQoSZero: false,
    resubscribe: false,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca: readTextFile(ca) }),
    ...(cert === undefined ? {} : { cert: readTextFile(cert) }),
    ...(key === undefined ? {} : { key: readTextFile(key) }),
  }
}
