import type { IncomingMessage } from 'node:http'
import { Agent, request as openRequest } from 'node:https'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerTopic, Fetched, fetchedKinds, pathOf, sessionPath } from '../../wire/https-road.ts'
import { rollCallTopic, villageTopics } from '../../wire/topics.ts'
import { compileLater } from '../compile-later.ts'
import { newSession } from '../ids.ts'
import { type LinkTrouble, troubleOf } from './link-trouble.ts'
import type { BrokerSettings, Link, LinkEvents, Will } from './mqtt-connection.ts'
import { openTls } from './tls.ts'

/** An answer is there within this, or the way is dead. The hub says itself that it cannot answer, sooner than this. */
const answerMs = 40_000
/** So long an ending connection has for what is under way. */
const farewellMs = 5_000
const mostAnswerBytes = 4 * 1024 * 1024

const fetched = compileLater(Fetched)

export type Answered = { status: number; body: Buffer }

type Headers = Readonly<Record<string, string>>

/**
 * HTTPS to a hub, or to another server: two connections at most, which stay open, with what this side shows
 * (`credentials`) and by the box's own time. Rejects where there is no way; a status is an answer, whatever it says.
 */
export function openHttps({ url, credentials, time }: { url: string } & Pick<BrokerSettings, 'credentials' | 'time'>) {
  const { hostname, port } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const givenUp = new AbortController()
  const { signal } = givenUp
  const agent = new Agent({ keepAlive: true, maxSockets: 2 })
  agent.createConnection = (_options, callback) => {
    openTls({ host, port: Number(port || 443), time: time(), signal, ...credentials() }).then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as unknown as Socket),
    )
    return undefined
  }

  function ask(method: 'POST' | 'GET', path: string, body: Buffer | null, more: Headers): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const ofBody = body ? { 'content-type': 'application/octet-stream', 'content-length': body.length } : {}
      const headers = { ...ofBody, ...more }
      const asked = openRequest({ agent, host, port: Number(port || 443), method, path, headers, signal })
      const late = () => asked.destroy(Object.assign(new Error('No answer.'), { code: 'ETIMEDOUT' }))
      const timer = setTimeout(late, answerMs)
      asked.on('error', (error) => {
        clearTimeout(timer)
        reject(error)
      })
      asked.on('response', (response) => {
        readBody(response)
          .finally(() => clearTimeout(timer))
          .then((read) => resolve({ status: response.statusCode ?? 0, body: read }), reject)
      })
      asked.end(body ?? undefined)
    })
  }

  return {
    post: (path: string, body: Buffer, headers: Headers = {}) => ask('POST', path, body, headers),
    get: (path: string, headers: Headers = {}) => ask('GET', path, null, headers),
    close(): void {
      givenUp.abort()
      agent.destroy()
    },
  }
}

/**
 * The line to the regency where only HTTPS passes (SYNC-023), with the certificates and the messages of MQTT: what is
 * published goes one after the other over one connection, what comes down is fetched over another. A hub that cannot
 * answer (503) is a broker that forgot: the sender asks again.
 */
export function createHttpsConnection(
  settings: BrokerSettings,
  will: (session: string) => Will,
  events: LinkEvents,
): Link {
  let line: ReturnType<typeof openLine> | null = null

  function openLine(url: string) {
    const village = settings.clientId
    const session = newSession()
    const https = openHttps({ url, credentials: settings.credentials, time: settings.time })
    /** One after the other: a batch must not overtake the one before it. */
    let turn: Promise<unknown> = Promise.resolve()
    let over = false

    /** Whatever is under way is dropped, and nothing is said of it. */
    function abandon(): void {
      over = true
      https.close()
    }

    function end(trouble: LinkTrouble, error: Error | null): void {
      if (over) return
      abandon()
      if (line === mine) line = null
      events.closed(trouble, error)
    }

    /** Posts a message and hands on the answer. Whether the hub has it. */
    async function post(topic: string, payload: Buffer): Promise<boolean> {
      const path = pathOf(topic)
      if (over || !path) return false
      try {
        const { status, body } = await https.post(path, payload)
        const trouble = troubleBy(status)
        if (trouble) end(trouble, new Error(`The hub answered ${status}.`))
        const answer = answerTopic(topic)
        if (status === 200 && answer && !over) events.message(answer, body, false)
        return status === 200 || status === 204
      } catch (error) {
        end(troubleOf(error as Error), error as Error)
        return false
      }
    }

    function publish(topic: string, payload: Buffer): Promise<boolean> {
      const said = turn.then(() => post(topic, payload))
      turn = said
      return said
    }

    /** Begins the session, then fetches for as long as it lasts. */
    async function run(): Promise<void> {
      const path = sessionPath(village, session)
      const begun = await https.post(path, will(session).payload)
      assertOpen(begun)
      if (over) return
      events.connected(session)
      while (!over) {
        const { status, body } = await https.get(path)
        assertOpen({ status, body })
        if (status === 200) handOn(body)
      }
    }

    function handOn(body: Buffer): void {
      const message: unknown = JSON.parse(body.toString('utf8'))
      if (!fetched.Check(message)) throw new Error('What was fetched is no list of messages.')
      for (const { kind, payload } of message.messages) {
        const known = fetchedKinds.find((one) => one === kind)
        if (!known || over) continue
        const topic = known === 'roll-call' ? rollCallTopic : villageTopics(village)[known]
        events.message(topic, Buffer.from(payload, 'base64url'), false)
      }
    }

    const mine = {
      session,
      publish,
      end,
      abandon,
      begin: () =>
        void run().catch((error: Error & { trouble?: LinkTrouble }) => end(error.trouble ?? troubleOf(error), error)),
      /** Waits for what is under way. */
      async settle(): Promise<void> {
        await Promise.race([turn, sleep(farewellMs, undefined, { ref: false })])
        abandon()
      },
    }
    return mine
  }

  return {
    connect(url: string): void {
      // What was dropped just now says nothing any more.
      line?.abandon()
      line = openLine(url)
      line.begin()
    },
    publish: (topic, payload) => void line?.publish(topic, payload),
    async publishSurely(topic, payload, withinMs) {
      if (!line) return false
      return await Promise.race([line.publish(topic, payload), sleep(withinMs, false, { ref: false })])
    },
    drop: () => line?.end('offline', null),
    async close(): Promise<void> {
      const closing = line
      line = null
      await closing?.settle()
    },
  }
}

/** Throws where the session did not begin, or is over; the error says which trouble that is. */
function assertOpen({ status }: Answered): void {
  const trouble = troubleBy(status) ?? (status === 200 || status === 204 ? null : 'no-answer')
  if (trouble) throw Object.assign(new Error(`The hub answered ${status}.`), { trouble })
}

/** 410: the hub knows nothing of this session (any more). 404: whatever answers there is no hub. */
function troubleBy(status: number): LinkTrouble | null {
  if (status === 410) return 'offline'
  if (status === 403) return 'certificate-revoked'
  if (status === 401) return 'connect-refused'
  return status === 404 ? 'foreign-server' : null
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > mostAnswerBytes) throw new Error('The answer has no end.')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
