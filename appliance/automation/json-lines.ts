import type { FastifyReply } from 'fastify'

/** Both ends notice by it that a connection has died without a word. */
const beatMs = 10_000

/** Makes this request an answer without an end: JSON, a line each, and an empty line each ten seconds. */
export function openLines(reply: FastifyReply): FastifyReply['raw'] {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' })
  const beats = setInterval(() => raw.write('\n'), beatMs)
  raw.once('close', () => clearInterval(beats))
  return raw
}

export const jsonLine = (value: object): string => `${JSON.stringify(value)}\n`
