import { Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import { AppError } from '../base/errors.ts'
import { type Command, closedType } from '../base/schemas.ts'
import { secretOfBox } from '../wire/box-recipient.ts'
import { sha256Text } from '../wire/hash.ts'
import { openSealedJson } from '../wire/private-parts.ts'
import type { LetterPaper } from './letter-paper.ts'
import type { LetterRole, LetterRoom } from './letters.ts'
import { paperOf } from './papers.ts'
import { signedCode } from './signed-code.ts'
import { isSignedPdf } from './signed-pdf.ts'
import { assertSigns } from './signing.ts'
import { createSigningService, type Trust } from './signing-service.ts'
import type { StoredLetter } from './tables.ts'
import type { ElectronicSettings, ElectronicView } from './views.ts'

type OfOne = Command & { letter: string; as: LetterRole }

/** What a page seals to this box. */
const Typed = closedType({ passphrase: Type.String({ minLength: 1, maxLength: 200 }) })
const typedValidator = compileLater(Typed)

/**
 * Letters that are signed by the regency's service: approved here, where they get number and date, and sent there once
 * whoever signs has typed the passphrase. Until then they have no QR and count for nobody; and the pen is always free.
 * `setPaper`: sets a letter as PDF.
 */
export function createElectronicSigning(
  room: LetterRoom,
  { setPaper, ...trust }: { setPaper: (letter: LetterPaper) => Promise<Buffer> } & Trust,
) {
  const { store, pen, electronic, identity, signatories, signatory, known } = room
  const service = createSigningService(trust)
  /** What is at the service now: pressed twice, a letter is signed once. */
  const underWay = new Set<string>()

  /** Throws `letters.unknown`, `letters.not-unsigned`. */
  function unsigned(letter: string): StoredLetter {
    const found = known(letter)
    if (found.state !== 'unsigned') throw new AppError('conflict', 'letters.not-unsigned', `It is ${found.state}.`)
    return found
  }

  /** By which somebody's letters are signed. Throws `letters.electronic-none`, `letters.electronic-lost`. */
  function wayOf(who: string) {
    const set = electronic.set()
    if (!set?.signers.includes(who))
      throw new AppError(
        'conflict',
        'letters.electronic-none',
        'This signatory does not sign electronically (any more).',
      )
    const secret = electronic.secret()
    const nik = secret?.niks[who]
    if (!secret || !nik)
      throw new AppError('conflict', 'letters.electronic-lost', 'Its log-in did not come back with the rebuild.')
    return { at: { address: set.address, user: secret.user, password: secret.password }, nik }
  }

  /** Complete, as it is sent to be signed: no page shows it like this before it is. */
  function toSign(stored: StoredLetter): { paper: LetterPaper; code: string } {
    const { letter, template, requestedRow } = stored
    const draft = paperOf(room, stored)
    const name = pen.partOf(requestedRow, 'letters.requested')?.person.name
    if (!draft?.written || name === undefined)
      throw new AppError('conflict', 'letters.erased', 'What it was about has been erased.')
    const { content, written } = draft
    const code = signedCode(room, { letter, template, number: written, content, name })
    return { code, paper: { ...draft, mark: null, code, electronic: true } }
  }

  async function readPassphrase(sealed: string): Promise<string> {
    const typed = await openSealedJson(Buffer.from(sealed, 'base64url'), secretOfBox(identity.key))
    if (!typedValidator.Check(typed))
      throw new AppError(
        'invalid',
        'letters.passphrase-unread',
        'It is not sealed to this box, or says something else.',
      )
    return typed.passphrase
  }

  return {
    electronicView(): ElectronicView {
      const set = electronic.set()
      const secret = electronic.secret()
      return {
        ...{ address: set?.address ?? '', user: secret?.user ?? '', isLost: set !== null && secret === null },
        signers: signatories().map(({ signatory: id, name }) => ({
          ...{ signatory: id, name, signs: set?.signers.includes(id) ?? false },
          nikEnd: secret?.niks[id]?.slice(-4) ?? null,
        })),
      }
    },

    /**
     * Who signs electronically by which service; an empty address: nobody any more. What is left empty of log-in and NIK
     * stays, but a password goes to no other address than the one for which it was typed. Throws `letters.signer-address`,
     * `letters.signer-password`, `letters.signer-nik`, `letters.signer-nobody`, `letters.no-signatory`.
     */
    changeElectronic({ settings, actor, key }: Command & { settings: ElectronicSettings }): void {
      const address = readAddress(settings.address)
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.electronic-set')) return
        const type = 'letters.electronic-set'
        if (address === null) {
          electronic.keepSecret(tx, null)
          pen.append(tx, { type, actor, key, data: { address, signers: [] } })
          return
        }
        const before = electronic.secret()
        const isSame = electronic.set()?.address === address && before?.user === settings.user
        const password = settings.password || (isSame ? before.password : '')
        if (settings.user === '' || password === '')
          throw new AppError('invalid', 'letters.signer-password', 'The service wants a name and a password.', {
            field: settings.user === '' ? 'user' : 'password',
          })
        const niks = settings.signers.map(({ signatory: id, nik }) => {
          const { name } = signatory(id)
          const now = nik || before?.niks[id] || ''
          if (!/^\d{16}$/.test(now))
            throw new AppError('invalid', 'letters.signer-nik', 'A NIK has 16 digits.', { field: `nik-${id}`, name })
          return [id, now] as const
        })
        if (niks.length === 0) throw new AppError('invalid', 'letters.signer-nobody', 'Who signs electronically?')
        electronic.keepSecret(tx, { user: settings.user, password, niks: Object.fromEntries(niks) })
        pen.append(tx, { type, actor, key, data: { address, signers: niks.map(([id]) => id) } })
      })
    },

    /** What the service says of a signatory's certificate. Throws what `wayOf` and the service throw. */
    async trySigner(who: string): Promise<string> {
      const { at, nik } = wayOf(who)
      return await service.status(at, nik)
    },

    /**
     * Has a letter signed. `sealed`: the passphrase, as a page sends it; it goes to the service, and is kept nowhere. A
     * letter that is signed already stays as it is. Throws `letters.unknown`, `letters.not-unsigned`,
     * `letters.may-not-approve`, `letters.signing-now`, `letters.passphrase-unread` and what `wayOf` and the service throw.
     */
    async sign({ letter, sealed, as, actor, key }: OfOne & { sealed: string }): Promise<void> {
      if (known(letter).signing === 'electronic') return
      const stored = unsigned(letter)
      assertSigns(signatory(stored.signatory), { as, actor })
      const { at, nik } = wayOf(stored.signatory)
      if (underWay.has(letter)) throw new AppError('conflict', 'letters.signing-now', 'It is being signed.')
      underWay.add(letter)
      try {
        const passphrase = await readPassphrase(sealed)
        const { paper, code } = toSign(stored)
        const bytes = await service.sign(at, { nik, passphrase }, await setPaper(paper))
        if (!isSignedPdf(bytes))
          throw new AppError('unavailable', 'letters.signer-odd', 'What came back is no signed PDF.', { status: 200 })
        store.write((tx) => {
          unsigned(letter)
          electronic.keepFile(tx, { letter, bytes })
          const data = { letter, how: 'electronic', code, hash: sha256Text(bytes) } as const
          pen.append(tx, { type: 'letters.signed', actor, key, data })
        })
      } finally {
        underWay.delete(letter)
      }
    },

    /** It is signed on paper after all. Throws as `sign`. */
    signByPen({ letter, as, actor, key }: OfOne): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.signed')) return
        const stored = unsigned(letter)
        assertSigns(signatory(stored.signatory), { as, actor })
        const { code } = toSign(stored)
        pen.append(tx, { type: 'letters.signed', actor, key, data: { letter, how: 'pen', code, hash: null } })
      })
    },
  }
}

/** Null: none. Only HTTPS: a passphrase signs whatever its hearer wants. */
function readAddress(typed: string): string | null {
  const text = typed.trim()
  if (text === '') return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'https:' || url.username || url.password || url.search || url.hash)
    throw new AppError('invalid', 'letters.signer-address', 'It has to be https://host/…', { field: 'address' })
  return url.href.replace(/\/+$/, '')
}
