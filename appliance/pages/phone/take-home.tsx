import { useSignal } from '@preact/signals'
import { explain, fetchWithin, Refusal } from '../ui/api.ts'
import { download } from '../ui/download.ts'
import { t } from '../ui/messages.ts'
import { makeKey, sealFor } from '../ui/seal.ts'
import { DayField } from '../ui/staff/day-field.tsx'

const sendMs = 60_000

/** A finished letter, taken home as PDF by who knows the birth date of whom it is about. */
export function TakeHome({ ticket, id, recipient }: { ticket: string; id: string; recipient: string }) {
  const birthDate = useSignal('')
  const problem = useSignal<string | null>(null)
  const said = useSignal(false)
  const busy = useSignal(false)

  async function take() {
    busy.value = true
    said.value = false
    try {
      const key = await makeKey()
      const asked = JSON.stringify({ birthDate: birthDate.value, recipient: key.recipient })
      const pdf = await key.open(
        await post(`/api/tickets/${ticket}/cases/${id}/letter`, await sealFor(recipient, asked)),
      )
      download('surat.pdf', pdf as Uint8Array<ArrayBuffer>, 'application/pdf')
      problem.value = null
      said.value = true
    } catch (error) {
      problem.value = explain(error)
    } finally {
      busy.value = false
    }
  }
  return (
    <form
      class="take-home"
      onSubmit={(event) => {
        event.preventDefault()
        if (birthDate.value !== '' && !busy.value) void take()
      }}
    >
      <DayField
        label={t('phone.home-birth')}
        hint={t('phone.home-what')}
        value={birthDate}
        problem={problem.value ?? undefined}
        required
      />
      <button type="submit" disabled={busy.value}>
        {t('phone.home-take')}
      </button>
      <p role="status">{said.value ? t('phone.home-taken') : null}</p>
    </form>
  )
}

const post = (path: string, body: Blob): Promise<Uint8Array> =>
  fetchWithin(
    sendMs,
    path,
    { method: 'POST', body, headers: { 'x-balai': '1', 'content-type': body.type } },
    async (response) => {
      if (response.ok) return new Uint8Array(await response.arrayBuffer())
      const problem = (await response.json().catch(() => null)) as Refusal['problem'] | null
      throw new Refusal(problem ?? { code: 'unknown', message: '', details: {} }, response.status)
    },
  ).catch((error) => {
    throw error instanceof Refusal
      ? error
      : new Refusal({ code: 'unreachable', message: String(error), details: {} }, 504)
  })
