import { createConnection } from '../base/broker/connection.ts'
import type { LinkTrouble } from '../base/broker/link-trouble.ts'
import type { BrokerSettings, LinkEvents, Will } from '../base/broker/mqtt-connection.ts'
import { unpackFrame } from '../wire/frame.ts'
import { limits, validators } from '../wire/messages.ts'
import { verifyDown } from '../wire/sign.ts'
import type { villageTopics } from '../wire/topics.ts'
import { times } from './timing.ts'

/** Null: the regency's hub answers there. `closing`: it was given up. */
export type TrialOutcome = LinkTrouble | 'closing' | null
export type Trial = ReturnType<typeof tryBroker>

type Asked = {
  settings: BrokerSettings
  url: string
  village: string
  topics: ReturnType<typeof villageTopics>
  will: (session: string) => Will
  hello: (session: string, n: number) => Buffer
  /** The command by which the regency asks for this, and its key: its hub sends it again after each hello, signed. */
  proof: { command: string; hubKey: string } | null
}

/**
 * Whether a hub of this regency stands behind a broker: a second line beside the one that works, with the same
 * certificate, that says hello, hears the answer, and hangs up. Nothing of the answer reaches the sender.
 */
export function tryBroker({ settings, url, village, topics, will, hello, proof }: Asked) {
  let end: (outcome: TrialOutcome) => void = () => {}
  const ended = new Promise<TrialOutcome>((resolve) => {
    end = resolve
  })
  let timer: NodeJS.Timeout | undefined
  const n = 1
  let session: string | null = null
  let answered = false
  let proved = proof === null

  const events: LinkEvents = {
    connected(mine) {
      session = mine
      timer = setTimeout(() => end('no-answer'), times.answerMs)
      link.publish(topics.hello, hello(mine, n))
    },
    closed: (trouble) => end(trouble),
    message(topic, payload, retained) {
      if (retained) return
      if (topic === topics.ack) answered ||= isAnswer(payload)
      if (topic === topics.command) proved ||= isProof(payload)
      if (answered && proved) end(null)
    },
  }
  const filters = [topics.ack, topics.command].map((topic) => ({ topic, qos: 1 as const }))
  const link = createConnection(settings, filters, will, events)

  function isAnswer(payload: Buffer): boolean {
    const message = read(payload, limits.unpackedBytes)
    return validators.helloAck.Check(message) && message.session === session && message.re === n
  }

  function isProof(payload: Buffer): boolean {
    const message = read(payload, limits.commandBytes)
    if (!proof || !validators.command.Check(message)) return false
    return message.id === proof.command && verifyDown(proof.hubKey, village, message)
  }

  link.connect(url)
  return {
    outcome: ended.then(async (outcome) => {
      clearTimeout(timer)
      await link.close()
      return outcome
    }),
    giveUp: () => end('closing'),
  }
}

/** Null for what cannot be read. */
function read(payload: Buffer, mostBytes: number): unknown {
  try {
    return unpackFrame(payload, mostBytes)
  } catch {
    return null
  }
}
