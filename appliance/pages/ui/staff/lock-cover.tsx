import { LockKeyhole } from 'lucide-preact'
import { explain } from '../api.ts'
import { t } from '../messages.ts'
import { OfficeTime } from '../office-time.tsx'
import { StateLine } from '../state-line.tsx'
import { PinPad } from './pin-pad.tsx'
import { logOut, type Me, unlock, unreachable } from './session.ts'

/** Covers the whole page; what was typed is still there afterwards. */
export function LockCover({ me }: { me: Me }) {
  return (
    <section class="cover" role="dialog" aria-modal="true" aria-label={t('staff.locked')}>
      <OfficeTime class="cover-time" />
      <h1>
        <LockKeyhole class="icon" strokeWidth={1.8} aria-hidden="true" />
        {t('staff.locked')}
      </h1>
      {unreachable.value && <StateLine kind="cut">{t('ui.cut')}</StateLine>}
      <PinPad
        label={t('staff.pin-of', { name: me.name })}
        go={t('staff.unlock')}
        ready
        send={unlock}
        explain={explain}
      />
      <button type="button" class="button" onClick={() => logOut().catch(() => {})}>
        {t('staff.someone-else')}
      </button>
    </section>
  )
}
