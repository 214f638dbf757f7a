import { mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError, exitCode } from '../base/errors.ts'
import { readTextFile } from '../base/text-file.ts'
import { ageSecretKey } from '../wire/enrolment.ts'
import { signerOf } from '../wire/notice-signature.ts'
import { createPartOpener, readPart } from '../wire/private-parts.ts'
import { publicKeyOf } from '../wire/sign.ts'
import type { Command } from './command.ts'
import { sayUsage } from './usage.ts'

export const agency: Command = {
  summary: 'an agency’s own key, and what villages have sealed to it',
  help: `balai agency key --out FILE
balai agency signer --key FILE
balai agency open --key FILE [--photos FOLDER] INBOX

For an agency (OPD) that villages send applications to. It runs on the agency's
own computer; nothing is sent anywhere.

  key --out FILE   make a key: the secret half goes into FILE, which must not be
                   there yet; the public half is printed, for the column
                   recipient of the regency's dataset agencies
  signer           print the public half by which what it tells of births and
                   deaths is signed, for the column signer of that dataset;
                   from then on nothing unsigned is taken in its name
  open INBOX       print in clear what is sealed to --key, a line of JSON each;
                   INBOX: what balai hub cases AGENCY has printed, with the
                   word photos: those of papers as well, which go into FOLDER
                   as JPEG

  balai agency key --out disdukcapil.key
  balai agency signer --key disdukcapil.key
  balai agency open --key disdukcapil.key inbox.jsonl
  balai agency open --key disdukcapil.key --photos photos inbox.jsonl
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { out: { type: 'string' }, key: { type: 'string' }, photos: { type: 'string' } },
    })
    const [action, inbox, ...more] = positionals
    if (action === 'key' && inbox === undefined) return await makeKey(values.out)
    if (action === 'signer' && inbox === undefined) return printSigner(values.key)
    if (action === 'open' && inbox !== undefined && more.length === 0) return await openInbox(inbox, values)
    return sayUsage('agency', agency, action)
  },
}

async function makeKey(out: string | undefined): Promise<number> {
  if (!out) throw new AppError('invalid', 'config', '--out: is missing; allowed: a file that is not there yet')
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption')
  const identity = await generateX25519Identity()
  try {
    writeSync(openSync(out, 'wx', 0o600), `${identity}\n`)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new AppError(
      'invalid',
      'config',
      code === 'EEXIST'
        ? `--out: ${out} is there already; what is sealed to a key that is overwritten never opens again`
        : `--out: ${out} cannot be written: ${message}`,
    )
  }
  process.stdout.write(`${await identityToRecipient(identity)}\n`)
  process.stderr.write(
    `The secret half is in ${out}: keep a copy where nobody else comes. What villages seal opens with it alone.\n`,
  )
  return exitCode.ok
}

function printSigner(key: string | undefined): number {
  process.stdout.write(`${publicKeyOf(signerOf(readKey(key)))}\n`)
  return exitCode.ok
}

function readKey(path: string | undefined): string {
  if (!path)
    throw new AppError('invalid', 'config', '--key: is missing; allowed: the file that balai agency key has made')
  const secret = readTextFile(path).trim()
  if (!new RegExp(ageSecretKey).test(secret))
    throw new AppError('invalid', 'config', `--key: ${path} holds no key; allowed: what balai agency key has made`)
  return secret
}

/** What stands in an inbox that the key is to open. */
type Line = {
  village: string
  case: string
  p: string | null
  file: string | null
  /** `age`: an age file, base64; null: it has not come. */
  photos?: { paper: string | null; file: string; age?: string | null }[]
}

async function openInbox(path: string, { key, photos: folder }: { key?: string; photos?: string }): Promise<number> {
  const secret = readKey(key)
  const open = await createPartOpener(secret)
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 })
  let closed = 0
  for (const [index, line] of readTextFile(path).split('\n').entries()) {
    if (line.trim() === '') continue
    const { p, file, photos, ...rest } = readLine(line, path, index + 1)
    const text = p && file ? await open(Buffer.from(file, 'base64'), Buffer.from(p, 'base64')) : null
    if (text === null) closed++
    else {
      const kept = folder === undefined ? photos : await keepPhotos(photos ?? [], rest, { folder, secret })
      process.stdout.write(
        `${JSON.stringify({ ...rest, ...(kept ? { photos: kept } : {}), private: readPart(text) })}\n`,
      )
    }
  }
  if (closed > 0) process.stderr.write(`${closed} did not open: erased, or sealed to another key.\n`)
  return exitCode.ok
}

/** Opens the photos of one application into a folder; says of each which file it is. Null: it has not come, or does not open. */
async function keepPhotos(
  photos: NonNullable<Line['photos']>,
  { village, case: id }: Pick<Line, 'village' | 'case'>,
  { folder, secret }: { folder: string; secret: string },
): Promise<{ paper: string | null; jpeg: string | null }[]> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(secret)
  const kept: { paper: string | null; jpeg: string | null }[] = []
  for (const [index, { paper, age }] of photos.entries()) {
    const picture = age ? await decrypter.decrypt(Buffer.from(age, 'base64')).catch(() => null) : null
    const path = join(folder, `${village}-${id}-${index + 1}.jpg`)
    if (picture) writeFileSync(path, picture, { mode: 0o600 })
    kept.push({ paper, jpeg: picture ? path : null })
  }
  return kept
}

/** Village and case become names of files. */
const isLine = (line: unknown): line is Line =>
  typeof line === 'object' &&
  line !== null &&
  'file' in line &&
  'p' in line &&
  /^\d{10}$/.test(String((line as Line).village)) &&
  /^[A-Za-z0-9_-]{12}$/.test(String((line as Line).case))

function readLine(text: string, path: string, row: number): Line {
  try {
    const line: unknown = JSON.parse(text)
    if (isLine(line)) return line
  } catch {
    // said below
  }
  throw new AppError('invalid', 'config', `${path}: line ${row} is none of balai hub cases`)
}
