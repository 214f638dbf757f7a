import { createHash } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTokens } from '../../appliance/automation/tokens.ts'
import { issuePair, makeAuthority, openAuthority } from '../../appliance/pki/authority.ts'
import { furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { createLink, LinkError } from './link.js'

/* From a PC of the office: HTTPS with a token that the technician made. */

let box: TestBox
let token: string
let certificate: Buffer
const none = '00'.repeat(32)

beforeAll(async () => {
  box = await openTestBox()
  const { technician } = await furnish(box)
  token = createTokens(box.store, box.journal).make({ name: 'PC', scopes: ['read'], actor: technician, key: null })
  certificate = await peerCertificate(box.https.port)
})
afterAll(() => box.remove())

const at = (port = box.https.port) => `https://127.0.0.1:${port}`
const print = () =>
  createHash('sha256')
    .update(certificate)
    .digest('hex')
    .toUpperCase()
    .replace(/(..)(?!$)/g, '$1:')
const quick = { pause: async () => {} }

test('a box is known by the fingerprint of its certificate', async () => {
  const link = createLink({ url: at(), token, fingerprint: print() }, quick)
  expect(await link.ask('GET', '/api/flows/office', 'pc')).toMatchObject({ village: '3510242008' })
  link.close()
})

test('without root or fingerprint a box’s own certificate is not believed', async () => {
  const link = createLink({ url: at(), token }, quick)
  await expect(link.ask('GET', '/api/flows/office', 'pc')).rejects.toThrow(LinkError)
  link.close()
})

test('whoever shows another certificate is told nothing, least of all the token', async () => {
  const heard: unknown[] = []
  const stranger = createServer({ ...(await selfSigned()) }, (request, response) => {
    heard.push(request.headers)
    response.end('{}')
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const { port } = stranger.address() as AddressInfo
  const link = createLink({ url: at(port), token, fingerprint: none }, quick)
  await expect(link.ask('GET', '/api/flows/office', 'pc')).rejects.toMatchObject({ code: 'other-certificate' })
  expect(heard).toEqual([])
  link.close()
  await new Promise((resolve) => stranger.close(resolve))
})

test('a token that only reads commands nobody, and one that is not known opens nothing', async () => {
  const link = createLink({ url: at(), token, fingerprint: print() }, quick)
  const command = { do: 'next', counter: 'Loket 1', key: 'abcdefghijkl' }
  await expect(link.ask('POST', '/api/flows/commands', 'pc', command)).rejects.toMatchObject({ status: 403 })
  const stranger = createLink({ url: at(), token: 'x'.repeat(32), fingerprint: print() }, quick)
  await expect(stranger.ask('GET', '/api/flows/office', 'pc')).rejects.toMatchObject({ status: 401 })
  link.close()
  stranger.close()
})

/** A server's certificate that nobody here knows. */
async function selfSigned() {
  const validity = { now: Date.now(), days: 1 }
  const issuer = await openAuthority(await makeAuthority('Stranger', validity))
  const { certificate: cert, key } = await issuePair('stranger', { ...validity, issuer, names: ['127.0.0.1'] })
  return { cert, key }
}

const peerCertificate = (port: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().raw)
      socket.destroy()
    })
    socket.once('error', reject)
  })
