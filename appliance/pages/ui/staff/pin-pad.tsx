import { useSignal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import { t } from '../messages.ts'
import './pin-pad.css'

const pinLength = 6

type Props = {
  label: string
  go: string
  ready: boolean
  send: (pin: string) => Promise<unknown>
  explain: (error: unknown) => string
}

/** Six digits, by touch or by keyboard; sent when the sixth is there. */
export function PinPad({ label, go, ready, send, explain }: Props) {
  const pin = useSignal('')
  const busy = useSignal(false)
  const problem = useSignal('')

  async function submit() {
    if (!ready || busy.value || pin.value.length !== pinLength) return
    busy.value = true
    try {
      await send(pin.value)
      problem.value = ''
    } catch (error) {
      problem.value = explain(error)
    }
    pin.value = ''
    busy.value = false
  }

  function add(digit: string) {
    if (busy.value || !ready || pin.value.length === pinLength) return
    pin.value += digit
    problem.value = ''
    if (pin.value.length === pinLength) void submit()
  }

  function remove() {
    pin.value = pin.value.slice(0, -1)
  }

  // Before the next paint, so that a quick typist loses no digit.
  useLayoutEffect(() => {
    const type = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return
      if (/^\d$/.test(event.key)) add(event.key)
      else if (event.key === 'Backspace') remove()
    }
    addEventListener('keydown', type)
    return () => removeEventListener('keydown', type)
  })

  return (
    <div class="pin-pad">
      <p class="pin-label">{label}</p>
      <p class="pin-dots" role="img" aria-label={t('staff.pin-typed', { n: pin.value.length })}>
        {Array.from({ length: pinLength }, (_, i) => (
          <i key={i} class={i < pin.value.length ? 'on' : ''} />
        ))}
      </p>
      <div class="pin-keys">
        {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
          <button key={digit} type="button" disabled={!ready} onClick={() => add(digit)}>
            {digit}
          </button>
        ))}
        <button type="button" class="word" disabled={!pin.value} onClick={remove}>
          {t('staff.pin-remove')}
        </button>
        <button type="button" disabled={!ready} onClick={() => add('0')}>
          0
        </button>
        <button type="button" class="go" disabled={pin.value.length !== pinLength || busy.value} onClick={submit}>
          {go}
        </button>
      </div>
      <p class={`pin-say ${problem.value ? 'wrong' : ''}`} role="alert">
        {problem.value}
      </p>
    </div>
  )
}
