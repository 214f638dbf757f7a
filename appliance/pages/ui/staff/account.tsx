import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { LanguageSwitch } from '../language-switch.tsx'
import { t } from '../messages.ts'
import { ChangePin } from './change-pin.tsx'
import { initials } from './initials.ts'
import { lock, logOut, type Me } from './session.ts'

/** One's own corner: lock, PIN, language, log out, and what else the page has for it. */
export function Account({ me, children }: { me: Me; children?: ComponentChildren }) {
  const open = useSignal(false)
  const changing = useSignal(false)
  const place = useRef<HTMLDivElement>(null)

  function close() {
    open.value = false
    changing.value = false
  }

  useEffect(() => {
    if (!open.value) return
    const press = (event: PointerEvent) => {
      if (event.target instanceof Node && !place.current?.contains(event.target)) close()
    }
    const type = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close()
    }
    addEventListener('pointerdown', press)
    addEventListener('keydown', type)
    return () => {
      removeEventListener('pointerdown', press)
      removeEventListener('keydown', type)
    }
  }, [open.value])

  return (
    <div class="account" ref={place}>
      <button
        type="button"
        aria-expanded={open.value}
        onClick={() => {
          open.value = !open.value
          changing.value = false
        }}
      >
        <i aria-hidden="true">{initials(me.name)}</i>
        <span class="hide">{me.name}</span>
        <span class="unseen">{t('staff.account')}</span>
      </button>
      {open.value && (
        <div class="account-menu">
          {changing.value ? (
            <ChangePin done={close} />
          ) : (
            <>
              <b>{me.name}</b>
              <LanguageSwitch keep="remember" />
              <button
                type="button"
                class="button"
                onClick={() => {
                  close()
                  void lock()
                }}
              >
                {t('staff.lock-now')}
              </button>
              <button
                type="button"
                class="button"
                onClick={() => {
                  changing.value = true
                }}
              >
                {t('staff.change-pin')}
              </button>
              {children}
              <button type="button" class="button" onClick={() => logOut().catch(() => {})}>
                {t('staff.log-out')}
              </button>
            </>
          )}
        </div>
      )}
    </div>
  )
}
