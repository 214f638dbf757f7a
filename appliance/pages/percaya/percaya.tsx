import 'messages:percaya'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { Dialogue, Phone } from './pictures.tsx'
import './percaya.css'

type System = 'windows' | 'android'
const file = '/percaya/balai.crt'

/** Once for each PC and phone: from then on it trusts the pages of every box of the regency. */
function Percaya() {
  const system = useSignal<System>(/android/i.test(navigator.userAgent) ? 'android' : 'windows')
  const offered = useSignal(true)
  useEffect(() => {
    fetch(file, { method: 'HEAD' }).then(
      (answer) => {
        offered.value = answer.ok
      },
      () => {},
    )
  }, [])
  return (
    <main class="percaya">
      <header>
        <Mark />
        <h1>{t('percaya.headline')}</h1>
      </header>
      <p class="quiet">{offered.value ? t('percaya.why') : t('percaya.not-yet')}</p>
      {offered.value && (
        <>
          <nav class="systems">
            {(['windows', 'android'] as const).map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={system.value === one}
                onClick={() => {
                  system.value = one
                }}
              >
                {t(`percaya.on-${one}`)}
              </button>
            ))}
          </nav>
          <ol>
            <li>
              <p>{t('percaya.step-download')}</p>
              <a class="button button-main" href={file} download>
                {t('percaya.download')}
              </a>
            </li>
            {system.value === 'windows' ? <Windows /> : <Android />}
            <li>
              <p>{t('percaya.step-check')}</p>
              <a class="button" href="https://balai.local/desk">
                https://balai.local/desk
              </a>
            </li>
          </ol>
          <p class="quiet">{t('percaya.only-boxes')}</p>
        </>
      )}
      <LanguageSwitch keep="remember" />
    </main>
  )
}

/** The words in the pictures are those of Windows in Indonesian offices: English as it is delivered. */
const Windows = () => (
  <>
    <li>
      <p>{t('percaya.windows-open')}</p>
      <Dialogue title="Certificate" lines={[]} press="Install Certificate..." />
    </li>
    <li>
      <p>{t('percaya.windows-machine')}</p>
      <Dialogue title="Certificate Import Wizard" lines={['○ Current User', '● Local Machine']} press="Next" />
    </li>
    <li>
      <p>{t('percaya.windows-store')}</p>
      <Dialogue
        title="Certificate Import Wizard"
        lines={['● Place all certificates in the following store', 'Trusted Root Certification Authorities']}
        press="Next"
      />
    </li>
  </>
)

const Android = () => (
  <>
    <li>
      <p>{t('percaya.android-settings')}</p>
      <Phone title={t('percaya.android-security')} lines={[t('percaya.android-more'), t('percaya.android-install')]} />
    </li>
    <li>
      <p>{t('percaya.android-ca')}</p>
      <Phone title={t('percaya.android-install')} lines={[t('percaya.android-ca-name')]} />
    </li>
    <li>
      <p>{t('percaya.android-file')}</p>
      <Phone title={t('percaya.android-downloads')} lines={['balai.crt']} />
    </li>
  </>
)

mount(<Percaya />)
