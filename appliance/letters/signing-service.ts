import { rootCertificates } from 'node:tls'
import type { TimeBelief } from '../base/broker/chain-verdict.ts'
import { type Answered, openHttps } from '../base/broker/https-connection.ts'
import { troubleOf } from '../base/broker/link-trouble.ts'
import { AppError } from '../base/errors.ts'
import { tidyText } from '../base/tidy-text.ts'

/*
 * The service by which offices sign electronically, as the national one (BSrE's esign client service) is called: basic
 * authentication, POST /api/sign/pdf with the form fields `file`, `nik`, `passphrase` and `tampilan`, which answers the signed
 * PDF or the id of one that is fetched at /api/sign/download/<id>; GET /api/user/status/<nik>; JSON with `status_code` and
 * `error` where it refuses. There is no public specification: this is what its callers send (OpenSID's Tte.php, and others).
 */

export type SigningService = { address: string; user: string; password: string }
type Who = { nik: string; passphrase: string }

/** `authority`: of the regency, in PEM, trusted besides what Node trusts; undefined: the box has none. */
export type Trust = { authority: () => string | undefined; time: () => TimeBelief }

const passphraseWrong = 2031
const unknownNik = 2011

/** Asks the service. What it says itself comes back as `letters.signer-refused`, without whom it is about. */
export function createSigningService({ authority, time }: Trust) {
  async function call(
    { address, user, password }: SigningService,
    ask: (https: ReturnType<typeof openHttps>, base: string, headers: Record<string, string>) => Promise<Answered>,
  ): Promise<Answered> {
    const own = authority()
    const ca = own === undefined ? {} : { ca: [...rootCertificates, own].join('\n') }
    const https = openHttps({ url: address, credentials: () => ca, time })
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    const base = new URL(address).pathname.replace(/\/+$/, '')
    try {
      const answered = await ask(https, base, { authorization })
      if (answered.status === 401 || answered.status === 403)
        throw new AppError('conflict', 'letters.signer-login', `The service answered ${answered.status}.`)
      return answered
    } catch (error) {
      throw error instanceof AppError ? error : awayFor(error as Error)
    } finally {
      https.close()
    }
  }

  return {
    /**
     * The PDF with an invisible signature of whoever has that NIK. Throws `letters.passphrase-wrong`,
     * `letters.signer-unknown`, `letters.signer-refused` (details: why), `letters.signer-login`, `letters.signer-away`,
     * `letters.signer-foreign`, `letters.signer-odd`.
     */
    async sign(service: SigningService, { nik, passphrase }: Who, pdf: Buffer): Promise<Buffer> {
      const form = new FormData()
      form.set('file', new Blob([new Uint8Array(pdf)], { type: 'application/pdf' }), 'surat.pdf')
      for (const [name, value] of Object.entries({ nik, passphrase, tampilan: 'invisible' })) form.set(name, value)
      const encoded = new Response(form)
      const body = Buffer.from(await encoded.arrayBuffer())
      const type = { 'content-type': encoded.headers.get('content-type') ?? '' }
      const answered = await call(service, async (https, base, headers) => {
        const signed = await https.post(`${base}/api/sign/pdf`, body, { ...headers, ...type })
        const id = signed.status === 200 ? readJson(signed.body)?.id_dokumen : undefined
        return typeof id === 'string' && id !== ''
          ? await https.get(`${base}/api/sign/download/${encodeURIComponent(id)}`, headers)
          : signed
      })
      return readAnswer(answered, [passphrase, nik])
    },

    /** What the service says of somebody’s certificate, in its own words. Throws as `sign`. */
    async status(service: SigningService, nik: string): Promise<string> {
      const answered = await call(service, (https, base, headers) =>
        https.get(`${base}/api/user/status/${encodeURIComponent(nik)}`, headers),
      )
      const told = answered.status === 200 ? readJson(answered.body) : null
      if (!told) readAnswer(answered, [nik])
      return wordsOf(told ?? {}, [nik])
    },
  }
}

function readAnswer({ status, body }: Answered, secrets: readonly string[]): Buffer {
  const told = readJson(body)
  if (told?.status_code === passphraseWrong)
    throw new AppError('invalid', 'letters.passphrase-wrong', 'The service says that it is wrong.', {
      field: 'passphrase',
    })
  if (told?.status_code === unknownNik)
    throw new AppError('conflict', 'letters.signer-unknown', 'The service does not know that NIK.')
  if (told) throw new AppError('conflict', 'letters.signer-refused', 'It refused.', { why: wordsOf(told, secrets) })
  if (status !== 200)
    throw new AppError('unavailable', 'letters.signer-odd', `The service answered ${status}.`, { status })
  return body
}

/** What a service says, for a person: one line, and never what it was told. */
function wordsOf(told: Record<string, unknown>, secrets: readonly string[]): string {
  const said = [told.error, told.message, told.status].find((one) => typeof one === 'string') ?? ''
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), String(said))
  return tidyText(clean).slice(0, 200)
}

function readJson(body: Buffer): Record<string, unknown> | null {
  if (body[0] !== '{'.charCodeAt(0)) return null
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>
  } catch {
    return null
  }
}

function awayFor(error: Error): AppError {
  const trouble = troubleOf(error)
  return trouble === 'foreign-server' || trouble === 'server-date'
    ? new AppError('unavailable', 'letters.signer-foreign', error.message)
    : new AppError('unavailable', 'letters.signer-away', error.message)
}
