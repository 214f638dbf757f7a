import { createHash, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { unpackFrame } from '../appliance/wire/frame.ts'
import { isLanName } from '../appliance/wire/lan-names.ts'
import {
  type CertificateAnswer,
  type CertificateRefusal,
  type CertificateRequest,
  validators,
} from '../appliance/wire/messages.ts'
import { signAnswer, verifyRequest } from '../appliance/wire/sign.ts'
import { type Authority, issueFor, openAuthority, readSigningRequest } from './certificates.ts'
import { type Client, type Database, sqlState } from './database.ts'
import { lockStream, mostKnownBoxes, noteBox } from './stream-table.ts'

/** How long a certificate lives; a box asks for the next one when two thirds are over. */
export const certificateDays = 397

export type Enrolments = ReturnType<typeof createEnrolments>
export type SigningAuthorities = { issuing: Authority; issuingPem: string; lan: Authority; lanPem: string }

/** Opens the folder that `balai fleet init` makes for a hub. */
export async function openAuthorities(folder: string): Promise<SigningAuthorities> {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const open = (name: string) => openAuthority({ certificate: read(`${name}.pem`), key: read(`${name}.key`) })
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
  authorities: SigningAuthorities
  hubKey: KeyObject
}

/** Why nothing is signed. */
type Refused = { code: CertificateRefusal; message: string }
const refuse = (code: CertificateRefusal, message: string): Refused => ({ code, message })

/**
 * Signs what boxes ask for: with the fresh token of an enrolment file for its village, or by a key that is enrolled. The
 * same box may ask again with the same token, since an answer can be lost; another box with that token is refused and
 * alarmed. Everything of one village is done under its row lock, so that a token counts once, however many hubs there are.
 */
export function createEnrolments({ database, log, now, authorities, hubKey }: Parts) {
  /** `village`: of the topic or address, whose right the broker has checked. Null: nothing that could be answered. */
  async function answer(village: string, payload: Buffer): Promise<CertificateAnswer | null> {
    const request = read(payload)
    if (!request) return null
    const { session, n } = request
    const outcome = await carryOut(village, request)
    const said = 'code' in outcome ? { refused: outcome } : outcome
    if ('code' in outcome) log.warn({ village, box: request.box, ...outcome }, 'no certificate was given')
    else log.info({ village, box: request.box, enrolled: request.token !== undefined }, 'a certificate was given')
    const unsigned = { session, re: n, ...said }
    return { ...unsigned, sig: signAnswer(hubKey, village, unsigned) }
  }

  async function carryOut(village: string, request: CertificateRequest): Promise<Signed | Refused> {
    if (request.village !== village) return refuse('malformed', `The request is of ${request.village}.`)
    if (!verifyRequest(request)) return refuse('bad-signature', 'The request is not signed by its key.')
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
    /** The answer to a request, or null when there is none: it cannot be read, or PostgreSQL is away and the box asks again. */
    async answer(village: string, payload: Buffer): Promise<CertificateAnswer | null> {
      try {
        return await answer(village, payload)
      } catch (error) {
        if (database.isUp()) log.error({ err: error, village, state: sqlState(error) }, 'a request failed')
        return null
      }
    },
  }
}

type Signed = { certificate?: string; lan?: string }
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

const dayMs = 24 * 60 * 60 * 1_000

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
