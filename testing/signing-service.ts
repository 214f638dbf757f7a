import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import 'reflect-metadata' // what @peculiar/x509 builds on; it has to come first
import { dayMs } from '../appliance/base/time.ts'
import { issuePair, makeAuthority, openAuthority } from '../appliance/pki/authority.ts'
import { monday } from './test-box.ts'

/* A service for electronic signatures on loopback, called as BSrE's is; its signatures are real (CAdES in a PDF, by openssl). */

export const signer = { nik: '3510241203700001', passphrase: 'Rahasia#Kades 1' }
export const login = { user: 'desa-tamansari', password: 'kunci-layanan' }

/** `id`: the PDF is fetched at a second address. `cut`: half of it comes. `page`: what a network that asks for a log-in answers. */
export type Answers = 'pdf' | 'id' | 'cut' | 'page' | 'refused'

type Asked = { path: string; nik?: string; passphrase?: string; pdf?: Buffer }

export async function startSigningService() {
  const folder = mkdtempSync(join(tmpdir(), 'balai-signing-'))
  const at = (name: string) => join(folder, name)
  const valid = { now: monday - dayMs, days: 3_650 }
  const regency = await makeAuthority('Kabupaten Uji', valid)
  const issuer = await openAuthority(regency)
  const { certificate, key } = await issuePair('esign', { ...valid, issuer, names: ['127.0.0.1'] })
  writeFileSync(at('ca.pem'), regency.certificate)
  makeSigner(at('signer'))
  const asked: Asked[] = []
  const kept = new Map<string, Buffer>()
  const given = { as: 'pdf' as Answers }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const body = await readAll(request)
    const allowed = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`
    if (request.headers.authorization !== allowed) return void json(401, { error: 'Unauthorized' })
    if (path.startsWith('/esign/api/user/status/')) {
      asked.push({ path })
      const known = path.endsWith(signer.nik)
      return void json(
        known ? 200 : 404,
        known
          ? { status_code: 1111, status: 'ISSUE', message: 'User dengan sertifikat aktif' }
          : { status_code: 2011, error: 'User tidak terdaftar' },
      )
    }
    if (path.startsWith('/esign/api/sign/download/')) {
      return void response
        .writeHead(200, { 'content-type': 'application/pdf' })
        .end(kept.get(path.split('/').at(-1) ?? ''))
    }
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData()
    const [nik, passphrase] = ['nik', 'passphrase'].map((name) => String(form.get(name)))
    const pdf = Buffer.from(await (form.get('file') as File).arrayBuffer())
    asked.push({ path, nik, passphrase, pdf })
    if (given.as === 'page')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Silakan masuk</html>')
    if (given.as === 'refused')
      return void json(400, { status_code: 2021, error: `Sertifikat ${nik} belum aktif (${passphrase})` })
    if (nik !== signer.nik) return void json(400, { status_code: 2011, error: 'User tidak terdaftar' })
    if (passphrase !== signer.passphrase) return void json(400, { status_code: 2031, error: 'Passphrase anda salah' })
    const signed = signPdf(pdf, at('signer'))
    if (given.as === 'id') {
      kept.set('dokumen-1', signed)
      return void json(200, { message: 'Proses berhasil', id_dokumen: 'dokumen-1' })
    }
    response
      .writeHead(200, { 'content-type': 'application/pdf', id_dokumen: 'dokumen-1' })
      .end(given.as === 'cut' ? signed.subarray(0, signed.length / 2) : signed)
  }

  const server = createServer({ cert: certificate, key }, (request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `https://127.0.0.1:${(server.address() as AddressInfo).port}/esign`,
    /** By which it is trusted. */
    ca: at('ca.pem'),
    asked,
    answerAs(how: Answers): void {
      given.as = how
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true })
    },
  }
}

function makeSigner(path: string): void {
  const of = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650']
  const usage = 'keyUsage=critical,digitalSignature,nonRepudiation'
  const named = [
    '-subj',
    '/CN=KEPALA DESA TAMANSARI',
    '-addext',
    usage,
    '-keyout',
    `${path}.key`,
    '-out',
    `${path}.pem`,
  ]
  execFileSync('openssl', ['req', ...of, ...named], { stdio: 'ignore' })
}

const holeBytes = 8_192

/** An update behind the file that has an invisible signature over all of it (ISO 32000-1, 12.8; PAdES baseline B). */
function signPdf(pdf: Buffer, signerPath: string): Buffer {
  const text = pdf.toString('latin1')
  const [, root = '', previous = ''] =
    /trailer[\s\S]*?\/Root (\d+) 0 R[\s\S]*startxref\s+(\d+)\s+%%EOF\s*$/.exec(text) ?? []
  const size = Number(/\/Size (\d+)/.exec(text)?.[1])
  const catalogue = new RegExp(`\\n${root} 0 obj\\s*<<([\\s\\S]*?)>>\\s*endobj`).exec(text)?.[1] ?? ''
  const rangeRoom = '/ByteRange [0 0000000000 0000000000 0000000000]'
  const objects: readonly (readonly [number, string])[] = [
    [
      size,
      `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ${rangeRoom} /Contents <${'0'.repeat(holeBytes * 2)}> >>`,
    ],
    [size + 1, `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Kades) /V ${size} 0 R /F 132 /Rect [0 0 0 0] >>`],
    [Number(root), `<<${catalogue} /AcroForm << /SigFlags 3 /Fields [${size + 1} 0 R] >> >>`],
  ]
  let update = '\n'
  const places = objects.map(([id, body]) => {
    const place = pdf.length + update.length
    update += `${id} 0 obj\n${body}\nendobj\n`
    return [id, place] as const
  })
  const table = pdf.length + update.length
  const rows = places.map(([id, place]) => `${id} 1\n${String(place).padStart(10, '0')} 00000 n \n`).join('')
  update += `xref\n${rows}trailer\n<< /Size ${size + 2} /Root ${root} 0 R /Prev ${previous} >>\nstartxref\n${table}\n%%EOF\n`
  const whole = Buffer.concat([pdf, Buffer.from(update, 'latin1')])
  const hole = whole.indexOf(`<${'0'.repeat(100)}`)
  const end = hole + holeBytes * 2 + 2
  const numbers = [hole, end, whole.length - end].map((one) => String(one).padStart(10, '0'))
  whole.write(`/ByteRange [0 ${numbers.join(' ')}]`, whole.indexOf(rangeRoom), 'latin1')
  const covered = Buffer.concat([whole.subarray(0, hole), whole.subarray(end)])
  const by = ['-signer', `${signerPath}.pem`, '-inkey', `${signerPath}.key`]
  const cms = execFileSync(
    'openssl',
    ['cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER', ...by],
    {
      input: covered,
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  )
  whole.write(cms.toString('hex'), hole + 1, 'latin1')
  return whole
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
