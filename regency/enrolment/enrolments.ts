import { createHash, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { AppError } from '../../appliance/base/errors.ts'
import { dayMs } from '../../appliance/base/time.ts'
import { pairMistake } from '../../appliance/base/toml.ts'
import { type Authority, issueFor, openAuthority, readSigningRequest } from '../../appliance/pki/authority.ts'
import { unpackFrame } from '../../appliance/wire/frame.ts'
import { isLanName } from '../../appliance/wire/lan-names.ts'
import {
  type CertificateAnswer,
  type CertificateRefusal,
  type CertificateRequest,
  validators,
} from '../../appliance/wire/messages.ts'
import { signAnswer, verifyRequest } from '../../appliance/wire/sign.ts'
import { type Client, type Database, sqlState } from '../base/database.ts'
import type { Meters } from '../delivery/meters.ts'
import type { Strangers } from '../delivery/strangers.ts'
import { lockStream, mostKnownBoxes, noteBox } from '../delivery/stream-table.ts'

/** How long a certificate lives; a box asks for the next one when two thirds are over. */
export const certificateDays = 397

export type Enrolments = ReturnType<typeof createEnrolments>
export type SigningAuthorities = { issuing: Authority; issuingPem: string; lan: Authority; lanPem: string }

/** Opens the folder that `balai fleet init` makes for a hub. AppError `config` for one that is not whole. */
export async function openAuthorities(folder: string): Promise<SigningAuthorities> {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const open = async (name: string) => {
    const mistake = pairMistake(join(folder, `${name}.pem`), join(folder, `${name}.key`))
    if (mistake) throw new AppError('invalid', 'config', `authority: ${mistake}`)
    return openAuthority({ certificate: read(`${name}.pem`), key: read(`${name}.key`) })
  }
  return {
    issuing: await open('issuing-ca'),
    issuingPem: read('issuing-ca.pem'),
    lan: await open('lan-ca'),
    lanPem: read('lan-ca.pem'),
  }
}

type Parts = {
  database: Database
  log: Logger
  now: () => number
  monotonicMs: () => number
  authorities: SigningAuthorities
  hubKey: KeyObject
  meters: Meters
  strangers: Strangers
}

/** Why nothing is signed. */
type Refused = { code: CertificateRefusal; message: string }
const refuse = (code: CertificateRefusal, message: string): Refused => ({ code, message })

/** The newest certificates by their request's signature: the same request, whoever sends it again, gets the same one. */
const mostKept = 1_000

/**
 * Signs what boxes ask for: with the fresh token of an enrolment file for its village, or by a key that is enrolled. The
 * same box may ask again with the same token, since an answer can be lost; another box with that token is refused and
 * alarmed. Everything of one village is done under its row lock, so that a token counts once, however many hubs there are.
 * Who shows neither a token nor a key of the village spends the budget of the place that he speaks from, and locks nothing.
 */
export function createEnrolments({ database, log, now, monotonicMs, authorities, hubKey, meters, strangers }: Parts) {
  const given = new Map<string, Signed>()

  /** `village`: of the topic or address. `place`: where the asker speaks from. Null: nothing that could be answered. */
  async function answer(village: string, payload: Buffer, place: string): Promise<CertificateAnswer | null> {
    const began = monotonicMs()
    const request = read(payload)
    const refused = request && checkSignature(village, request)
    const stranger = !request || refused || (await checkProof(village, request))
    const cost = { bytes: payload.length, unpackedBytes: payload.length, busyMs: monotonicMs() - began }
    if (stranger) {
      const mayAsk = strangers.mayAsk(place, 'address')
      strangers.spend(place, cost)
      if (!mayAsk) throw new AppError('too-many', 'too-many', 'Nobody there shows to be the village that he names.')
      return request && refusal(village, request, stranger as Refused)
    }
    const kept = given.get(request.sig)
    if (kept) return sign(village, request, kept)
    if (!meters.mayPass(village, 'renew')) return null
    meters.spend(village, 'renew', cost)
    const outcome = await carryOut(village, request)
    if ('code' in outcome) return refusal(village, request, outcome)
    log.info({ village, box: request.box, enrolled: request.token !== undefined }, 'a certificate was given')
    given.set(request.sig, outcome)
    const [oldest] = given.keys()
    if (given.size > mostKept && oldest !== undefined) given.delete(oldest)
    return sign(village, request, outcome)
  }

  function refusal(village: string, request: CertificateRequest, refused: Refused): CertificateAnswer {
    log.warn({ village, box: request.box, ...refused }, 'no certificate was given')
    return sign(village, request, { refused })
  }

  function sign(village: string, { session, n }: CertificateRequest, said: Signed | { refused: Refused }) {
    const unsigned = { session, re: n, ...said }
    return { ...unsigned, sig: signAnswer(hubKey, village, unsigned) }
  }

  /** Whether the village ever had this token or this key; what became of it is looked at under the row lock. */
  async function checkProof(village: string, { token, key }: CertificateRequest): Promise<Refused | null> {
    const text = token
      ? 'SELECT FROM enrolment WHERE village = $1 AND token_hash = $2'
      : 'SELECT FROM signing_key WHERE village = $1 AND key = $2 AND enrolled'
    const { rowCount } = await database.query(text, [village, token ? hashToken(token) : key])
    if (rowCount) return null
    return token
      ? refuse('token-unknown', 'This token was not made for this village.')
      : refuse('unknown-key', 'This box is not enrolled.')
  }

  async function carryOut(village: string, request: CertificateRequest): Promise<Signed | Refused> {
    const [csr, lan] = await Promise.all([request.csr, request.lan].map((pem) => pem && readSigningRequest(pem)))
    if (csr === null || lan === null || (!csr && !lan))
      return refuse('malformed', 'A signing request has to be PKCS #10 with a P-256 key, signed by it.')
    return await database.inTransaction(async (client) => {
      await lockStream(client, village)
      const refused = request.token
        ? await useToken(client, village, request.token, request)
        : await checkKey(client, village, request.key)
      if (refused) return refused
      const validity = { now: now(), days: certificateDays }
      const signed: Signed = {}
      if (csr) {
        const made = await issueFor(csr.key, village, { ...validity, issuer: authorities.issuing })
        signed.certificate = `${made.certificate}${authorities.issuingPem}`
        const expiresAt = now() + certificateDays * dayMs
        await client.query(insertCertificate, [village, made.serial, request.key, new Date(now()), new Date(expiresAt)])
      }
      const names = lan ? lan.names.filter(isLanName).slice(0, 20) : []
      if (lan && names.length > 0) {
        const made = await issueFor(lan.key, 'Balai', { ...validity, issuer: authorities.lan, names })
        signed.lan = `${made.certificate}${authorities.lanPem}`
      }
      return signed
    })
  }

  /** Uses up the token and makes its box the village's: owner, and the only keys are enrolled ones from now on. */
  async function useToken(
    client: Client,
    village: string,
    token: string,
    { key, box }: CertificateRequest,
  ): Promise<Refused | null> {
    const tokenHash = hashToken(token)
    const { rows } = await client.query<TokenRow>(selectToken, [village, tokenHash])
    const [known] = rows
    if (!known) return refuse('token-unknown', 'This token was not made for this village.')
    if (known.revoked) return refuse('token-revoked', 'The enrolment file was taken back.')
    if (known.used_key && known.used_key !== key) {
      await client.query('UPDATE enrolment SET misused_at = $3 WHERE village = $1 AND token_hash = $2', [
        village,
        tokenHash,
        new Date(now()),
      ])
      return refuse('token-used', 'The enrolment file was used by another box.')
    }
    if (known.expires_at.getTime() < now()) return refuse('token-ended', 'The enrolment file is too old.')
    if (known.used_key) return checkKey(client, village, key)
    const at = new Date(now())
    await client.query(useTokenRow, [village, tokenHash, at, key])
    await client.query(enrolKey, [village, key, box, at])
    await client.query(revokeFirstSeen, [village, at])
    await client.query('UPDATE stream SET owner = $2 WHERE village = $1', [village, box])
    await client.query({ ...noteBox, values: [village, box, key, mostKnownBoxes] })
    return null
  }

  return {
    /**
     * The answer to a request, or null when there is none: it cannot be read, or PostgreSQL is away and the box asks again.
     * Throws AppError `too-many` when too many strangers asked from this place.
     */
    async answer(village: string, payload: Buffer, place: string): Promise<CertificateAnswer | null> {
      try {
        return await answer(village, payload, place)
      } catch (error) {
        if (error instanceof AppError) throw error
        if (database.isUp()) log.error({ err: error, village, state: sqlState(error) }, 'a request failed')
        return null
      }
    },
  }
}

/** What can be said without looking anything up. */
function checkSignature(village: string, request: CertificateRequest): Refused | null {
  if (request.village !== village) return refuse('malformed', `The request is of ${request.village}.`)
  return verifyRequest(request) ? null : refuse('bad-signature', 'The request is not signed by its key.')
}

type Signed = Pick<CertificateAnswer, 'certificate' | 'lan'>
type TokenRow = { revoked: boolean; expires_at: Date; used_key: string | null }

/** As the fleet tool writes it down. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

async function checkKey(client: Client, village: string, key: string): Promise<Refused | null> {
  const { rows } = await client.query<{ revoked: boolean }>(
    'SELECT revoked_at IS NOT NULL AS revoked FROM signing_key WHERE village = $1 AND key = $2 AND enrolled',
    [village, key],
  )
  const [known] = rows
  if (!known) return refuse('unknown-key', 'This box is not enrolled.')
  return known.revoked ? refuse('revoked-key', 'This box was taken out of service.') : null
}

function read(payload: Buffer): CertificateRequest | null {
  try {
    const message = unpackFrame(payload)
    return validators.certificateRequest.Check(message) ? message : null
  } catch {
    return null
  }
}

const selectToken = `
  SELECT revoked_at IS NOT NULL AS revoked, expires_at, used_key
  FROM enrolment
  WHERE village = $1 AND token_hash = $2`

const useTokenRow = `
  UPDATE enrolment
  SET used_at = $3, used_key = $4
  WHERE village = $1 AND token_hash = $2`

const enrolKey = `
  INSERT INTO signing_key (village, key, box, enrolled_at, enrolled)
  VALUES ($1, $2, $3, $4, true)
  ON CONFLICT (village, key) DO UPDATE
  SET box = excluded.box, enrolled_at = excluded.enrolled_at, enrolled = true, revoked_at = NULL`

/** Keys that counted only because nobody had been enrolled. */
const revokeFirstSeen = `
  UPDATE signing_key
  SET revoked_at = $2
  WHERE village = $1 AND NOT enrolled AND revoked_at IS NULL`

const insertCertificate = `
  INSERT INTO certificate (village, serial, key, issued_at, expires_at)
  VALUES ($1, $2, $3, $4, $5)`
