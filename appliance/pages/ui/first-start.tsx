import { Mark } from './mark.tsx'
import { t } from './messages.ts'
import { QrCode } from './qr-code.tsx'
import './first-start.css'

/** What `GET /api/setup` answers while the office has no technician. `code`: only on the box's own screen. */
export type FirstStartView = { needed: boolean; code: string | null; address: string }

/** A new box on its attached screen: how a phone becomes the one that sets it up. The code goes along in the QR. */
export function FirstStart({ code, address }: FirstStartView) {
  return (
    <main class="first-start">
      <section>
        <Mark />
        <h1>{t('device.setup')}</h1>
        <ol>
          <li>{t('device.setup-wifi')}</li>
          <li>{t('device.setup-scan', { address })}</li>
          <li>{code ? t('device.setup-code') : t('device.setup-elsewhere')}</li>
        </ol>
        {code && (
          <p class="num code">
            {code.slice(0, 5)} {code.slice(5)}
          </p>
        )}
      </section>
      <QrCode text={code ? `${address}#kode=${code}` : address} label={address} />
    </main>
  )
}
