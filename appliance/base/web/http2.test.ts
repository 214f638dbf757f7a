import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { furnish, openTestBox, type TestBox } from '../../../testing/test-box.ts'
import { openLanCertificate } from './lan-certificate.ts'

/* HTTPS as browsers speak it: HTTP/2, over a real connection (requests that are only injected do not see it). */

let box: TestBox
let session: ClientHttp2Session
beforeEach(async () => {
  box = await openTestBox()
  await furnish(box)
  session = connect(`https://localhost:${box.https.port}`, { rejectUnauthorized: false })
  session.on('error', () => {})
})
afterEach(async () => {
  session.destroy()
  await box.remove()
})

/** One request; resolves with its answer, or, for a stream, with what came first. */
function ask(headers: Record<string, string>, body = ''): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ...headers }, { endStream: body === '' })
    let status = 0
    let text = ''
    stream.setEncoding('utf8')
    stream.on('response', (head) => {
      status = Number(head[constants.HTTP2_HEADER_STATUS])
    })
    stream.on('data', (chunk: string) => {
      text += chunk
      if (text.includes('event: view')) resolve({ status, text })
    })
    stream.on('end', () => resolve({ status, text }))
    stream.on('error', reject)
    if (body) stream.end(body)
  })
}

test('pages, files, commands and a hundred streams go over one connection', async () => {
  const streams = await Promise.all(Array.from({ length: 90 }, () => ask({ ':path': '/live/line' })))
  expect(streams.every(({ status, text }) => status === 200 && text.includes('"line":'))).toBe(true)
  const page = await ask({ ':path': '/desk' })
  expect(page.text).toContain('<div id="app">')
  const script = /src="(\/assets\/[^"]+)"/.exec(page.text)?.[1] ?? ''
  expect((await ask({ ':path': script })).status).toBe(200)
  const command = { ':method': 'POST', ':path': '/api/device', 'content-type': 'application/json', 'x-balai': '1' }
  const own = { origin: `https://localhost:${box.https.port}`, 'sec-fetch-site': 'same-origin' }
  expect((await ask({ ...command, ...own }, '{"kind":"display"}')).status).toBe(200)
  expect((await ask({ ...command, origin: 'https://evil.example' }, '{"kind":"display"}')).status).toBe(403)
  expect((await ask({ ':path': '/', ':authority': 'evil.example' })).status).toBe(403)
})

test('a box with open streams closes', async () => {
  await ask({ ':path': '/live/line' })
  const ended = new Promise((resolve) => session.once('close', resolve))
  await box.close()
  await ended
})

/** The serial number of the certificate that a new HTTP/2 connection is shown. */
async function serialByHttp2(): Promise<string> {
  const fresh = connect(`https://localhost:${box.https.port}`, { rejectUnauthorized: false })
  await once(fresh, 'connect')
  const { serialNumber } = (fresh.socket as TLSSocket).getPeerCertificate()
  fresh.destroy()
  return serialNumber
}

test('who knows HTTP/1.1 only is served as before, and a new certificate holds for the next connection of both', async () => {
  const byHttp1 = () =>
    new Promise<{ status: number; serial: string; version: string }>((resolve, reject) => {
      const sent = httpsRequest(
        { host: '127.0.0.1', port: box.https.port, path: '/', rejectUnauthorized: false, agent: false },
        (answer) => {
          answer.resume()
          const serial = (answer.socket as TLSSocket).getPeerCertificate().serialNumber
          resolve({ status: answer.statusCode ?? 0, serial, version: answer.httpVersion })
        },
      )
      sent.once('error', reject)
      sent.end()
    })
  const before = await byHttp1()
  expect(before).toMatchObject({ status: 200, version: '1.1' })
  expect(await serialByHttp2()).toBe(before.serial)
  const folder = mkdtempSync(join(tmpdir(), 'balai-certificate-'))
  box.https.replace(await openLanCertificate(folder, ['balai.local'], { doubtful: false, floor: 0, now: Date.now() }))
  rmSync(folder, { recursive: true })
  const after = await byHttp1()
  expect(after).toMatchObject({ status: 200, version: '1.1' })
  expect(after.serial).not.toBe(before.serial)
  expect(await serialByHttp2()).toBe(after.serial)
})
