import { useSignal } from '@preact/signals'
import { FileText, PenLine } from 'lucide-preact'
import type { LetterLine, LettersView } from '../../letters/views.ts'
import { toBase64url } from '../ui/base64url.ts'
import { formatMoment, formatOfficeDay } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { sealFor } from '../ui/seal.ts'
import { CoveredField } from '../ui/staff/covered-field.tsx'
import { Form } from '../ui/staff/section.tsx'
import type { Me } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'

/** The box sets the letter, and the service is at the other end of a village's line. */
const signMs = 90_000

/** Letters that have their number and wait for the electronic signature: each signatory's own, with one passphrase for all. */
export function Unsigned({ view, me }: { view: LettersView; me: Me }) {
  if (view.unsigned.length === 0) return null
  const signatories = [...new Set(view.unsigned.map(({ signatory }) => signatory))]
  return (
    <>
      <header class="room">
        <div>
          <h2>{t('letters.unsigned')}</h2>
          <p class="quiet">{t('letters.unsigned-what')}</p>
        </div>
      </header>
      {signatories.map((name) => (
        <OfSignatory
          key={name}
          name={name}
          lines={view.unsigned.filter(({ signatory }) => signatory === name)}
          recipient={view.recipient}
          me={me}
        />
      ))}
    </>
  )
}

type Props = { name: string; lines: readonly LetterLine[]; recipient: string; me: Me }

function OfSignatory({ name, lines, recipient, me }: Props) {
  const passphrase = useSignal('')
  const done = useSignal(0)
  /** Whose is at the service. */
  const at = useSignal('')
  const { submit, busy, problemOf, forget } = useSubmit({}, ['passphrase'])
  const may = me.role === 'head' || lines.some(({ approver }) => approver === me.account)

  /** One after the other, the oldest number first. What fails stops it, and says whose it was. */
  async function sign() {
    done.value = 0
    const isDone = await submit(async (send) => {
      for (const { letter, name: about, title } of lines) {
        at.value = about ?? title
        const file = await sealFor(recipient, JSON.stringify({ passphrase: passphrase.value }))
        await send(
          'POST',
          `/api/letters/${letter}/sign`,
          { sealed: toBase64url(new Uint8Array(await file.arrayBuffer())) },
          signMs,
        )
        done.value += 1
      }
    })
    if (isDone) passphrase.value = ''
  }
  const why = problemOf(null)

  return (
    <section class="group unsigned">
      {may && (
        <Form
          save={() => void sign()}
          go={t('letters.sign-all', { n: lines.length })}
          busy={busy}
          close={() => {
            passphrase.value = ''
            forget()
          }}
          problem={why && t('letters.failed', { name: at.value, why })}
        >
          <CoveredField
            label={t('letters.passphrase', { name })}
            hint={t('letters.passphrase-what')}
            value={passphrase}
            problem={problemOf('passphrase')}
            required
            maxLength={200}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
          />
        </Form>
      )}
      <p class="said" role="status">
        {busy ? t('letters.signing') : done.value > 0 && t('letters.signed-now', { n: done.value })}
      </p>
      <ul>
        {lines.map((line) => (
          <UnsignedRow key={line.letter} line={line} may={may} busy={busy} />
        ))}
      </ul>
    </section>
  )
}

function UnsignedRow({ line, may, busy }: { line: LetterLine; may: boolean; busy: boolean }) {
  const { letter, name, title, written, on, requestedAt, requestedBy, signatory } = line
  const { submit, busy: penBusy, problemOf } = useSubmit()
  return (
    <li class="row">
      <div class="about">
        <b>{name ?? t('letters.erased')}</b>
        <p>{title}</p>
        <p>
          <span class="num">{written}</span>
          {on && ` · ${formatOfficeDay(on)}`}
        </p>
        <p class="quiet">{t('letters.asked', { at: formatMoment(requestedAt), by: requestedBy, signatory })}</p>
      </div>
      <div class="buttons">
        <a class="button" href={`/api/letters/${letter}/letter.pdf`} target="_blank" rel="noopener">
          <FileText class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('letters.look')}
        </a>
        {may && (
          <button
            type="button"
            class="button"
            disabled={busy || penBusy}
            onClick={() => void submit((send) => send('POST', `/api/letters/${letter}/sign-by-pen`))}
          >
            <PenLine class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('letters.sign-by-pen')}
          </button>
        )}
      </div>
      {problemOf(null) && (
        <p class="wrong wide" role="alert">
          {problemOf(null)}
        </p>
      )}
    </li>
  )
}
